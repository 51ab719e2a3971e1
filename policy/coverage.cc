// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A rule is cut into parts that each add one matcher to the one before: the first part that refuses
// a query names the matcher that did. So the judging is core's alone.
#include "policy/coverage.h"

#include <algorithm>

#include "core/match.h"
#include "core/pattern.h"
#include "policy/describe.h"

namespace daypass::policy {
namespace {

struct Part {
  std::string matcher;
  core::Rule rule;  ///< with everything up to this matcher
};

std::vector<Part> Cut(const core::Rule& rule) {
  const auto* whole = std::get_if<core::CommandRule>(&rule.kind);
  if (whole == nullptr) return {{"files", rule}};
  std::vector<Part> parts;
  core::CommandRule so_far;
  so_far.path = whole->path;
  so_far.rest_any = true;
  const auto add = [&](std::string matcher) {
    parts.push_back({std::move(matcher), {rule.id, so_far}});
  };
  for (size_t i = 0; i < whole->args.size(); ++i) {
    so_far.args.push_back(whole->args[i]);
    add("argument " + std::to_string(i + 1) + ", " + DescribeMatcher(whole->args[i]));
  }
  if (!whole->rest_any) {
    so_far.rest_any = false;
    add("nothing more");
  }
  if (whole->cwd) {
    so_far.cwd = whole->cwd;
    add("only in " + *whole->cwd);
  }
  if (whole->sha256) {
    so_far.sha256 = whole->sha256;
    add("only this content");
  }
  return parts;
}

bool IsAboutARule(core::Reason reason) {
  return reason == core::Reason::kWrongArgument || reason == core::Reason::kWrongFile ||
         reason == core::Reason::kPathUnsafe || reason == core::Reason::kWrongCwd ||
         reason == core::Reason::kDigest;
}

}  // namespace

Coverage::Coverage(const core::Policy& policy)
    : policy_(policy), matches_pattern_(core::MakePatternMatcher()) {
  for (size_t role = 0; role < policy.roles.size(); ++role) {
    for (size_t rule = 0; rule < policy.roles[role].rules.size(); ++rule) {
      const std::vector<Part> parts = Cut(policy.roles[role].rules[rule]);
      for (size_t i = 0; i < parts.size(); ++i) {
        seen_[{role, rule, i}] = {parts[i].matcher, false, false};
      }
    }
  }
}

void Coverage::Saw(const core::Query& query, const core::Decision& decision) {
  const auto role = std::ranges::find(policy_.roles, decision.role, &core::Role::name);
  if (role == policy_.roles.end()) return;
  const bool is_allowed = core::IsAllow(decision);
  if (!is_allowed && !IsAboutARule(decision.reason)) return;
  const size_t number = static_cast<size_t>(role - policy_.roles.begin());
  for (size_t rule = 0; rule < role->rules.size(); ++rule) {
    const std::vector<Part> parts = Cut(role->rules[rule]);
    if (is_allowed && role->rules[rule].id == decision.rule) {
      for (size_t i = 0; i < parts.size(); ++i) seen_[{number, rule, i}].allowed = true;
    }
    if (is_allowed) continue;
    const auto* command = std::get_if<core::CommandRule>(&role->rules[rule].kind);
    if (command != nullptr && command->path != query.command_path.canonical) continue;
    core::Role alone = *role;
    const auto refuses = [&](const Part& part) {
      alone.rules = {part.rule};
      std::string id;
      return core::MatchCommand(alone, query, matches_pattern_, id).has_value();
    };
    const auto first = std::ranges::find_if(parts, refuses);
    if (first == parts.end()) continue;
    seen_[{number, rule, static_cast<size_t>(first - parts.begin())}].denied = true;
  }
}

std::vector<Coverage::Gap> Coverage::Gaps() const {
  std::vector<Gap> gaps;
  for (const auto& [place, seen] : seen_) {
    if (seen.allowed && seen.denied) continue;
    const core::Role& role = policy_.roles[std::get<0>(place)];
    gaps.push_back(
        {role.name, role.rules[std::get<1>(place)].id, seen.matcher, seen.allowed, seen.denied});
  }
  return gaps;
}

}  // namespace daypass::policy
