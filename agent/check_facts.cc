// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/check_facts.h"

#include <algorithm>

#include "wire/base64.h"

namespace daypass::agent {
namespace {

// A user types as much as he likes, and a record that its readers refuse would break the chain.
constexpr size_t kMaxArgvInText = 4096;
constexpr size_t kMaxArgvBytes = 64 * 1024;
constexpr size_t kMaxArgvItems = 256;  // libsystemd sends 1024 parts at most, two for a field
constexpr size_t kMaxDetailBytes = 1024;

const core::CommandRule* AsCommand(const core::Rule& rule) {
  return std::get_if<core::CommandRule>(&rule.kind);
}

/// Of roles and of standing rules.
bool IsAnyRule(const core::Policy& policy, const auto& is) {
  const auto has_one = [&](const core::Powers& powers) {
    return std::ranges::any_of(powers.rules, is);
  };
  return std::ranges::any_of(policy.roles, has_one) ||
         std::ranges::any_of(policy.standing, has_one);
}

/// Whether any rule for any command wants argument `index` as a path. Asked before the command is
/// resolved, so the command is not compared; an answer too many is only not used.
bool IsPathSomewhere(const core::Policy& policy, size_t index) {
  return IsAnyRule(policy, [&](const core::Rule& rule) {
    const core::CommandRule* command = AsCommand(rule);
    return command != nullptr && index < command->args.size() &&
           std::holds_alternative<core::MatchUnder>(command->args[index]);
  });
}

bool IsAnyDigestWanted(const core::Policy& policy) {
  return IsAnyRule(policy, [](const core::Rule& rule) {
    const core::CommandRule* command = AsCommand(rule);
    return command != nullptr && command->sha256.has_value();
  });
}

/// Bytes of others as text that a terminal may show: everything else as \xHH.
std::string Escape(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      text += c;
    } else {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return text;
}

std::string JoinForPeople(const std::vector<std::string>& argv) {
  std::string text;
  for (size_t i = 0; i < argv.size(); ++i) {
    if (i > 0) text += ' ';
    const std::string& arg = argv[i];
    const bool is_plain = !arg.empty() && arg.find_first_of(" \t\n\"'") == std::string::npos;
    text += is_plain ? Escape(arg) : '"' + Escape(arg) + '"';
    const bool is_last = i + 1 == argv.size();
    if (text.size() > kMaxArgvInText) return text.substr(0, kMaxArgvInText) + "...";
    if (i + 1 == kMaxArgvItems && !is_last) return text + " ...";
  }
  return text;
}

std::vector<std::string> Base64OfEach(const std::vector<std::string>& argv) {
  std::vector<std::string> encoded;
  size_t bytes = 0;
  for (const std::string& arg : argv) {
    bytes += arg.size();
    // The text says "..." then: nobody takes it for the whole.
    if (bytes > kMaxArgvBytes || encoded.size() == kMaxArgvItems) break;
    encoded.push_back(wire::EncodeBase64(arg));
  }
  return encoded;
}

std::string EscapeDetail(std::string_view detail) {
  return Escape(detail.substr(0, kMaxDetailBytes)) + (detail.size() > kMaxDetailBytes ? "..." : "");
}

void DescribeProcess(const platform::ProcessHandle& process, wire::Record& record) {
  record.pid = process.pid;
  core::Result<platform::ProcessFacts> facts = platform::ReadProcessFacts(process);
  if (!facts) return;
  if (facts->login_uid) record.loginuid = *facts->login_uid;
  if (facts->audit_session) record.session = std::to_string(*facts->audit_session);
  if (record.tty.empty()) record.tty = facts->terminal;
}

}  // namespace

core::Query QueryOf(const wire::CommandCall& call) {
  core::Query query;
  query.user = call.user;
  query.uid = call.uid;
  query.door = call.door;
  query.mode = call.mode;
  query.command = call.command;
  if (!call.argv.empty()) query.args.assign(call.argv.begin() + 1, call.argv.end());
  query.files = call.files;
  query.cwd = call.cwd;
  query.runas_user = call.runas_user;
  query.runas_uid = call.runas_uid;
  query.runas_group = call.runas_group;
  query.runas_gid = call.runas_gid;
  query.env = call.env;
  query.options = call.options;
  query.intercepts = call.intercepts;
  if (call.groups_kept) query.options.emplace_back("preserve_groups");
  return query;
}

core::Query QueryOf(const wire::AccountCall& call) {
  core::Query query;
  query.mode = core::Mode::kAccount;
  query.door = call.door;
  query.uid = call.uid;
  const bool has_target = call.door == core::Door::kSu || call.door == core::Door::kRun0;
  query.user = has_target ? call.ruser : call.user;
  if (has_target) query.runas_user = call.user;
  return query;
}

wire::Record RecordOf(const wire::CommandCall& call, const platform::ProcessHandle& process) {
  wire::Record record;
  record.user = call.user;
  record.uid = call.uid;
  record.tty = call.tty;
  DescribeProcess(process, record);
  record.door = core::DoorName(call.door);
  record.service = "sudo";
  record.command = Escape(call.command);
  record.argv = JoinForPeople(call.argv);
  record.argv_b64 = Base64OfEach(call.argv);
  record.cwd = Escape(call.cwd);
  record.runas = call.runas_user;
  record.runas_uid = call.runas_uid;
  if (call.parent > 0) record.parent = static_cast<int64_t>(call.parent);
  return record;
}

wire::Record RecordOf(const wire::AccountCall& call, const platform::ProcessHandle& process) {
  const core::Query query = QueryOf(call);
  wire::Record record;
  record.user = query.user;
  record.uid = call.uid;
  record.tty = call.tty;
  record.rhost = Escape(call.rhost);
  DescribeProcess(process, record);
  record.door = core::DoorName(call.door);
  record.service = call.service;
  record.runas = query.runas_user;
  if (call.phase == wire::AccountPhase::kOpenSession) record.event = "session.opened";
  if (call.phase == wire::AccountPhase::kCloseSession) record.event = "session.closed";
  return record;
}

namespace {

/// Made in its lifetime under its number, so by itself; and not about a sub-command.
bool IsOwn(const wire::Record& record, const platform::ProcessHandle& process,
           std::string_view boot_id) {
  return record.pid == process.pid && record.boot_id == boot_id &&
         record.boot_ms >= platform::BornAt(process).count() && !record.parent;
}

}  // namespace

bool IsDenialOf(const wire::Record& record, const platform::ProcessHandle& process,
                std::string_view boot_id) {
  return IsOwn(record, process, boot_id) && record.event == "decision.denied" && record.uid;
}

core::Parent ParentOf(const wire::Record& record, const platform::ProcessHandle& process,
                      std::string_view boot_id) {
  const bool is_its_own = IsOwn(record, process, boot_id);
  const bool is_allow = record.event == "decision.allowed" && record.verdict == "allow";
  if (!is_its_own || !is_allow) return {};
  if (record.reason == core::ReasonName(core::Reason::kStanding)) {
    return {.grant = {}, .standing = record.role, .rule = record.rule};
  }
  return {.grant = record.grant, .standing = {}, .rule = record.rule};
}

PathPlan PlanPaths(const core::Policy* policy, const core::Query& query) {
  PathPlan plan;
  if (query.mode == core::Mode::kEdit) {
    for (const std::string& file : query.files) plan.questions.push_back({file, false, false});
    return plan;
  }
  const bool wants_digest = policy != nullptr && IsAnyDigestWanted(*policy);
  plan.questions.push_back({query.command, wants_digest, true});
  for (size_t i = 0; policy != nullptr && i < query.args.size(); ++i) {
    if (!IsPathSomewhere(*policy, i)) continue;
    plan.questions.push_back({query.args[i], false, false});
    plan.arguments.push_back(i);
  }
  return plan;
}

void FillIn(const PathPlan& plan, std::vector<core::PathFact> facts, core::Query& query) {
  if (query.mode == core::Mode::kEdit) {
    query.file_paths = std::move(facts);
    return;
  }
  query.command_path = std::move(facts.front());
  query.arg_paths.resize(query.args.size());
  for (size_t i = 0; i < plan.arguments.size(); ++i) {
    query.arg_paths[plan.arguments[i]] = std::move(facts[i + 1]);
  }
}

void FillOutcome(const wire::VerdictReply& reply, const core::Decision& decision,
                 wire::Record& record) {
  const bool is_allowed = reply.verdict == core::Verdict::kAllow;
  if (record.event.empty()) record.event = is_allowed ? "decision.allowed" : "decision.denied";
  record.verdict = is_allowed ? "allow" : "deny";
  record.effect = reply.effect == core::Verdict::kAllow ? "allow" : "deny";
  record.reason = core::ReasonName(reply.reason);
  record.detail = EscapeDetail(decision.detail);
  record.grant = decision.grant;
  record.role = decision.role;
  record.rule = decision.rule;
  if (decision.until) record.until_ms = core::ToMillis(*decision.until);
}

}  // namespace daypass::agent
