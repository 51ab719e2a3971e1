// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy replay --journal FILE|DIR [--old POLICY] NEW: what recorded commands would be
// answered under another policy. The same files give the same bytes, whenever and wherever it runs.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "cli/links.h"
#include "cli/policy_file.h"
#include "cli/policy_store.h"
#include "cli/unused_view.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "policy/describe.h"
#include "policy/replay.h"

namespace daypass::cli {
namespace {

using policy::Replay;
using policy::ReplayAnswer;
using policy::ReplayRow;
using policy::RuleUse;

enum class Turn : uint8_t { kDenied, kAllowed, kSame };

Turn TurnOf(const ReplayRow& row) {
  if (row.before.allowed == row.after.allowed) return Turn::kSame;
  return row.after.allowed ? Turn::kAllowed : Turn::kDenied;
}

std::string_view TurnName(Turn turn) {
  switch (turn) {
    case Turn::kDenied:
      return "newly_denied";
    case Turn::kAllowed:
      return "newly_allowed";
    case Turn::kSame:
      return "unchanged";
  }
  return "";
}

core::Error Usage(std::string what, std::string option) {
  return {core::Reason::kMalformed, std::move(what), std::move(option)};
}

/// "web-1:tier=web".
core::Result<policy::HostLabels> ParseLabels(const std::vector<std::string>& texts) {
  policy::HostLabels labels;
  for (const std::string& text : texts) {
    const size_t colon = text.find(':');
    const size_t equals = text.find('=', colon == std::string::npos ? 0 : colon);
    if (colon == std::string::npos || equals == std::string::npos) {
      return Usage("--labels: \"" + core::ForTerminal(text) +
                       "\" is not HOST:LABEL=VALUE, such as web-1:tier=web",
                   "--labels");
    }
    labels[text.substr(0, colon)][text.substr(colon + 1, equals - colon - 1)] =
        text.substr(equals + 1);
  }
  return labels;
}

std::string InWords(const ReplayAnswer& answer) {
  std::string text = core::ForTerminal(answer.role);
  if (!answer.rule.empty()) text += "/" + core::ForTerminal(answer.rule);
  if (answer.allowed) return text;
  return std::string(core::ReasonName(answer.reason)) + (text.empty() ? "" : " (" + text + ")");
}

wire::ObjectBuilder ToJson(const ReplayAnswer& answer) {
  wire::ObjectBuilder json;
  json.Bool("allowed", answer.allowed).String("reason", core::ReasonName(answer.reason));
  json.OptString("role", answer.role).OptString("rule", answer.rule);
  json.OptString("detail", answer.detail);
  return json;
}

wire::ObjectBuilder ToJson(const ReplayRow& row) {
  wire::ObjectBuilder json;
  json.String("change", TurnName(TurnOf(row))).Int("count", static_cast<int64_t>(row.count));
  json.Int("allowed_then", static_cast<int64_t>(row.allowed_then));
  json.String("host", row.host).String("user", row.query.user);
  json.String("door", core::DoorName(row.query.door))
      .String("command", policy::DescribeQuery(row.query));
  json.OptString("runas", row.query.runas_user).OptString("runas_group", row.query.runas_group);
  json.Object("old", ToJson(row.before)).Object("new", ToJson(row.after));
  json.Bool("covered", row.covered);
  return json;
}

std::string RunAs(const core::Query& query) {
  return core::ForTerminal(query.runas_user) +
         (query.runas_group.empty() ? "" : ":" + core::ForTerminal(query.runas_group));
}

/// A heading, and below it the rows that `wants`.
std::string Section(const Replay& replay, const std::string& heading,
                    const std::function<bool(const ReplayRow&)>& wants) {
  Table table({"count", "host", "account", "as", "command", "old", "new"});
  for (const ReplayRow& row : replay.rows) {
    if (!wants(row)) continue;
    table.Add({std::to_string(row.count), core::ForTerminal(row.host),
               core::ForTerminal(row.query.user), RunAs(row.query),
               policy::DescribeQuery(row.query), InWords(row.before), InWords(row.after)});
  }
  return table.empty() ? "" : heading + "\n" + table.Text(Style(false)) + "\n";
}

size_t CountOf(const Replay& replay, Turn turn) {
  size_t count = 0;
  for (const ReplayRow& row : replay.rows) count += TurnOf(row) == turn ? row.count : 0;
  return count;
}

class PolicyReplay : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(after_, "NEW_POLICY", "", "a policy's file or folder", Need::kRequired);
    options.Text(journal_, "--journal", "PATH", "an exported journal, or a folder of them",
                 Need::kRequired);
    options.Text(before_, "--old", "POLICY",
                 "a policy's file or folder; without it, the one you "
                 "hold");
    options.List(labels_, "--labels", "HOST:LABEL=VALUE", "a label of a host");
    options.List(links_, "--link", "PATH=WHERE", "a symbolic link on the hosts");
  }

  core::Result<Exit> Run(Context& context) override {
    const core::Result<policy::HostLabels> labels = ParseLabels(labels_);
    if (!labels) return labels.error();
    const core::Result<policy::Files> files = ParseLinks(links_);
    if (!files) return files.error();
    policy::UnusedCounts unused;
    const core::Result<std::vector<policy::JournalEntry>> entries =
        policy::LoadJournal(journal_, unused);
    if (!entries) return entries.error();
    const std::vector<policy::Recorded> recorded = policy::ReadRecorded(*entries, *files, unused);
    if (recorded.empty()) {
      return core::Error{core::Reason::kNotFound,
                         core::ForTerminal(journal_) + ": no decision in it can be replayed\n" +
                             RenderUnused(unused),
                         journal_};
    }
    // Not the clock: the same files are to give the same answer tomorrow.
    const core::Instant newest =
        std::ranges::max_element(recorded, {}, &policy::Recorded::time)->time;
    const core::Result<core::Policy> before = ReadOld(context, newest);
    if (!before) return before.error();
    const core::Result<core::Policy> after = ReadPolicyOrTree(after_, newest);
    if (!after) return after.error();
    const Replay replay = policy::ReplayQueries(recorded, *before, *after, *labels);
    Tell(context, replay, unused, recorded.size());
    return Exit::kDone;
  }

 private:
  core::Result<core::Policy> ReadOld(Context& context, core::Instant created) const {
    if (!before_.empty()) return ReadPolicyOrTree(before_, created);
    const core::Result<Config> config = LoadConfig(context.globals);
    if (!config) return config.error();
    core::Result<HeldPolicy> held = LoadHeldPolicy(*config);
    if (!held) return std::move(held).error();
    return std::move(held->policy);
  }

  static void Tell(Context& context, const Replay& replay, const policy::UnusedCounts& unused,
                   size_t total) {
    const Style& style = context.out.style();
    const auto is = [](Turn turn) {
      return [turn](const ReplayRow& row) { return TurnOf(row) == turn; };
    };
    std::string text =
        fmt::format("{} recorded decisions: {} newly denied, {} newly allowed, {} unchanged\n\n",
                    total, CountOf(replay, Turn::kDenied), CountOf(replay, Turn::kAllowed),
                    CountOf(replay, Turn::kSame));
    text += Section(replay, style.Bad("Newly denied"), is(Turn::kDenied));
    text += Section(replay, style.Warning("Newly allowed"), is(Turn::kAllowed));
    text += Section(replay, style.Bold("Let through by no role of the new policy, whosever"),
                    [](const ReplayRow& row) { return !row.covered; });
    Table idle({"role", "rule"});
    for (const RuleUse& use : replay.rules) {
      if (use.count > 0) continue;
      idle.Add({core::ForTerminal(use.role), use.rule.empty() ? "(full)" : use.rule});
    }
    if (!idle.empty()) {
      text += style.Bold("Rules of the new policy that nothing recorded uses") + "\n" +
              idle.Text(Style(false)) + "\n";
    }
    text += RenderUnused(unused) + style.Bold("Assumed") + "\n";
    for (const std::string& line : replay.assumptions) text += "  " + line + "\n";
    context.out.Text(text);
    context.out.Json(ToJson(replay, unused, total));
  }

  static wire::ObjectBuilder ToJson(const Replay& replay, const policy::UnusedCounts& unused,
                                    size_t total) {
    wire::ArrayBuilder rows, rules;
    for (const ReplayRow& row : replay.rows) rows.Object(cli::ToJson(row));
    for (const RuleUse& use : replay.rules) {
      wire::ObjectBuilder rule;
      rule.String("role", use.role).OptString("rule", use.rule);
      rules.Object(rule.Int("count", static_cast<int64_t>(use.count)));
    }
    wire::ObjectBuilder json;
    json.Int("decisions", static_cast<int64_t>(total));
    for (const Turn turn : {Turn::kDenied, Turn::kAllowed, Turn::kSame}) {
      json.Int(TurnName(turn).data(), static_cast<int64_t>(CountOf(replay, turn)));
    }
    json.Array("rows", rows).Array("rules", rules).Object("unused", UnusedToJson(unused));
    json.Strings("assumed", replay.assumptions);
    return json;
  }

  std::string journal_, before_, after_;
  std::vector<std::string> labels_, links_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyReplay() {
  return std::make_unique<PolicyReplay>();
}

}  // namespace daypass::cli
