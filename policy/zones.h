// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The rule of a time zone, as the system's tables write it for the time to come. A policy carries
// it, so that every host and every approver means the same hours, whatever its own tables say.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "core/zone.h"

namespace daypass::policy {

/// The POSIX TZ rule of the zone `name` (an IsZoneName), from the file of that name below `folder`.
/// Fails kNotFound (no such zone), kMalformed (no table of a zone; or one that, after `from`, does
/// what no rule can say, such as the months of Ramadan in Africa/Casablanca).
core::Result<std::string> ReadZoneRule(const std::string& folder, const std::string& name,
                                       core::Instant from);

/// The same, of the bytes of a file. Source: RFC 8536.
core::Result<std::string> RuleOfZoneFile(std::string_view bytes, core::Instant from);

}  // namespace daypass::policy
