// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What `daypass policy suggest` promises of whatever it has read: once keys are filled in, a policy
// comes of it.
#pragma once

#include "policy/builder.h"
#include "policy/suggest.h"
#include "tests/fuzz/target.h"
#include "tests/unit/policy_filled_in.h"

namespace daypass::fuzz {

inline void TrySuggestion(policy::Sketches sketches) {
  for (const policy::Sketch& sketch : sketches.rules) {
    Require(sketch.full || !policy::WhyUnwritable(sketch.rule),
            "a rule is made only where it can be written");
    Require(!sketch.accounts.empty() || !sketch.groups.empty(), "a rule is somebody's");
  }
  const bool is_empty = sketches.rules.empty();
  const auto files = policy::WriteSuggestion(sketches, "00112233445566778899aabbccddeeff");
  for (const std::string& line : sketches.by_hand) {
    Require(wire::IsPlainText(line), "what is left to people is fit to be shown");
  }
  if (!files) return RequireFit(files.error());
  policy::BuildOptions options;
  options.now = core::FromMillis(1'800'000'000'000);
  const auto built = policy::BuildPolicy(policy::FillIn(*files), options);
  if (!built) std::fprintf(stderr, "%s\n", built.error().what.c_str());
  Require(static_cast<bool>(built), "a suggestion makes a policy once it has keys");
  const bool is_idle = built->policy.roles.empty() && built->policy.standing.empty();
  Require(is_idle == is_empty, "what was sketched is in the policy");
}

}  // namespace daypass::fuzz
