// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The payload of a policy, from bytes to core's values. Source: docs/formats/policy.md.
#pragma once

#include <string_view>

#include "core/policy.h"
#include "core/result.h"

struct json_t;

namespace daypass::wire {

/// Reads and checks a policy; says nothing of who signed it. `payload`: the exact bytes; their
/// SHA-256 becomes Policy.digest, and that of each role's canonical JSON Role.digest.
/// Beyond its shape it is refused (kMalformed) where it could not mean what it says: names,
/// accounts or keys twice; a threshold of nobody or of more than there are; an administrator or
/// approver without a key for it; a path that is not canonical; a duration above the policy's own
/// limits. Not judged here: patterns, what equals root, and the policy held before. Fails:
/// kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kWrongNamespace, kKeyRefused.
core::Result<core::Policy> ParsePolicy(std::string_view payload);

/// The digest that a statement's role_digest is compared with.
core::Digest RoleDigest(const json_t* role);

}  // namespace daypass::wire
