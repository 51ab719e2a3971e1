// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The account phase: the one that sudo, sshd with keys, su, login, cron and doas all run. It comes
// first in the stack, before anything that could end the stack with "yes".
#include <security/pam_modules.h>

#include "pam_module/guard.h"
#include "pam_module/question.h"

using daypass::client::AccountPhase;
using daypass::pam_module::AccountToPam;
using daypass::pam_module::Ask;
using daypass::pam_module::GuardPam;

extern "C" __attribute__((visibility("default"))) int pam_sm_acct_mgmt(pam_handle_t* pamh,
                                                                       int flags, int argc,
                                                                       const char** argv) {
  return GuardPam(
      [&] { return AccountToPam(Ask(pamh, AccountPhase::kAccount, flags, argc, argv)); });
}
