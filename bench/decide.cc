// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Decide alone: a policy of 100 roles with 10 rules each; alice holds a grant of each of ROLES of
// them, and her command is the last rule of the last one. Prints the median in microseconds.
//
//   decide ROLES
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/decision.h"
#include "core/pattern.h"
#include "tests/unit/core_fixture.h"

namespace daypass::core {
namespace {

constexpr int kRoles = 100;
constexpr int kRules = 10;
constexpr int kSamples = 20'000;

Role MakeNumberedRole(int number) {
  Role role = MakeRole();
  role.name = "role-" + std::to_string(number);
  role.rules.clear();
  for (int i = 0; i < kRules; ++i) {
    const std::string name = std::to_string(number) + "-" + std::to_string(i);
    role.rules.push_back(MakeRule("rule-" + name, "/usr/bin/tool-" + name,
                                  {MatchIs{"restart"}, MatchPattern{"[a-z]+[0-9]*"}}));
  }
  return role;
}

World MakeWorld(int held) {
  World world;
  world.policy.roles.clear();
  world.grants.clear();
  world.matches_pattern = MakePatternMatcher();
  for (int i = 0; i < kRoles; ++i) world.policy.roles.push_back(MakeNumberedRole(i));
  for (int i = kRoles - held; i < kRoles; ++i) {
    Grant grant = MakeGrant();
    grant.statement.role = "role-" + std::to_string(i);
    world.grants.push_back(grant);
  }
  world.query.command = "/usr/bin/tool-99-9";
  world.query.command_path = SafePath(world.query.command);
  return world;
}

int Main(int held) {
  const World world = MakeWorld(held);
  const Snapshot snapshot = world.MakeSnapshot();
  std::vector<const Grant*> grants;
  for (const Grant& grant : world.grants) grants.push_back(&grant);
  std::vector<double> samples;
  for (int i = 0; i < kSamples; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const Decision decision = Decide(snapshot, grants, world.query);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    if (!IsAllow(decision)) return 1;
    samples.push_back(took.count());
  }
  std::ranges::sort(samples);
  std::printf("{\"median_us\":%.2f,\"p99_us\":%.2f}\n", samples[kSamples / 2],
              samples[kSamples * 99 / 100]);
  return 0;
}

}  // namespace
}  // namespace daypass::core

int main(int argc, char** argv) {
  return daypass::core::Main(argc > 1 ? std::atoi(argv[1]) : 1);
}
