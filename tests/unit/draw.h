// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// For properties: what says one, how many cases they are shown, and draws. rapidcheck's inRange
// narrows its range with the size of the case: inside resize(3, ...) a choice among thirty is
// always the first. These know no size.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

/// A property as a GoogleTest. Unlike RC_GTEST_PROP it says how many cases it held in, which
/// tools/properties.sh sums up.
#define PROPERTY(suite, name)                        \
  static void suite##_##name##_Holds();              \
  TEST(suite, name) {                                \
    EXPECT_TRUE(rc::check(&suite##_##name##_Holds)); \
  }                                                  \
  static void suite##_##name##_Holds()

namespace daypass {

#ifdef __SANITIZE_ADDRESS__
inline constexpr size_t kUsualCases = 2000;  // slow, and it is not the logic that is looked at
#else
inline constexpr size_t kUsualCases = 100'000;
#endif

/// How many cases each property of this program is shown: DAYPASS_CASES, or the usual; one in
/// `slower` of them where a case takes long. Call before the first property; true, so that a
/// constant can.
inline bool ConfigureProperties(size_t slower = 1) {
  const char* set = std::getenv("DAYPASS_CASES");
  const size_t cases = set ? std::strtoul(set, nullptr, 10) : kUsualCases;
  const std::string params = "max_success=" + std::to_string(std::max<size_t>(cases / slower, 1));
  setenv("RC_PARAMS", params.c_str(), 0);  // what somebody set by hand stays
  return true;
}

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
