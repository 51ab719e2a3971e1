// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/risk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace daypass::server {
namespace {

using Past = Requests::Past;
using std::chrono::hours;

constexpr uint32_t kMost = 100;
constexpr hours kDormant{30 * 24};
constexpr hours kWeek{7 * 24};
constexpr size_t kBusyDay = 10;       // requests in 24 hours that are many
constexpr size_t kEnoughToKnow = 10;  // requests before somebody has usual hours
constexpr uint64_t kManyHosts = 5;

/// Points, and for what; none: nothing unusual.
struct Points {
  uint32_t count = 0;
  std::string what;
};
using Finding = std::optional<Points>;

size_t CountPast(const RiskFacts& facts, auto&& wanted) {
  return static_cast<size_t>(std::ranges::count_if(facts.past, wanted));
}

Finding NewPerson(const RiskFacts& facts) {
  if (!facts.past.empty()) return {};
  return Points{20, "has asked for nothing in 90 days"};
}

Finding Dormant(const RiskFacts& facts) {
  if (facts.past.empty() || facts.past.front().created > facts.now - kDormant) return {};
  return Points{15, "last asked more than 30 days ago"};
}

Finding NewRole(const RiskFacts& facts) {
  const bool is_known = CountPast(facts, [&](const Past& past) {
    return past.role == facts.role && past.state == RequestState::kApproved;
  });
  if (is_known) return {};
  if (facts.peers_hold_role) return Points{10, "first use of this role, which peers use"};
  return Points{25, "first use of this role, which no peer uses either"};
}

Finding NewHosts(const RiskFacts& facts) {
  const auto is_new = [&](const std::string& host) { return !facts.known_hosts.contains(host); };
  const auto count = std::ranges::count_if(facts.hosts, is_new);
  if (count == 0) return {};
  return Points{10, "first use on " + *std::ranges::find_if(facts.hosts, is_new) +
                        (count == 1 ? "" : " and " + std::to_string(count - 1) + " more")};
}

Finding ManyHosts(const RiskFacts& facts) {
  uint64_t usual = 1;
  for (const Past& past : facts.past) usual = std::max(usual, past.host_count);
  const uint64_t now = facts.hosts.size();
  if (now <= kManyHosts || now <= 3 * usual) return {};
  return Points{
      20, std::to_string(now) + " hosts at once, at most " + std::to_string(usual) + " before"};
}

hours HourOf(core::Instant at) {
  const auto since_epoch = std::chrono::floor<hours>(at.time_since_epoch());
  return since_epoch % hours{24};
}

/// Fewer than one in twenty of the earlier ones came within two hours of this time of day.
Finding UnusualHour(const RiskFacts& facts) {
  if (facts.past.size() < kEnoughToKnow) return {};
  const size_t near = CountPast(facts, [&](const Past& past) {
    const auto apart = std::chrono::abs(HourOf(past.created) - HourOf(facts.now));
    return std::min(apart, hours{24} - apart) <= hours{2};
  });
  if (near * 20 >= facts.past.size()) return {};
  return Points{15, "seldom asks at this hour"};
}

Finding ManyRequests(const RiskFacts& facts) {
  const size_t today =
      CountPast(facts, [&](const Past& past) { return past.created > facts.now - hours{24}; });
  if (today < kBusyDay) return {};
  return Points{15, std::to_string(today) + " requests in the last 24 hours"};
}

Finding Denials(const RiskFacts& facts) {
  const size_t denied = CountPast(facts, [&](const Past& past) {
    return past.state == RequestState::kDenied && past.created > facts.now - kWeek;
  });
  if (denied == 0) return {};
  return Points{static_cast<uint32_t>(std::min<size_t>(denied * 10, 30)),
                "denied " + std::to_string(denied) + (denied == 1 ? " time" : " times") +
                    " in the last seven days"};
}

Finding NewAddress(const RiskFacts& facts) {
  const bool is_known =
      CountPast(facts, [&](const Past& past) { return past.asked_from == facts.asked_from; });
  if (is_known) return {};
  return Points{10, "asks from a new place, " + facts.asked_from};
}

constexpr std::array kFindings = {&NewPerson,   &Dormant,      &NewRole, &NewHosts,  &ManyHosts,
                                  &UnusualHour, &ManyRequests, &Denials, &NewAddress};

}  // namespace

Risk ScoreRisk(const RiskFacts& facts) {
  std::vector<Points> found;
  for (const auto& finding : kFindings) {
    if (Finding points = finding(facts)) found.push_back(*std::move(points));
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &Points::count);
  Risk risk;
  for (const Points& points : found) {
    risk.score = std::min(risk.score + points.count, kMost);
    risk.why.push_back(std::to_string(points.count) + " " + points.what);
  }
  return risk;
}

}  // namespace daypass::server
