// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The session phase: a login that the agent cannot record is not opened. Closing only reports; it
// may run as the user, in another process, or never.
#include <security/pam_modules.h>

#include "pam_module/guard.h"
#include "pam_module/question.h"

using daypass::client::AccountPhase;
using daypass::pam_module::Ask;
using daypass::pam_module::GuardPam;
using daypass::pam_module::Report;
using daypass::pam_module::SessionToPam;

extern "C" __attribute__((visibility("default"))) int pam_sm_open_session(pam_handle_t* pamh,
                                                                          int flags, int argc,
                                                                          const char** argv) {
  return GuardPam(
      [&] { return SessionToPam(Ask(pamh, AccountPhase::kOpenSession, flags, argc, argv)); });
}

extern "C" __attribute__((visibility("default"))) int pam_sm_close_session(pam_handle_t* pamh, int,
                                                                           int argc,
                                                                           const char** argv) {
  return GuardPam([&] {
    Report(pamh, argc, argv);
    return PAM_SUCCESS;
  });
}
