// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Doors: the guarded ways into a host.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace daypass::core {

enum class Door : uint8_t { kSudo, kSsh, kSu, kLogin, kCron, kDoas, kRun0 };

std::string_view DoorName(Door door);
std::optional<Door> ParseDoor(std::string_view name);

/// The door that a PAM service stands at ("sudo-i" is at sudo), or none if Daypass does not guard
/// it.
std::optional<Door> DoorOfService(std::string_view pam_service);

/// Whether passing this door is itself a login as the subject, so that no command is in question.
bool IsLogin(Door door);

}  // namespace daypass::core
