// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The audit plugin: opens the Watch before sudo does anything else, is asked a second time just
// before the command starts, and tells how it ended. Threats:
//
//   1. MUST NOT return 0 from open: sudo would drop the plugin and run the command.
//   2. MUST have a close: without one sudo may replace itself by the command, and be watched no
//   more.
#include <sudo_plugin.h>

#include <cstddef>

#include "sudo_plugin/guard.h"
#include "sudo_plugin/invocation.h"

namespace daypass::sudo_plugin {
namespace {

int AuditOpen(unsigned version, sudo_conv_t, sudo_printf_t print, char* const settings[],
              char* const user_info[], int, char* const[], char* const[],
              char* const plugin_options[], const char**) {
  return Guard(kSudoFault, [&] {
    ThisInvocation().Open({version, Copy(settings), Copy(user_info)}, Copy(plugin_options), print);
    ThisInvocation().Begin();
    return kSudoPass;
  });
}

// Called for each stage that accepts; only sudo's own front end says "it will run now".
int AuditAccept(const char*, unsigned plugin_type, char* const command_info[],
                char* const run_argv[], char* const run_envp[], const char** errstr) {
  if (plugin_type != SUDO_FRONT_END) return kSudoPass;
  return Guard(kSudoFault, [&] {
    const Command command{Copy(command_info), Copy(run_argv), Copy(run_envp)};
    const Answer answer = ThisInvocation().Accept(command);
    if (answer != Answer::kPass) *errstr = ThisInvocation().error_text();
    return ToSudo(answer);
  });
}

void AuditClose(int status_type, int status) {
  Guard([&] { ThisInvocation().End(status_type, status); });
}

int AuditShowVersion(int) {
  return Guard(kSudoFault, [] {
    ThisInvocation().SayVersion("audit");
    return kSudoPass;
  });
}

// The layout that sudo has had since plugin API 1.15 (1.9.2); fields are only ever added at the
// end.
static_assert(offsetof(audit_plugin, open) == 8 && offsetof(audit_plugin, close) == 16 &&
              offsetof(audit_plugin, accept) == 24 && offsetof(audit_plugin, reject) == 32 &&
              offsetof(audit_plugin, error) == 40 && offsetof(audit_plugin, show_version) == 48);

}  // namespace

extern "C" {
// Found by sudo through this symbol; it stays as it is.
extern __attribute__((visibility("default"))) audit_plugin daypass_audit;
audit_plugin daypass_audit = {
    .type = SUDO_AUDIT_PLUGIN,
    .version = SUDO_API_VERSION,
    .open = AuditOpen,
    .close = AuditClose,
    .accept = AuditAccept,
    .reject = nullptr,
    .error = nullptr,
    .show_version = AuditShowVersion,
    .register_hooks = nullptr,
    .deregister_hooks = nullptr,
    .event_alloc = nullptr,
};
}

}  // namespace daypass::sudo_plugin
