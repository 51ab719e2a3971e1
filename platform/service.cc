// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/service.h"

#include <fcntl.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <utility>

namespace daypass::platform {
namespace {

// Whether systemd hears us changes nothing that we do: results are left unread on purpose.
void Notify(const std::string& state) {
  static_cast<void>(sd_notify(0, state.c_str()));
}

}  // namespace

void NotifyReady(const std::string& status) {
  Notify("READY=1\nSTATUS=" + status);
}

void NotifyStatus(const std::string& status) {
  Notify("STATUS=" + status);
}

void NotifyStopping() {
  Notify("STOPPING=1");
}

std::vector<ActivatedSocket> TakeActivatedSockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(/*unset_environment=*/1, &names);
  std::vector<ActivatedSocket> sockets;
  for (int i = 0; i < count; ++i) {
    Fd socket(SD_LISTEN_FDS_START + i);
    // systemd opens them blocking, and who accepts until nothing is left would wait for ever.
    const int flags = fcntl(socket.get(), F_GETFL);
    if (flags >= 0 && fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) == 0) {
      sockets.push_back({names[i], std::move(socket)});
    }
    free(names[i]);  // NOLINT(cppcoreguidelines-no-malloc): libsystemd allocated it
  }
  free(static_cast<void*>(names));  // NOLINT(cppcoreguidelines-no-malloc)
  return sockets;
}

bool IsSystemdRunning() {
  return sd_booted() > 0;
}

}  // namespace daypass::platform
