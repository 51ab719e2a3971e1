// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Recorded decisions as uses: what ran, and why no rule can say it where none can.
#include <algorithm>

#include "core/escape.h"
#include "policy/suggest.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

std::string ShowTime(core::Instant time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  const auto two = [](auto number) {
    const std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
  };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day())) +
         "T" + two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" +
         two(clock.seconds().count()) + "Z";
}

std::string WhyUnsafe(const core::PathFact& fact) {
  return core::ForTerminal(fact.unsafe) + " can be changed by others than root: hosts refuse it";
}

/// Empty if a rule can say it.
std::string TroubleOf(const core::Query& query) {
  if (query.mode == core::Mode::kShell || query.mode == core::Mode::kLogin) {
    return "a shell of sudo's: find out what is done in it";
  }
  if (!query.options.empty()) return "sudo's option " + core::ForTerminal(query.options.front());
  if (!query.env.empty()) {
    const std::string& variable = query.env.front();
    return "it sets " + core::ForTerminal(variable.substr(0, variable.find('=')));
  }
  const bool is_edit = query.mode == core::Mode::kEdit;
  if (!is_edit && !query.command_path.safe) return WhyUnsafe(query.command_path);
  for (const core::PathFact& path : is_edit ? query.file_paths : query.arg_paths) {
    if (!path.safe) return WhyUnsafe(path);
  }
  return "";
}

Use ReadUse(const Recorded& one) {
  const core::Query& query = one.query;
  Use use;
  use.host = one.host;
  use.account = query.user;
  use.runas = query.runas_user;
  use.runas_group = query.runas_group;
  if (query.mode == core::Mode::kEdit) {
    for (const core::PathFact& fact : query.file_paths) use.files.push_back(fact.canonical);
  } else {
    use.command = query.command_path.canonical;
    use.args = query.args;
  }
  use.when = ShowTime(one.time);
  use.has_terminal = one.has_terminal;
  use.uid = query.uid;
  use.trouble = TroubleOf(query);
  return use;
}

}  // namespace

std::vector<Use> UsesOf(std::span<const Recorded> recorded, UnusedCounts& unused) {
  std::vector<const Recorded*> ran;
  for (const Recorded& one : recorded) {
    const bool is_command =
        one.query.mode != core::Mode::kAccount && one.query.door == core::Door::kSudo;
    if (is_command && one.ran) {
      ran.push_back(&one);
    } else {
      ++unused[is_command ? Unused::kNotRun : Unused::kOther];
    }
  }
  std::ranges::stable_sort(ran, {}, &Recorded::time);
  std::vector<Use> uses;
  uses.reserve(ran.size());
  for (const Recorded* one : ran) uses.push_back(ReadUse(*one));
  return uses;
}

}  // namespace daypass::policy
