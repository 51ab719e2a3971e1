// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Draws for properties. rapidcheck's inRange narrows its range with the size of the case: inside
// resize(3, ...) a choice among thirty is always the first. These know no size.
#pragma once

#include <rapidcheck.h>

#include <cstddef>
#include <vector>

namespace daypass {

/// 0 to n - 1.
inline size_t Below(size_t n) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<size_t>(0, n));
}

inline bool OneIn(size_t n) {
  return Below(n) == 0;
}

template <typename T>
const T& Pick(const std::vector<T>& values) {
  return values[Below(values.size())];
}

}  // namespace daypass
