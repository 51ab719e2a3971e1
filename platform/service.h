// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a service tells its manager, and what it gets from it (sd-daemon). Without systemd: nothing
// is told, nothing is got.
#pragma once

#include <string>
#include <vector>

#include "platform/fd.h"

namespace daypass::platform {

/// READY=1 with one line for `systemctl status`.
void NotifyReady(const std::string& status);
void NotifyStatus(const std::string& status);
void NotifyStopping();

/// Sockets that systemd opened for us, by FileDescriptorName=. Call once, before anything is
/// opened.
struct ActivatedSocket {
  std::string name;
  Fd fd;
};
std::vector<ActivatedSocket> TakeActivatedSockets();

/// Whether systemd is the machine's manager.
bool IsSystemdRunning();

}  // namespace daypass::platform
