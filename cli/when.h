// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Times for people: local, to the second, with the date only where it is another day.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace daypass::cli {

/// "14:03:20", or "2026-11-24 02:00:00" on another day than `now`.
std::string LocalTime(core::Instant instant, core::Instant now);

/// A distance without its sign, rounded down to what matters: "42s", "12m", "3h 5m", "2d 4h".
std::string Roughly(core::Seconds distance);

/// "14:03:20, in 12m" or "14:03:20, 12m ago".
std::string TimeAndDistance(core::Instant instant, core::Instant now);

/// RFC 3339 ("2026-11-24T02:00:00Z", "...+01:00"), "today 22:00" or "tomorrow 02:00" (local).
/// Fails kMalformed, with examples.
core::Result<core::Instant> ParseWhen(std::string_view text, core::Instant now);

}  // namespace daypass::cli
