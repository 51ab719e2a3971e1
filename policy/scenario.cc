// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reads and runs in one go: a step is a table with one key that says what happens, and others that
// say how and what is expected.
#include "policy/scenario.h"

#include <array>
#include <functional>
#include <map>

#include "core/duration.h"
#include "core/escape.h"
#include "core/reason.h"
#include "policy/pass.h"
#include "policy/simulator.h"
#include "wire/limits.h"
#include "wire/toml_table.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kArgument{0, 4096, [](std::string_view) { return true; }, "text"};
constexpr core::Seconds kLongestWait = std::chrono::days{3660};

std::string CommandLine(std::string_view verb, const std::vector<std::string>& words) {
  std::string line(verb);
  for (const std::string& word : words) line += " " + core::CommandWord(word);
  return line;
}

std::string WithDetail(std::string_view reason, const std::string& detail) {
  return std::string(reason) + (detail.empty() ? "" : " (" + core::ForTerminal(detail) + ")");
}

/// One scenario while it runs.
class Play {
 public:
  Play(TomlTable& scenario, const core::Policy& policy, Coverage& coverage, Fault& fault)
      : coverage_(coverage), fault_(fault), simulator_(policy, {}, core::Instant{}) {
    result_.file = scenario.place().file;
    result_.name = scenario.Text("name", wire::kLine).value;
    if (const auto now = scenario.OptionalInstant("now")) simulator_.MoveTo(*now);
    TakeHost(scenario.Table("host"));
    if (auto links = scenario.OptionalTable("links")) {
      for (auto& [from, to] : links->TextEntries(wire::kPath)) files_.links[from] = to.value;
    }
    if (auto digests = scenario.OptionalTable("digests")) {
      for (auto& [path, digest] : digests->TextEntries(wire::kDigest)) {
        files_.digests[path] = digest.value;
      }
    }
    for (const PlacedText& path : scenario.OptionalTexts("unsafe", wire::kPath)) {
      files_.unsafe.insert(path.value);
    }
  }

  void Take(TomlTable step) {
    ++result_.steps;
    const std::array<std::pair<std::string_view, void (Play::*)(TomlTable&)>, 11> kActions = {{
        {"ask", &Play::Ask},
        {"approve", &Play::Approve},
        {"run", &Play::Run},
        {"edit", &Play::Edit},
        {"enter", &Play::Enter},
        {"over", &Play::Over},
        {"revoke", &Play::Revoke},
        {"revoke_person", &Play::RevokePerson},
        {"suspend", &Play::Suspend},
        {"drop", &Play::Drop},
        {"wait", &Play::Wait},
    }};
    bool acted = false;
    for (const auto& [name, act] : kActions) {
      if (!step.Has(name)) continue;
      if (std::exchange(acted, true)) step.Fail(step.place(), "a step does one thing");
      (this->*act)(step);
    }
    if (auto at = step.OptionalInstant("at")) acted = true, simulator_.MoveTo(*at);
    if (auto host = step.OptionalTable("host")) acted = true, TakeHost(std::move(*host));
    if (auto server = step.OptionalText("server", wire::kName)) {
      acted = true;
      if (server->value != "up" && server->value != "down") {
        step.Fail(server->place, "server is \"up\" or \"down\"");
      }
      simulator_.SetOnline(server->value == "up");
    }
    if (!acted) {
      step.Fail(step.place(),
                "nothing happens in this step: it needs one of ask, approve, run, "
                "edit, enter, over, revoke, revoke_person, suspend, drop, wait, at, "
                "host, server");
    }
    step.Finish();
  }

  ScenarioResult TakeResult() { return std::move(result_); }

 private:
  void TakeHost(TomlTable table) {
    core::HostIdentity host;
    host.name = table.Text("name", wire::kHostName).value;
    if (auto labels = table.OptionalTable("labels")) {
      for (auto& [name, value] : labels->TextEntries(wire::kLine)) host.labels[name] = value.value;
    }
    table.Finish();
    host_name_ = host.name;
    simulator_.SetHost(std::move(host));
  }

  /// What a step wanted against what it got.
  void Judge(TomlTable& step, std::string what, const std::string& expected, const std::string& got,
             const std::string& detail) {
    if (fault_ || expected == got) return;
    result_.failures.push_back(
        {step.place().Text(), std::move(what), expected, WithDetail(got, detail)});
  }

  /// "allow", or the name of a reason.
  std::string Expected(TomlTable& step, std::string_view usual) {
    const auto text = step.OptionalText("expect", wire::kName);
    if (!text) return std::string(usual);
    const bool is_known = text->value == usual || text->value == "allow" || text->value == "more" ||
                          core::ParseReason(text->value).has_value();
    if (!is_known) {
      step.Fail(text->place, "\"" + text->value + "\" is no reason of Daypass's; docs: daypass(1)");
    }
    return text->value;
  }

  std::string Who(TomlTable& step) { return step.Text("as", wire::kAccount).value; }

  /// Of this name; else of the latest. None, with a failure, where the asking itself was refused.
  core::Grant* FindGrant(TomlTable& step, const std::optional<PlacedText>& name) {
    const auto asked = grants_.find(name ? name->value : latest_);
    if (asked == grants_.end()) {
      step.Fail(name ? name->place : step.place(),
                name ? "nothing was asked for under this name: \"" + name->value + "\""
                     : "nothing was asked for yet");
      return nullptr;
    }
    if (asked->second == nullptr) Judge(step, asked->first, "a request", "none", "it was refused");
    return asked->second;
  }

  /// `ask = ROLE, as, for [, hosts, uses, start, at_time, name]`.
  void Ask(TomlTable& step) {
    core::Statement statement;
    const PlacedText role = step.Text("ask", wire::kName);
    statement.role = role.value;
    statement.subject = statement.requester = Who(step);
    if (const auto by = step.OptionalText("by", wire::kAccount)) statement.requester = by->value;
    statement.duration = step.Duration("for", wire::kMaxDuration);
    statement.hosts = Values(step.OptionalTexts("hosts", wire::kHostName));
    if (statement.hosts.empty()) statement.hosts = {host_name_};
    statement.uses =
        static_cast<uint32_t>(step.OptionalInteger("uses", 0, wire::kMaxUses).value_or(0));
    statement.reason = "a scenario";
    const auto start = step.OptionalText("start", wire::kName);
    if (start && start->value == "first_use") {
      statement.start = core::StartRule::kFirstUse;
    } else if (start && start->value != "approval") {
      step.Fail(start->place, "start is \"approval\" or \"first_use\"; for a set time: starts_at");
    }
    if (const auto at = step.OptionalInstant("starts_at")) {
      statement.start = core::StartRule::kScheduled;
      statement.start_at = *at;
    }
    const std::string name =
        step.OptionalText("name", wire::kName).value_or(PlacedText{role.value, {}}).value;
    const std::string expected = Expected(step, "allow");
    if (fault_) return;
    core::Result<core::Grant*> asked = simulator_.Ask(std::move(statement));
    latest_ = name;
    grants_[name] = asked ? *asked : nullptr;
    Judge(step, "ask " + role.value, expected,
          asked ? "allow" : std::string(core::ReasonName(asked.error().code)),
          asked ? "" : asked.error().what);
  }

  /// `approve = PERSON [, of, key = "any"/"touch"/"verify"]`.
  void Approve(TomlTable& step) {
    const PlacedText person = step.Text("approve", wire::kName);
    core::Grant* grant = FindGrant(step, step.OptionalText("of", wire::kName));
    core::KeyUse use = core::KeyUse::kAny;
    if (const auto key = step.OptionalText("key", wire::kName)) {
      if (key->value == "touch") use = core::KeyUse::kTouch;
      if (key->value == "verify") use = core::KeyUse::kVerify;
    }
    const std::string expected = Expected(step, "allow");
    if (fault_ || grant == nullptr) return;
    core::Result<core::ApprovalJudgement> judged = simulator_.Approve(*grant, person.value, use);
    std::string got(core::ReasonName(judged ? judged->reason : judged.error().code));
    if (judged && judged->enough) got = "allow";
    if (got == core::ReasonName(core::Reason::kApprovalsMissing) && expected == "more")
      got = "more";
    Judge(step, "approve " + person.value, expected, got,
          judged ? judged->detail : judged.error().what);
  }

  /// What `run`, `edit` and `enter` have in common; each fills in the rest before.
  void Decide(TomlTable& step, core::Query query, std::string what) {
    query.user = Who(step);
    query.runas_user =
        step.OptionalText("run_as", wire::kAccount).value_or(PlacedText{"root", {}}).value;
    query.runas_uid = simulator_.UidOf(query.runas_user);
    if (const auto group = step.OptionalText("group", wire::kAccount))
      query.runas_group = group->value;
    query.cwd =
        step.OptionalText("cwd", wire::kPath).value_or(PlacedText{"/home/" + query.user, {}}).value;
    query.env = Values(step.OptionalTexts("env", wire::kLine));
    query.options = Values(step.OptionalTexts("options", wire::kName));
    query.intercepts = true;  // sudoers' business, like a safe path
    const auto rule = step.OptionalText("rule", wire::kName);
    if (!step.Has("expect")) step.Fail(step.place(), "expect is missing: \"allow\", or a reason");
    const std::string expected = Expected(step, "allow");
    if (fault_) return;
    Simulator::Resolve(files_, query);
    const core::Decision decision = simulator_.Run(query);
    coverage_.Saw(query, decision);
    const bool is_allowed = core::IsAllow(decision);
    Judge(step, what, expected,
          is_allowed ? "allow" : std::string(core::ReasonName(decision.reason)), decision.detail);
    if (rule && is_allowed) Judge(step, what + ", by rule", rule->value, decision.rule, "");
  }

  /// `run = [PATH, ARGUMENT...], as, expect`.
  void Run(TomlTable& step) {
    std::vector<std::string> words = Values(step.Texts("run", kArgument));
    if (words.empty() || !words[0].starts_with('/')) {
      step.Fail(step.PlaceOf("run"), "run begins with the absolute path of a command");
      return;
    }
    core::Query query;
    const std::string what = CommandLine("run", words);
    query.command = words[0];
    query.args.assign(words.begin() + 1, words.end());
    Decide(step, std::move(query), what);
  }

  /// `edit = [FILE...], as, expect`: sudoedit.
  void Edit(TomlTable& step) {
    core::Query query;
    query.mode = core::Mode::kEdit;
    query.files = Values(step.Texts("edit", kArgument));
    const std::string what = CommandLine("edit", query.files);
    Decide(step, std::move(query), what);
  }

  /// `enter = DOOR, as, expect`: a door that shows no command; "shell" and "login" are sudo's.
  void Enter(TomlTable& step) {
    const PlacedText name = step.Text("enter", wire::kName);
    core::Query query;
    query.mode = core::Mode::kAccount;
    if (name.value == "shell" || name.value == "sudo-login") {
      query.mode = name.value == "shell" ? core::Mode::kShell : core::Mode::kLogin;
      query.command = "/bin/bash";
    } else if (const auto door = core::ParseDoor(name.value)) {
      query.door = *door;
    } else {
      step.Fail(name.place, "\"" + name.value + "\" is no door, nor \"shell\" nor \"sudo-login\"");
    }
    Decide(step, std::move(query), "enter " + name.value);
  }

  /// `over = NAME, expect`: whether what the grant let through is ended by now; "running" if not.
  void Over(TomlTable& step) {
    const core::Grant* grant = FindGrant(step, step.Text("over", wire::kName));
    const std::string expected = Expected(step, "running");
    if (fault_ || grant == nullptr) return;
    const std::optional<core::Reason> why = simulator_.WhyOver(*grant);
    Judge(step, "over", expected, why ? std::string(core::ReasonName(*why)) : "running", "");
  }

  void Revoke(TomlTable& step) {
    if (const core::Grant* grant = FindGrant(step, step.Text("revoke", wire::kName))) {
      simulator_.Revoke(*grant);
    }
  }
  void RevokePerson(TomlTable& step) {
    simulator_.RevokePerson(step.Text("revoke_person", wire::kName).value);
  }
  void Suspend(TomlTable& step) { simulator_.Suspend(step.Text("suspend", wire::kName).value); }
  void Drop(TomlTable& step) {
    if (core::Grant* grant = FindGrant(step, step.Text("drop", wire::kName))) {
      grant->latch.dropped = true;
    }
  }
  void Wait(TomlTable& step) {
    simulator_.MoveTo(simulator_.now() + step.Duration("wait", kLongestWait));
  }

  Coverage& coverage_;
  Fault& fault_;
  Simulator simulator_;
  Files files_;
  std::string host_name_;
  std::map<std::string, core::Grant*> grants_;  ///< by the scenario's name; null: was refused
  std::string latest_;                          ///< name of what was asked for last
  ScenarioResult result_;
};

}  // namespace

core::Result<std::vector<ScenarioResult>> RunScenarios(const SourceFile& file,
                                                       const core::Policy& policy,
                                                       Coverage& coverage) {
  core::Result<TomlFile> parsed = TomlFile::Parse(file.text, file.name);
  if (!parsed) return std::move(parsed).error();
  Fault fault;
  TomlTable top(*parsed, fault);
  std::vector<ScenarioResult> results;
  for (TomlTable& scenario : top.OptionalTables("scenario")) {
    Play play(scenario, policy, coverage, fault);
    for (TomlTable& step : scenario.OptionalTables("steps")) {
      if (!fault) play.Take(std::move(step));
    }
    scenario.Finish();
    results.push_back(play.TakeResult());
  }
  top.Finish();
  if (fault) return fault.error();
  return results;
}

}  // namespace daypass::policy
