// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/wording.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

#include "core/authority.h"
#include "core/hosts.h"
#include "core/match.h"

namespace daypass::agent {
namespace {

constexpr core::Seconds kUsualDuration{1800};

/// Denials that more access would settle. Of the others the reason itself says what to do.
constexpr std::array kSettledByAsking = {
    core::Reason::kNoGrant,         core::Reason::kExpired,       core::Reason::kUsedUp,
    core::Reason::kRoleChanged,     core::Reason::kRevoked,       core::Reason::kDropped,
    core::Reason::kWrongHost,       core::Reason::kWrongDoor,     core::Reason::kWrongRunas,
    core::Reason::kWrongCommand,    core::Reason::kWrongArgument, core::Reason::kWrongFile,
    core::Reason::kStartOutOfRange, core::Reason::kOptionRefused};

bool IsSettledByAsking(core::Reason reason) {
  return std::ranges::find(kSettledByAsking, reason) != kSettledByAsking.end();
}

std::string FormatDuration(core::Seconds duration) {
  if (duration.count() % 3600 == 0) return std::to_string(duration.count() / 3600) + "h";
  if (duration.count() % 60 == 0) return std::to_string(duration.count() / 60) + "m";
  return std::to_string(duration.count()) + "s";
}

/// The command line, without what a terminal would obey.
std::string Visible(std::string_view text) {
  constexpr size_t kMost = 200;
  std::string shown;
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  if (text.size() > kMost) shown += "...";
  return shown;
}

bool EqualsRoot(const core::Role& role) {
  return std::ranges::any_of(role.rules, [](const core::Rule& rule) {
    const auto* command = std::get_if<core::CommandRule>(&rule.kind);
    return command != nullptr && command->equals_root;
  });
}

std::string Describe(const core::Query& query) {
  if (query.mode == core::Mode::kAccount)
    return "the door " + std::string(core::DoorName(query.door));
  std::string line = query.command;
  for (const std::string& arg : query.args) line += ' ' + arg;
  if (query.mode == core::Mode::kEdit) {
    line = "sudoedit";
    for (const std::string& file : query.files) line += ' ' + file;
  }
  return Visible(line) + " as " + Visible(query.runas_user);
}

}  // namespace

std::string FormatTime(core::Instant instant, core::Instant now) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<core::Seconds>(instant - day)};
  char text[40];
  const bool is_today = day == std::chrono::floor<std::chrono::days>(now);
  const int length =
      is_today
          ? 0
          : std::snprintf(text, sizeof text, "%04d-%02u-%02u ", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  std::snprintf(text + length, sizeof text - static_cast<size_t>(length), "%02d:%02d:%02dZ",
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

std::vector<const core::Role*> FindRolesFor(const core::Snapshot& snapshot,
                                            const core::Query& query) {
  std::vector<const core::Role*> found;
  if (snapshot.policy == nullptr) return found;
  const core::Instant at = snapshot.now ? snapshot.now->hi : core::Instant::max();
  for (const core::Role& role : snapshot.policy->roles) {
    std::string rule;
    if (core::IsSubjectOf(*snapshot.policy, role, query.user, at) &&
        core::Selects(role.hosts, snapshot.host->name, snapshot.host->labels) &&
        !core::MatchDoor(role, query) && !core::MatchRunAs(role, query) &&
        !core::MatchCommand(role, query, snapshot.matches_pattern, rule)) {
      found.push_back(&role);
    }
  }
  std::ranges::sort(found, {}, [](const core::Role* role) {  // of equals the policy's first
    return std::tuple{role->full, EqualsRoot(*role), role->rules.size(), role};
  });
  return found;
}

Wording Explain(const core::Snapshot& snapshot, const core::Query& query,
                const core::Decision& decision) {
  Wording wording;
  wording.text = "not allowed: " + Describe(query) +
                 "\nwhy: " + std::string(core::ReasonText(decision.reason));
  if (!decision.detail.empty()) wording.text += " (" + Visible(decision.detail) + ")";
  if (decision.reason == core::Reason::kExpired && decision.until && snapshot.now) {
    wording.text += " at " + FormatTime(*decision.until, snapshot.now->hi);
  }
  if (!decision.grant.empty()) {
    wording.text += "; grant " + core::ShortId(decision.grant) + ", role " + decision.role;
  }
  // Another role would not help what a command starts: that is judged in the command's name.
  if (query.parent || !IsSettledByAsking(decision.reason)) return wording;
  wording.roles = FindRolesFor(snapshot, query);
  if (!wording.roles.empty()) {
    const core::Role* role = wording.roles.front();
    wording.hint = "daypass request --role " + role->name + " --for " +
                   FormatDuration(std::min(role->max_duration, kUsualDuration)) +
                   " --reason \"why you need it\"";
  } else if (snapshot.policy != nullptr) {
    wording.text += "\nno role of the policy gives this to you; ask the administrators of Daypass";
  }
  return wording;
}

}  // namespace daypass::agent
