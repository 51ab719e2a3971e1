// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How unusual a request is, from 0 to 100, and why: points for what sets it apart from what this
// person and their peers have asked for before. The same history gives the same score.
//
//   1. MUST only raise the bar: no score stands in for an approval that the role wants.
//   2. MUST count what is not known as unusual.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/time.h"
#include "server/store/requests.h"

namespace daypass::server {

/// How far back history counts; what is older has been forgotten.
constexpr std::chrono::hours kRiskHistory{90 * 24};

/// What is asked now, and what is known of who asks.
struct RiskFacts {
  core::Instant now;
  std::string role;
  std::vector<std::string> hosts;
  std::string asked_from;
  std::vector<Requests::Past> past;   ///< newest first, within kRiskHistory
  std::set<std::string> known_hosts;  ///< granted before
  bool peers_hold_role = false;       ///< somebody of the same groups was granted it
};

struct Risk {
  uint32_t score = 0;            ///< the sum of the points, 100 at most
  std::vector<std::string> why;  ///< "20 first use of this role", most points first
};

/// Pure.
Risk ScoreRisk(const RiskFacts& facts);

}  // namespace daypass::server
