// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A first policy from what is done today: from what ran (records of permissive days, sudo's own
// log), or from what sudoers allows. The same input gives the same bytes.
//
//   1. MUST NOT let a rule allow more than what it was made of, unless a comment beside it says so.
//   2. MUST NOT guess: what no rule says exactly is listed for a person to decide.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/policy.h"
#include "policy/recorded.h"
#include "policy/tree.h"

namespace daypass::policy {

/// Stands where a host is not known: no host is called so, until a person writes which are meant.
constexpr std::string_view kUnknownHost = "name-the-hosts";

/// One command that somebody ran through sudo.
struct Use {
  std::string host;  ///< empty: not known
  std::string account;
  std::string runas, runas_group;
  std::string command;  ///< where its path leads
  std::vector<std::string> args;
  std::vector<std::string> files;  ///< of sudoedit; then there is no command
  std::string when;                ///< as it is shown
  bool has_terminal = false;
  std::optional<uint32_t> uid;
  std::string trouble;  ///< why no rule can say it; empty if one can
};

/// A rule, and what it was made of.
struct Sketch {
  std::set<std::string> accounts;
  std::set<std::string> groups;  ///< unix groups, of sudoers
  std::set<std::string> hosts;   ///< may hold kUnknownHost
  std::string runas, runas_group;
  bool machine = false;  ///< a standing rule, not one of a role
  bool full = false;     ///< any command; `rule` means nothing then
  core::Rule rule;       ///< without its id
  std::vector<std::string> evidence;
};

struct Sketches {
  std::vector<Sketch> rules;
  std::vector<std::string> by_hand;  ///< what no rule says, and why, a line each
};

/// What ran, as uses; logins and refusals are counted in `unused`.
std::vector<Use> UsesOf(std::span<const Recorded> recorded, UnusedCounts& unused);

/// Appends sudo's own log, as syslog, the journal or its logfile option have it. `files`: where
/// paths lead. Lines of others and of refusals are counted in `unused`.
void ReadSudoLog(std::string_view text, const Files& files, std::vector<Use>& uses,
                 UnusedCounts& unused);

/// Accounts that nobody can ask: those that `named` says, and those of the system (by their uid)
/// that no use was made of at a terminal.
std::set<std::string> MachinesOf(std::span<const Use> uses, const std::set<std::string>& named);

/// Rules that cover the uses; root's own are counted in `unused`.
Sketches SketchRules(std::span<const Use> uses, const std::set<std::string>& machines,
                     UnusedCounts& unused);

/// What `cvtsudoers -e -f json` wrote of a sudoers file, added to `sketches`.
/// Fails: kMalformed, kTooLarge.
core::Result<void> SketchSudoers(std::string_view json, const Files& files,
                                 const std::set<std::string>& machines, Sketches& sketches);

/// Why the rule cannot stand in a policy, or nobody would read it; none if it can.
std::optional<std::string> WhyUnwritable(const core::Rule& rule);

/// The sources of a policy, and by-hand.txt. `realm`: 32 hexadecimal digits. Keys are left for
/// people to fill in; with them it is built and checked without an error. Rules that a policy has
/// no room for are added to `by_hand`. Fails: kTooLarge.
core::Result<std::vector<SourceFile>> WriteSuggestion(Sketches& sketches, const std::string& realm);

}  // namespace daypass::policy
