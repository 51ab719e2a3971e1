// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What another policy changes: what becomes possible by it and what impossible, for whom, where.
// Nothing that differs is left out: what no comparison here knows is said to be "different".
#pragma once

#include <string>
#include <vector>

#include "core/policy.h"

namespace daypass::policy {

enum class Effect : uint8_t {
  kOpens,      ///< something becomes possible, and nothing impossible
  kCloses,     ///< the reverse
  kDifferent,  ///< both, or it cannot be told
};

/// The name in JSON: "possible", "impossible", "different".
std::string_view EffectName(Effect effect);

struct Change {
  Effect effect = Effect::kDifferent;
  std::string role;    ///< empty: about the whole policy
  std::string person;  ///< whom it is about, if it is one; else everybody who may use the role
  std::string what;    ///< "hosts", "run", "at most", "threshold"...
  std::string before;  ///< in words; empty: there was nothing
  std::string after;
};

struct Difference {
  std::vector<Change> changes;           ///< the policy's own first, then role by role, by name
  std::vector<std::string> ended_roles;  ///< whose live grants end: changed or gone
};

Difference Compare(const core::Policy& before, const core::Policy& after);

}  // namespace daypass::policy
