// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/match.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/environment.h"

namespace daypass::core {
namespace {

// Options that change nothing about what runs, only for how long or with which of the variables
// that the environment check sees anyway.
constexpr std::array<std::string_view, 2> kHarmlessOptions = {"timeout", "preserve_env"};

bool Contains(const auto& list, const auto& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

/// Decimal without plus, leading zero, space or rest: one number has one spelling.
std::optional<int64_t> ReadInteger(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (std::to_string(value) != text) return std::nullopt;
  return value;
}

/// Whether a program takes the argument for a path, too. In the folder itself "--output=x" and
/// "host:x" are names of files to the kernel, and something else to the program.
bool IsWrittenAsPath(const std::string& argument) {
  return argument.starts_with('/') || argument.starts_with("./") || argument.starts_with("../");
}

bool LiesBelow(const std::string& folder, const PathFact& fact) {
  if (!fact.safe || !folder.starts_with('/')) return false;
  const std::string prefix = folder == "/" ? folder : folder + "/";
  return fact.canonical.size() > prefix.size() && fact.canonical.starts_with(prefix);
}

/// One argument against its matcher.
struct ArgumentMatcher {
  const std::string& argument;
  const PathFact& fact;
  const PatternMatcher& matches_pattern;

  bool operator()(const MatchIs& m) const { return argument == m.value; }
  bool operator()(const MatchOneOf& m) const { return Contains(m.values, argument); }
  bool operator()(const MatchInt& m) const {
    std::optional<int64_t> value = ReadInteger(argument);
    return value && *value >= m.lo && *value <= m.hi;
  }
  bool operator()(const MatchUnder& m) const {
    return IsWrittenAsPath(argument) && LiesBelow(m.path, fact);
  }
  bool operator()(const MatchPattern& m) const {
    return matches_pattern && matches_pattern(m.re, argument);
  }
};

/// Arguments from the left: the first that does not fit is the one that is named.
std::optional<Misfit> MatchArguments(const CommandRule& rule, const Query& query,
                                     const PatternMatcher& matches_pattern) {
  static const PathFact kUnknown;
  for (size_t i = 0; i < rule.args.size(); ++i) {
    if (i >= query.args.size()) {
      return Misfit{Reason::kWrongArgument, "argument " + std::to_string(i + 1) + " is missing"};
    }
    const PathFact& fact = i < query.arg_paths.size() ? query.arg_paths[i] : kUnknown;
    if (std::visit(ArgumentMatcher{query.args[i], fact, matches_pattern}, rule.args[i])) continue;
    const bool is_path =
        std::holds_alternative<MatchUnder>(rule.args[i]) && IsWrittenAsPath(query.args[i]);
    if (is_path && !fact.safe && !fact.unsafe.empty()) {
      return Misfit{Reason::kPathUnsafe, fact.unsafe};
    }
    return Misfit{Reason::kWrongArgument, query.args[i]};
  }
  if (!rule.rest_any && query.args.size() > rule.args.size()) {
    return Misfit{Reason::kWrongArgument, query.args[rule.args.size()]};
  }
  return std::nullopt;
}

std::optional<Misfit> MatchCommandRule(const CommandRule& rule, const Query& query,
                                       const PatternMatcher& matches_pattern) {
  const PathFact& command = query.command_path;
  if (!command.safe) return Misfit{Reason::kPathUnsafe, command.unsafe};
  if (command.canonical != rule.path) return Misfit{Reason::kWrongCommand, command.canonical};
  if (auto misfit = MatchArguments(rule, query, matches_pattern)) return misfit;
  if (rule.cwd && *rule.cwd != query.cwd) return Misfit{Reason::kWrongCwd, query.cwd};
  if (rule.sha256 && *rule.sha256 != command.sha256) {
    return Misfit{Reason::kDigest, command.canonical};
  }
  return std::nullopt;
}

std::optional<Misfit> MatchEditRule(const EditRule& rule, const Query& query) {
  if (query.files.empty()) return Misfit{Reason::kWrongFile, "no file was named"};
  for (size_t i = 0; i < query.files.size(); ++i) {
    if (i >= query.file_paths.size()) return Misfit{Reason::kWrongFile, query.files[i]};
    const PathFact& fact = query.file_paths[i];
    if (!fact.safe) return Misfit{Reason::kPathUnsafe, fact.unsafe};
    if (!Contains(rule.files, fact.canonical)) return Misfit{Reason::kWrongFile, fact.canonical};
  }
  return std::nullopt;
}

std::optional<Misfit> MatchRule(const Rule& rule, const Query& query,
                                const PatternMatcher& matches_pattern) {
  const bool is_edit = query.mode == Mode::kEdit;
  if (const auto* edit = std::get_if<EditRule>(&rule.kind)) {
    if (!is_edit) return Misfit{Reason::kWrongCommand, query.command_path.canonical};
    return MatchEditRule(*edit, query);
  }
  if (is_edit) {
    return Misfit{Reason::kWrongFile, query.files.empty() ? std::string{} : query.files.front()};
  }
  return MatchCommandRule(std::get<CommandRule>(rule.kind), query, matches_pattern);
}

/// Misfits from far to near, so that the most telling one is shown.
constexpr std::array kNearness = {Reason::kWrongCommand,  Reason::kWrongFile, Reason::kPathUnsafe,
                                  Reason::kWrongArgument, Reason::kWrongCwd,  Reason::kDigest};

auto Nearness(Reason reason) {
  return std::ranges::find(kNearness, reason) - kNearness.begin();
}

std::optional<Misfit> MatchOptions(const Query& query) {
  if (query.mode == Mode::kShell) return Misfit{Reason::kOptionRefused, "-s"};
  if (query.mode == Mode::kLogin) return Misfit{Reason::kOptionRefused, "-i"};
  for (const std::string& option : query.options) {
    if (!Contains(kHarmlessOptions, option)) return Misfit{Reason::kOptionRefused, option};
  }
  return std::nullopt;
}

/// sudo runs the editor of sudoedit as the user, in the user's own environment.
std::optional<Misfit> MatchEnvironment(const Powers& powers, const Query& query) {
  if (query.mode == Mode::kEdit) return std::nullopt;
  const std::string_view home = query.runas_uid == 0 ? "/root" : "";
  auto refused = FirstRefusedVariable(query.env, powers.env, home);
  if (!refused) return std::nullopt;
  return Misfit{Reason::kEnvironment, std::move(*refused)};
}

/// Whether the role lets pass a door that shows no command. At sudo's, a host whose sudo has
/// plugins shows it to them; that it does not here means that they are gone.
bool OpensBlindly(const Powers& powers, const Query& query) {
  if (powers.full && Contains(powers.doors, query.door)) return true;
  if (query.door == Door::kSudo && !query.sudo_has_no_plugins) return false;
  return Contains(powers.command_blind_doors, query.door);
}

/// sudoedit runs nothing as somebody else that could start anything.
std::optional<Misfit> MatchIntercept(const Powers& powers, const Query& query) {
  if (!powers.intercept || query.intercepts || query.mode == Mode::kEdit) return std::nullopt;
  return Misfit{Reason::kInterceptMissing, {}};
}

/// By path alone: what it is started with, its parent makes, and that may run as it is.
std::optional<Misfit> MatchSubCommand(const Powers& powers, const Query& query,
                                      std::string& rule_id) {
  if (powers.full) return std::nullopt;
  const PathFact& command = query.command_path;
  if (!command.safe) return Misfit{Reason::kPathUnsafe, command.unsafe};
  const auto rule = std::ranges::find(powers.rules, query.parent->rule, &Rule::id);
  const auto* parent = rule == powers.rules.end() ? nullptr : std::get_if<CommandRule>(&rule->kind);
  if (parent == nullptr || !Contains(parent->may_run, command.canonical)) {
    return Misfit{Reason::kWrongCommand, command.canonical};
  }
  rule_id = rule->id;
  return std::nullopt;
}

}  // namespace

std::optional<Misfit> MatchDoor(const Powers& powers, const Query& query) {
  const std::string name{DoorName(query.door)};
  const bool is_blind = query.mode == Mode::kAccount && !IsLogin(query.door);
  const bool opens = is_blind ? OpensBlindly(powers, query) : Contains(powers.doors, query.door);
  if (!opens) return Misfit{Reason::kWrongDoor, name};
  return std::nullopt;
}

std::optional<Misfit> MatchRunAs(const Powers& powers, const Query& query) {
  if (query.mode == Mode::kAccount && query.runas_user.empty()) {
    // Where nobody says whom a door leads to, it may lead to root.
    if (IsLogin(query.door) || Contains(powers.run_as.users, "root")) return std::nullopt;
    return Misfit{Reason::kWrongRunas, "root"};
  }
  if (!Contains(powers.run_as.users, query.runas_user)) {
    return Misfit{Reason::kWrongRunas, query.runas_user};
  }
  const bool has_uid = query.mode != Mode::kAccount;  // PAM shows the target's name alone
  if (has_uid && (query.runas_user == "root") != (query.runas_uid == 0)) {
    return Misfit{Reason::kWrongRunas, "uid " + std::to_string(query.runas_uid)};
  }
  if (!query.runas_group.empty() && !Contains(powers.run_as.groups, query.runas_group)) {
    return Misfit{Reason::kWrongRunas, "group " + query.runas_group};
  }
  return std::nullopt;
}

std::optional<Misfit> MatchHours(const Powers& powers, const Zones& zones, const Now& now,
                                 Instant* until) {
  const Instant horizon = until != nullptr ? *until : now.hi;
  if (const auto close = OpenUntil(powers.windows, zones, now, horizon)) {
    if (until != nullptr) *until = std::min(*until, *close);
    return std::nullopt;
  }
  const std::optional<Opening> next = NextOpening(powers.windows, zones, now.lo);
  if (!next) return Misfit{Reason::kOutsideHours, "opens no more this month"};
  return Misfit{Reason::kOutsideHours, "opens " + DescribeOpening(*next, zones)};
}

std::optional<Misfit> MatchCommand(const Powers& powers, const Query& query,
                                   const PatternMatcher& matches_pattern, std::string& rule_id) {
  if (query.mode == Mode::kAccount) return std::nullopt;
  if (query.parent) return MatchSubCommand(powers, query, rule_id);
  if (powers.full) return MatchIntercept(powers, query);
  if (auto misfit = MatchOptions(query)) return misfit;
  std::optional<Misfit> nearest;
  for (const Rule& rule : powers.rules) {
    std::optional<Misfit> misfit = MatchRule(rule, query, matches_pattern);
    if (!misfit) {
      // Last, so that a command outside the role is named as such and not by its environment.
      if (auto unclean = MatchEnvironment(powers, query)) return unclean;
      if (auto unheard = MatchIntercept(powers, query)) return unheard;
      rule_id = rule.id;
      return std::nullopt;
    }
    if (!nearest || Nearness(misfit->reason) > Nearness(nearest->reason)) {
      nearest = std::move(misfit);
    }
  }
  if (nearest) return nearest;
  return Misfit{Reason::kWrongCommand, query.command_path.canonical};
}

}  // namespace daypass::core
