// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The approval plugin: sudo asks it, after its own policy has said yes, whether the command may
// run. Never called for -l, -v and -k. Threats:
//
//   1. MUST NOT return 0 from open, nor lack a check: sudo would drop the plugin and run the
//   command.
//   2. MUST NOT let anything thrown out into sudo.
#include <sudo_plugin.h>

#include <cstddef>

#include "sudo_plugin/guard.h"
#include "sudo_plugin/invocation.h"

namespace daypass::sudo_plugin {
namespace {

int ApprovalOpen(unsigned version, sudo_conv_t, sudo_printf_t print, char* const settings[],
                 char* const user_info[], int, char* const[], char* const[],
                 char* const plugin_options[], const char**) {
  return Guard(kSudoFault, [&] {
    ThisInvocation().Open({version, Copy(settings), Copy(user_info)}, Copy(plugin_options), print);
    return kSudoPass;
  });
}

int ApprovalCheck(char* const command_info[], char* const run_argv[], char* const run_envp[],
                  const char** errstr) {
  return Guard(kSudoFault, [&] {
    const Answer answer =
        ThisInvocation().Check({Copy(command_info), Copy(run_argv), Copy(run_envp)});
    if (answer != Answer::kPass) *errstr = ThisInvocation().error_text();
    return ToSudo(answer);
  });
}

int ApprovalShowVersion(int) {
  return Guard(kSudoFault, [] {
    ThisInvocation().SayVersion("approval");
    return kSudoPass;
  });
}

// The layout that sudo has had since plugin API 1.15 (1.9.2); fields are only ever added at the
// end.
static_assert(offsetof(approval_plugin, open) == 8 && offsetof(approval_plugin, close) == 16 &&
              offsetof(approval_plugin, check) == 24 &&
              offsetof(approval_plugin, show_version) == 32 && sizeof(approval_plugin) == 40);

}  // namespace

extern "C" {
// Found by sudo through this symbol; it stays as it is.
extern __attribute__((visibility("default"))) approval_plugin daypass_approval;
approval_plugin daypass_approval = {
    .type = SUDO_APPROVAL_PLUGIN,
    .version = SUDO_API_VERSION,
    .open = ApprovalOpen,
    .close = nullptr,
    .check = ApprovalCheck,
    .show_version = ApprovalShowVersion,
};
}

}  // namespace daypass::sudo_plugin
