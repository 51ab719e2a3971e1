// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The parameters of what anybody on the host may send on user.sock, from JSON to values. Source:
// docs/formats/ipc.md.
#pragma once

#include <string>

#include "agent/requests.h"
#include "core/result.h"

struct json_t;

namespace daypass::agent {

// Both fail: kMalformed, kTooLarge, kUnknownField; the error names the field.

/// Of Request.
core::Result<Ask> ParseRequestCall(const json_t* parameters);
/// Of Wait and Drop: an id in whichever form, which need not be one.
core::Result<std::string> ParseIdCall(const json_t* parameters);

}  // namespace daypass::agent
