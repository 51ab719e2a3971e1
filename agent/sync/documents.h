// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the courier reads in documents that it carries: which policy they speak of, so that it can
// fetch that one too. Nothing is verified here and nothing rests on it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "wire/json.h"

namespace daypass::agent {

/// The member `envelope` of an answer, which holds a document of at most `max_bytes`.
core::Result<std::string> ReadEnvelope(const wire::Json& body, size_t max_bytes);

/// The policy version that a status names as newest; 0 if it cannot be read.
uint64_t PolicyNamedByStatus(std::string_view envelope);
/// The policy version that a grant was asked for under; 0 if it cannot be read.
uint64_t PolicyNamedByGrant(std::string_view envelope);

}  // namespace daypass::agent
