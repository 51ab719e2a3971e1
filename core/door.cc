// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of doors, and which PAM services stand at each.
#include "core/door.h"

#include <array>

namespace daypass::core {
namespace {

struct DoorRow {
  Door door;
  std::string_view name;
  bool is_login;
};
constexpr std::array kDoors = {
    DoorRow{Door::kSudo, "sudo", false}, DoorRow{Door::kSsh, "ssh", true},
    DoorRow{Door::kSu, "su", false},     DoorRow{Door::kLogin, "login", true},
    DoorRow{Door::kCron, "cron", true},  DoorRow{Door::kDoas, "doas", false},
    DoorRow{Door::kRun0, "run0", false},
};

struct ServiceRow {
  std::string_view service;
  Door door;
};
constexpr std::array kServices = {
    ServiceRow{"sudo", Door::kSudo},    ServiceRow{"sudo-i", Door::kSudo},
    ServiceRow{"sshd", Door::kSsh},     ServiceRow{"su", Door::kSu},
    ServiceRow{"su-l", Door::kSu},      ServiceRow{"runuser", Door::kSu},
    ServiceRow{"runuser-l", Door::kSu}, ServiceRow{"login", Door::kLogin},
    ServiceRow{"remote", Door::kLogin}, ServiceRow{"cron", Door::kCron},
    ServiceRow{"crond", Door::kCron},   ServiceRow{"atd", Door::kCron},
    ServiceRow{"doas", Door::kDoas},    ServiceRow{"systemd-run0", Door::kRun0},
};

}  // namespace

std::string_view DoorName(Door door) {
  return kDoors.at(static_cast<size_t>(door)).name;
}

std::optional<Door> ParseDoor(std::string_view name) {
  for (const DoorRow& row : kDoors) {
    if (row.name == name) return row.door;
  }
  return std::nullopt;
}

std::optional<Door> DoorOfService(std::string_view pam_service) {
  for (const ServiceRow& row : kServices) {
    if (row.service == pam_service) return row.door;
  }
  return std::nullopt;
}

bool IsLogin(Door door) {
  return kDoors.at(static_cast<size_t>(door)).is_login;
}

}  // namespace daypass::core
