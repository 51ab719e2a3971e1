// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Words for rules, hosts, approvers.
#include "policy/describe.h"

#include <fmt/format.h>

#include "core/duration.h"
#include "core/escape.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

/// Each item in words.
template <typename Items, typename Word>
std::vector<std::string> Each(const Items& items, const Word& word) {
  std::vector<std::string> words;
  words.reserve(items.size());
  for (const auto& item : items) words.push_back(word(item));
  return words;
}

void Append(std::vector<std::string>& words, std::vector<std::string> more) {
  words.insert(words.end(), more.begin(), more.end());
}

struct MatcherWords {
  std::string operator()(const core::MatchIs& match) const {
    return core::CommandWord(match.value);
  }
  std::string operator()(const core::MatchOneOf& match) const {
    return "<one of: " + Join(Each(match.values, core::CommandWord)) + ">";
  }
  std::string operator()(const core::MatchInt& match) const {
    return fmt::format("<number {} to {}>", match.lo, match.hi);
  }
  std::string operator()(const core::MatchUnder& match) const {
    return "<path below " + core::CommandWord(match.path) + ">";
  }
  std::string operator()(const core::MatchPattern& match) const {
    return "<text that matches " + core::CommandWord(match.re) + ">";
  }
};

struct RuleLines {
  std::vector<std::string> operator()(const core::CommandRule& rule) const {
    std::string line = core::CommandWord(rule.path);
    for (const core::Matcher& matcher : rule.args) {
      line += " " + std::visit(MatcherWords{}, matcher);
    }
    if (rule.rest_any) line += " <and anything>";
    if (rule.cwd) line += "   (only in " + core::CommandWord(*rule.cwd) + ")";
    if (rule.sha256)
      line += "   (only the file with SHA-256 " + rule.sha256->substr(0, 16) + "...)";
    if (rule.equals_root) line += "   (equals root)";
    if (!rule.may_run.empty()) line += "   (may start " + Join(rule.may_run) + ")";
    return {line};
  }
  std::vector<std::string> operator()(const core::EditRule& rule) const {
    return Each(rule.files,
                [](const std::string& file) { return "sudoedit " + core::CommandWord(file); });
  }
};

std::string KeysInWords(core::KeyUse use) {
  switch (use) {
    case core::KeyUse::kAny:
      return "";
    case core::KeyUse::kTouch:
      return ", each with a touch of a FIDO2 key";
    case core::KeyUse::kVerify:
      return ", each with touch and PIN of a FIDO2 key";
  }
  return "";
}

/// "env is production".
std::string LabelIs(const std::pair<std::string, std::string>& label) {
  return core::ForTerminal(label.first) + " is " + core::ForTerminal(label.second);
}

}  // namespace

std::string Join(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += between;
    text += core::ForTerminal(name);
  }
  return text;
}

std::string DescribeMatcher(const core::Matcher& matcher) {
  return std::visit(MatcherWords{}, matcher);
}

std::vector<std::string> DescribeRule(const core::Rule& rule) {
  return std::visit(RuleLines{}, rule.kind);
}

std::string DescribeRunAs(const core::RunAs& run_as) {
  std::string text = Join(run_as.users);
  for (const std::string& group : run_as.groups) {
    text += (text.empty() ? "group " : ", group ") + core::ForTerminal(group);
  }
  return text;
}

std::string DescribeDoors(const std::vector<core::Door>& doors) {
  std::string text;
  for (const core::Door door : doors) {
    if (!text.empty()) text += ", ";
    text += core::DoorName(door);
  }
  return text;
}

std::string DescribeHosts(const core::HostSelector& hosts) {
  if (!hosts.names.empty()) return Join(hosts.names);
  std::vector<std::string> conditions = Each(hosts.all, LabelIs);
  if (!hosts.any.empty()) conditions.push_back("(" + Join(Each(hosts.any, LabelIs), " or ") + ")");
  Append(conditions,
         Each(hosts.none_of, [](const auto& label) { return "not " + LabelIs(label); }));
  return "where " + Join(conditions, " and ");
}

std::string DescribeHours(const core::Hours& hours) {
  std::string days;
  for (size_t day = 0; day < hours.days.size(); ++day) {
    if (!hours.days[day]) continue;
    days += (days.empty() ? "" : ", ") + std::string(wire::kWeekdays[day]);
  }
  const auto time = [](std::chrono::minutes since_midnight) {
    return fmt::format("{:02}:{:02}", since_midnight.count() / 60, since_midnight.count() % 60);
  };
  return fmt::format("{} {} to {} {}", days, time(hours.from), time(hours.to),
                     core::ForTerminal(hours.zone));
}

std::string DescribeSubjects(const core::Subjects& subjects) {
  if (subjects.any) return "any account";
  std::vector<std::string> who = subjects.people;
  Append(who, Each(subjects.groups, [](const std::string& group) { return "group " + group; }));
  return Join(who);
}

std::string DescribeApprovers(const std::vector<core::ApprovalRule>& approve) {
  const auto words = [](const core::ApprovalRule& rule) {
    return fmt::format("{} of {}{}", rule.count, Join(rule.groups, " or "), KeysInWords(rule.keys));
  };
  return Join(Each(approve, words), "; and ");
}

std::string DescribeUses(uint32_t uses) {
  if (uses == 0) return "any number of times";
  return uses == 1 ? "once" : fmt::format("at most {} times", uses);
}

std::string DescribeStart(core::StartRule start) {
  switch (start) {
    case core::StartRule::kApproval:
      return "as soon as it is approved";
    case core::StartRule::kFirstUse:
      return "with the first use";
    case core::StartRule::kScheduled:
      return "at a set time";
  }
  return "";
}

std::string DescribeEnd(const core::Role& role) {
  std::string text = role.on_end == core::OnEnd::kNotify
                         ? "running commands go on; their user is told"
                     : role.on_end == core::OnEnd::kHangup ? "running commands are hung up"
                                                           : "running commands are ended";
  if (role.grace.count() > 0) text += ", after " + core::FormatDuration(role.grace);
  for (size_t i = 0; i < role.warn.size(); ++i) {
    text += (i == 0 ? "; warned before: " : ", ") + core::FormatDuration(role.warn[i]);
  }
  return text;
}

std::string DescribeServerConditions(const core::ServerConditions& server) {
  std::vector<std::string> words;
  if (server.stages) words.emplace_back("each block of approvers after the one before");
  Append(words, Each(server.hours, [](const core::Hours& hours) {
           return "approvals only " + DescribeHours(hours);
         }));
  if (!server.on_call.empty()) words.push_back("on call: " + server.on_call);
  if (!server.ticket.empty()) words.push_back("a ticket that matches " + server.ticket);
  if (server.max_risk) words.push_back(fmt::format("a risk of {} at most", *server.max_risk));
  if (server.per_day > 0) words.push_back(fmt::format("{} requests a day", server.per_day));
  return Join(words, "; ");
}

std::string DescribeAutomatic(const core::AutomaticApproval& automatic) {
  return fmt::format("for {} on {}, up to {}, {} in 24 hours for an account on a host",
                     DescribeSubjects(automatic.subjects), DescribeHosts(automatic.hosts),
                     core::FormatDuration(automatic.max_duration), automatic.per_day);
}

std::string DescribeWindows(const std::vector<core::Hours>& windows) {
  return windows.empty() ? "at any time" : Join(Each(windows, DescribeHours), "; ");
}

std::string DescribeStanding(const core::Standing& standing) {
  std::vector<std::string> commands;
  for (const core::Rule& rule : standing.rules) Append(commands, DescribeRule(rule));
  std::string text = fmt::format(
      "{}: {}{} on {} through {} as {}, {}: {}", core::ForTerminal(standing.name),
      Join(standing.accounts), standing.personal ? " (persons, too)" : "",
      DescribeHosts(standing.hosts), DescribeDoors(standing.doors), DescribeRunAs(standing.run_as),
      DescribeWindows(standing.windows), Join(commands, "; "));
  if (!standing.env.empty()) text += "; variables " + Join(standing.env);
  if (standing.intercept) text += "; under intercept";
  if (standing.valid_until)
    text += fmt::format("; until {} ms", core::ToMillis(*standing.valid_until));
  return text;
}

std::string DescribeBreakglass(const core::Breakglass& breakglass) {
  return fmt::format("{} on {}, up to {}, approved by {}", Join(breakglass.roles),
                     DescribeHosts(breakglass.hosts), core::FormatDuration(breakglass.max_duration),
                     DescribeApprovers(breakglass.approve));
}

std::string DescribeHostLimit(const core::HostLimit& limit) {
  return core::FormatDuration(limit.max_duration) + " on " + DescribeHosts(limit.hosts);
}

std::vector<std::string> Warnings(const core::Policy& policy, const core::Role& role) {
  std::vector<std::string> warnings;
  if (role.full) {
    warnings.emplace_back(
        "FULL: this role allows every command, shells too. Its holder can do anything on the host, "
        "also to Daypass there.");
  }
  std::string rules;
  for (const core::Rule& rule : role.rules) {
    const auto* command = std::get_if<core::CommandRule>(&rule.kind);
    if (command == nullptr || !command->equals_root) continue;
    rules += (rules.empty() ? "" : ", ") + core::ForTerminal(rule.id);
  }
  if (!rules.empty()) {
    warnings.push_back("EQUALS ROOT: whoever may run " + rules + " can become root with it.");
  }
  if (!role.command_blind_doors.empty()) {
    warnings.push_back("NOT BY COMMAND: at " + DescribeDoors(role.command_blind_doors) +
                       " the host does not see which command is run, and lets every one pass.");
  }
  if (role.unwatched) {
    warnings.emplace_back(
        "UNWATCHED: commands may run where nothing can end them with the window.");
  }
  if (policy.server_is_root) {
    warnings.emplace_back(
        "SERVER IS ROOT: by this policy the server alone may grant what people grant here.");
  }
  return warnings;
}

}  // namespace daypass::policy
