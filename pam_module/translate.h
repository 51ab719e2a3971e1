// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Outcomes out: what the module returns, and what PAM's callers make of it. The lines of /etc/pam.d
// are "required", or die on anything but success and ignore.
#pragma once

#include <security/pam_modules.h>

#include <cstdint>

namespace daypass::pam_module {

/// Far apart, so that no bit that falls over turns a refusal into a pass.
enum class Outcome : uint32_t {
  kRefused = 0x35CA39A6,
  kPassed = 0xC93516D8,
  kNoVerdict = 0x5A96C36C,  ///< the agent gave none, and gate.conf does not let it pass
  kNotOurs = 0xA6693C93,    ///< a service that is no door of ours
  kNoSuchUser = 0x6CA35A39,
};

/// account. Not PAM_AUTH_ERR, at which sudo asks "is your account locked?", nor PAM_ACCT_EXPIRED.
constexpr int AccountToPam(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return PAM_SUCCESS;  // the stack goes on
    case Outcome::kNotOurs:
      return PAM_IGNORE;  // as if the line were not there
    case Outcome::kRefused:
      return PAM_PERM_DENIED;  // "Permission denied"
    case Outcome::kNoVerdict:
      return PAM_AUTHINFO_UNAVAIL;  // denied too, and told apart in logs
    case Outcome::kNoSuchUser:
      return PAM_USER_UNKNOWN;  // denied too
  }
  return PAM_SYSTEM_ERR;
}

/// open_session. PAM knows no finer word there; sudo ignores it, sshd and login end the session.
constexpr int SessionToPam(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return PAM_SUCCESS;
    case Outcome::kNotOurs:
      return PAM_IGNORE;
    case Outcome::kRefused:
    case Outcome::kNoVerdict:
    case Outcome::kNoSuchUser:
      return PAM_SESSION_ERR;
  }
  return PAM_SESSION_ERR;
}

}  // namespace daypass::pam_module
