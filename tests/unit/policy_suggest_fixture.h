// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What is suggested, filled in, checked, built and asked.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/builder.h"
#include "policy/check.h"
#include "policy/replay.h"
#include "policy/suggest.h"
#include "policy_filled_in.h"

namespace daypass::policy {

constexpr const char* kSuggestedRealm = "00112233445566778899aabbccddeeff";
constexpr core::Instant kSuggestedAt = core::FromMillis(1'800'000'000'000);

struct Suggested {
  Sketches sketches;
  std::vector<SourceFile> files;
  Tree tree;
  core::Policy policy;

  /// All that stands before the rule, back to the rule before it.
  std::string CommentsOf(const std::string& role, const std::string& rule) const {
    for (const SourceFile& file : files) {
      size_t at = file.text.find("name = \"" + role + "\"\n");
      if (at == std::string::npos) continue;
      at = file.text.find("\nid = \"" + rule + "\"\n", at);
      if (at == std::string::npos) continue;
      const size_t begin = file.text.rfind("\n\n", at);
      return file.text.substr(begin, at - begin);
    }
    return "";
  }
};

/// Checks and builds; any error fails the test.
inline Suggested Suggest(Sketches sketches) {
  Suggested all;
  auto files = WriteSuggestion(sketches, kSuggestedRealm);
  EXPECT_TRUE(files) << files.error().what;
  if (!files) return all;
  all.sketches = std::move(sketches);
  all.files = *std::move(files);
  all.tree = FillIn(all.files);
  for (const Finding& finding : CheckTree(all.tree, {kSuggestedAt, std::nullopt})) {
    EXPECT_NE(finding.severity, Severity::kError)
        << finding.place.Text() << ": " << finding.what << "\n";
  }
  BuildOptions options;
  options.now = kSuggestedAt;
  auto built = BuildPolicy(all.tree, options);
  EXPECT_TRUE(built) << built.error().what;
  if (built) all.policy = std::move(built->policy);
  return all;
}

inline Suggested SuggestFrom(const std::vector<Use>& uses,
                             const std::set<std::string>& machines = {}) {
  UnusedCounts unused;
  return Suggest(SketchRules(uses, MachinesOf(uses, machines), unused));
}

/// alice on web-1, at a terminal.
inline Use MakeUse(std::string command, std::vector<std::string> args) {
  Use use;
  use.host = "web-1";
  use.account = "alice";
  use.runas = "root";
  use.command = std::move(command);
  use.args = std::move(args);
  use.when = "then";
  use.has_terminal = true;
  return use;
}

/// What the suggested policy answers, if everybody asks and all approve.
inline ReplayAnswer Ask(const Suggested& suggested, const Use& use) {
  Recorded recorded;
  core::Query& query = recorded.query;
  recorded.host = use.host;
  query.user = use.account;
  query.uid = use.uid.value_or(1001);
  query.door = core::Door::kSudo;
  query.mode = use.files.empty() ? core::Mode::kRun : core::Mode::kEdit;
  query.command = use.command;
  query.args = use.args;
  query.files = use.files;
  query.cwd = "/";
  query.runas_user = use.runas;
  query.runas_group = use.runas_group;
  query.runas_uid = use.runas == "root" ? 0 : 1;
  query.intercepts = true;
  Simulator::Resolve({}, query);
  return ReplayQueries(std::vector{recorded}, suggested.policy, suggested.policy, {})
      .rows.at(0)
      .after;
}

inline std::string TextOf(const Suggested& suggested) {
  std::string text;
  for (const SourceFile& file : suggested.files) text += file.name + "\n" + file.text;
  return text;
}

}  // namespace daypass::policy
