// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The payload of a status. Source: docs/formats/status.md.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/status.h"

namespace daypass::wire {

/// Fails: kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kWrongNamespace. Does not compare
/// realm, host or number with anything.
core::Result<core::Status> ParseStatus(std::string_view payload);

std::string EncodeStatus(const core::Status& status);

}  // namespace daypass::wire
