// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The edge between PAM's C and our C++: nothing that is thrown inside gets out, and whatever is
// thrown (memory ran out, a bug) is a refusal.
#pragma once

#include <security/pam_modules.h>

namespace daypass::pam_module {

template <typename Body>
int GuardPam(Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    return PAM_SYSTEM_ERR;
  }
}

}  // namespace daypass::pam_module
