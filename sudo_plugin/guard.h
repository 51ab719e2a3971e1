// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The edge between sudo's C and our C++: nothing that is thrown inside gets out, and whatever is
// thrown (memory ran out, a bug) is a refusal.
#pragma once

namespace daypass::sudo_plugin {

/// Runs `body`; its value, or `on_fault` if it threw.
template <typename Body>
int Guard(int on_fault, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    return on_fault;
  }
}

/// The same for functions of which sudo expects nothing.
template <typename Body>
void Guard(Body&& body) noexcept {
  try {
    body();
  } catch (...) {  // NOLINT(bugprone-empty-catch): sudo is on its way out, there is nobody to tell
  }
}

}  // namespace daypass::sudo_plugin
