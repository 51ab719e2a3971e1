// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which matchers of which rules the scenarios of a policy have seen let something through, and
// which have seen refuse something. A matcher that never refused may as well not be there.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/decision.h"
#include "core/policy.h"
#include "core/query.h"

namespace daypass::policy {

class Coverage {
 public:
  explicit Coverage(const core::Policy& policy);

  void Saw(const core::Query& query, const core::Decision& decision);

  struct Gap {
    std::string role, rule;
    std::string matcher;  ///< in words
    bool was_allowed = false;
    bool was_denied = false;
  };
  /// In the order of the policy.
  std::vector<Gap> Gaps() const;
  size_t total() const { return seen_.size(); }

 private:
  struct Seen {
    std::string matcher;
    bool allowed = false;
    bool denied = false;
  };
  /// Of a role and a rule, by their places in the policy, the matcher's number.
  using Place = std::tuple<size_t, size_t, size_t>;

  const core::Policy& policy_;
  core::PatternMatcher matches_pattern_;
  std::map<Place, Seen> seen_;
};

}  // namespace daypass::policy
