// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From uses to rules. What one account ran is sorted by command, number of arguments, options and
// verb; where the rest differs, the narrowest matcher that covers it stands. Accounts share a rule
// only where their own ones are the same.
#include "policy/suggest.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/escape.h"
#include "policy/describe.h"
#include "policy/narrowest.h"
#include "policy/replay.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

constexpr size_t kMostFiles = 64;  // of a rule: more are nobody's to read
constexpr size_t kMostVerbs = 12;  // more first words are names, not verbs
constexpr size_t kMostWays = 20;   // in which one account runs one command
constexpr size_t kMostArguments = 100;
constexpr size_t kMostText = 4096;  // of a rule
constexpr size_t kMostExamples = 3;
constexpr size_t kMostNames = 8;  // in a comment
constexpr uint32_t kFirstPerson = 1000;

bool IsVerb(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

using Values = std::set<std::string>;

/// What uses must have in common to be one rule.
struct Shape {
  std::string account, runas, runas_group, command;
  /// Options and the verb as they are; what may differ is none.
  std::vector<std::optional<std::string>> words;
  auto operator<=>(const Shape&) const = default;
};

Shape ShapeOf(const Use& use, bool has_verb) {
  Shape shape{use.account, use.runas, use.runas_group, use.command, {}};
  for (size_t i = 0; i < use.args.size(); ++i) {
    const std::string& word = use.args[i];
    const bool is_fixed =
        word.starts_with('-') ? !IsInteger(word) : i == 0 && has_verb && IsVerb(word);
    shape.words.push_back(is_fixed ? std::optional(word) : std::nullopt);
  }
  return shape;
}

/// Uses of one account that become one rule.
using Pile = std::vector<const Use*>;

std::map<Shape, Pile> MakePiles(const Pile& uses) {
  std::map<Shape, Values> verbs;  // by the shape in which the verb may differ
  for (const Use* use : uses) {
    if (!use->args.empty()) verbs[ShapeOf(*use, false)].insert(use->args.front());
  }
  std::map<Shape, Pile> piles;
  for (const Use* use : uses) {
    const auto known = verbs.find(ShapeOf(*use, false));
    const bool has_verb = known == verbs.end() || known->second.size() <= kMostVerbs;
    piles[ShapeOf(*use, has_verb)].push_back(use);
  }
  return piles;
}

std::vector<Values> ValuesOf(const Pile& pile) {
  std::vector<Values> values(pile.front()->args.size());
  for (const Use* use : pile) {
    for (size_t i = 0; i < values.size(); ++i) values[i].insert(use->args[i]);
  }
  return values;
}

std::string Typed(const Use& use) {
  core::Query query;
  query.mode = use.files.empty() ? core::Mode::kRun : core::Mode::kEdit;
  query.command = use.command;
  query.args = use.args;
  query.files = use.files;
  return DescribeQuery(query);
}

std::string Times(size_t count) {
  return count == 1 ? "once" : std::to_string(count) + " times";
}

std::string Few(const std::vector<std::string>& all) {
  if (all.size() <= kMostNames) return Join(all);
  return Join({all.begin(), all.begin() + kMostNames}) + " and " +
         std::to_string(all.size() - kMostNames) + " more";
}

/// Who and how often, where, and what for example.
std::vector<std::string> Evidence(const Pile& pile) {
  std::map<std::string, size_t> by_account;
  std::map<std::string, std::string> examples;  // with the last time of each
  std::set<std::string> hosts, at_terminal;
  for (const Use* use : pile) {
    ++by_account[use->account];
    if (!use->host.empty()) hosts.insert(use->host);
    if (use->has_terminal) at_terminal.insert(use->account);
    const std::string typed = Typed(*use);
    if (examples.size() < kMostExamples || examples.contains(typed)) examples[typed] = use->when;
  }
  std::vector<std::string> who;
  who.reserve(by_account.size());
  for (const auto& [account, count] : by_account) who.push_back(account + " " + Times(count));
  std::string line = Few(who) + "; on ";
  line += hosts.empty() ? "hosts that are not known" : Few({hosts.begin(), hosts.end()});
  if (at_terminal.empty()) line += "; never at a terminal";
  std::vector<std::string> evidence = {line};
  for (const auto& [typed, when] : examples) {
    evidence.push_back("such as: " + typed + (when.empty() ? "" : ", last " + when));
  }
  return evidence;
}

const std::string& HostOf(const Use& use) {
  static const std::string kUnknown(kUnknownHost);
  return use.host.empty() ? kUnknown : use.host;
}

/// Whether all that uses are made of goes together in more ways than it was seen together: whose,
/// on which host, with which arguments.
bool Combines(const Pile& pile) {
  std::set<std::vector<std::string>> seen;
  Values accounts, hosts, files;
  for (const Use* use : pile) {
    accounts.insert(use->account);
    hosts.insert(HostOf(*use));
    files.insert(use->files.begin(), use->files.end());
    std::vector<std::string> one = {use->account, HostOf(*use)};
    one.insert(one.end(), use->args.begin(), use->args.end());
    for (const std::string& file : use->files) {
      one.resize(2);
      one.push_back(file);
      seen.insert(one);
    }
    seen.insert(std::move(one));
  }
  size_t possible = accounts.size() * hosts.size() * std::max(files.size(), size_t{1});
  for (const Values& values : ValuesOf(pile)) {
    if (possible > seen.size()) break;  // before it is beyond any number
    possible *= values.size();
  }
  return possible > seen.size();
}

/// What a rule allows besides what was seen, a line each.
std::vector<std::string> Excess(const Pile& pile, const core::Rule& rule) {
  std::vector<std::string> lines;
  const std::vector<Values> values = ValuesOf(pile);
  const auto* command = std::get_if<core::CommandRule>(&rule.kind);
  for (size_t i = 0; command != nullptr && i < values.size(); ++i) {
    const bool is_wide = std::holds_alternative<core::MatchInt>(command->args[i]) ||
                         std::holds_alternative<core::MatchUnder>(command->args[i]);
    if (!is_wide) continue;
    lines.push_back("WIDER than what was seen: any " + DescribeMatcher(command->args[i]) +
                    ", where " + std::to_string(values[i].size()) + " were seen");
  }
  if (Combines(pile)) {
    lines.emplace_back(
        "WIDER than what was seen: not each account, host and argument came with "
        "all others");
  }
  return lines;
}

/// Why no rule can say this one use, whatever the others are; "" if one can.
std::string TroubleOf(const Use& use) {
  if (!use.trouble.empty()) return use.trouble;
  const bool is_named =
      wire::IsAccount(use.runas) && (use.runas_group.empty() || wire::IsAccount(use.runas_group));
  if (!is_named) return "as whom it ran is no account";
  if (!use.files.empty()) return WhyUnwritable({"", core::EditRule{use.files}}).value_or("");
  core::CommandRule command;
  command.path = use.command;
  for (const std::string& word : use.args) command.args.emplace_back(core::MatchIs{word});
  return WhyUnwritable({"", std::move(command)}).value_or("");
}

/// One rule for each pile, of all accounts whose rules are the same.
class Sketcher {
 public:
  Sketcher(const std::set<std::string>& machines, Sketches& sketches)
      : machines_(machines), sketches_(sketches) {}

  void AddCommands(const Pile& uses) {
    std::map<std::tuple<std::string, std::string, std::string, std::string>,
             std::vector<const Pile*>>
        by_command;
    const std::map<Shape, Pile> piles = MakePiles(uses);
    for (const auto& [shape, pile] : piles) {
      by_command[{shape.account, shape.runas, shape.runas_group, shape.command}].push_back(&pile);
    }
    for (const auto& [whose, ways] : by_command) {
      for (const Pile* pile : ways) {
        if (ways.size() <= kMostWays) {
          AddCommand(*pile);
        } else {
          ByHand(*pile, "one of " + std::to_string(ways.size()) + " ways to run this command");
        }
      }
    }
  }

  /// sudoedit: of one account as one user, all files in one rule.
  void AddEdits(const Pile& uses) {
    std::map<std::tuple<std::string, std::string, std::string>, Pile> piles;
    for (const Use* use : uses) {
      piles[{use->account, use->runas, use->runas_group}].push_back(use);
    }
    for (const auto& [whose, pile] : piles) {
      Values files;
      for (const Use* use : pile) files.insert(use->files.begin(), use->files.end());
      Add(pile, core::EditRule{{files.begin(), files.end()}});
    }
  }

  void Finish() {
    for (auto& [what, pile] : joined_) {
      const auto& [is_machine, runas, runas_group, text] = what;
      std::ranges::sort(pile.uses);  // as they came, for the last time of each
      Sketch sketch;
      for (const Use* use : pile.uses) {
        sketch.accounts.insert(use->account);
        sketch.hosts.insert(HostOf(*use));
      }
      sketch.runas = runas;
      sketch.runas_group = runas_group;
      sketch.machine = is_machine;
      sketch.evidence = Evidence(pile.uses);
      std::ranges::move(Excess(pile.uses, pile.rule), std::back_inserter(sketch.evidence));
      sketch.rule = std::move(pile.rule);
      sketches_.rules.push_back(std::move(sketch));
    }
  }

 private:
  struct Joined {
    core::Rule rule;
    Pile uses;
  };

  void AddCommand(const Pile& pile) {
    core::CommandRule command;
    command.path = pile.front()->command;
    for (const Values& values : ValuesOf(pile)) {
      std::optional<core::Matcher> matcher = Narrowest(values);
      if (!matcher) {
        return ByHand(
            pile, std::to_string(values.size()) + " values of one argument have nothing in common");
      }
      command.args.push_back(*std::move(matcher));
    }
    Add(pile, std::move(command));
  }

  void Add(const Pile& pile, decltype(core::Rule::kind) kind) {
    const core::Rule rule{"", std::move(kind)};
    if (const auto why = WhyUnwritable(rule)) return ByHand(pile, *why);
    const Use& use = *pile.front();
    // Rules that read the same are the same: what could be mistaken is quoted there.
    Joined& joined = joined_[{machines_.contains(use.account), use.runas, use.runas_group,
                              Join(DescribeRule(rule), "\n")}];
    joined.rule = rule;
    joined.uses.insert(joined.uses.end(), pile.begin(), pile.end());
  }

  void ByHand(const Pile& pile, const std::string& why) {
    sketches_.by_hand.push_back(Evidence(pile).front() + ": " + Typed(*pile.front()) +
                                (pile.size() > 1 ? " and others: " : ": ") + why);
  }

  const std::set<std::string>& machines_;
  Sketches& sketches_;
  std::map<std::tuple<bool, std::string, std::string, std::string>, Joined> joined_;
};

}  // namespace

std::optional<std::string> WhyUnwritable(const core::Rule& rule) {
  size_t text = 0;
  const auto is_line = [&](const std::string& value) {
    text += value.size();
    return wire::IsPlainLine(value) && wire::ReplaceBadBytes(value) == value;
  };
  const auto is_path = [&](const std::string& path) {
    return wire::IsCanonicalPath(path) && path != "/" && is_line(path);
  };
  const auto is_argument = [&](const core::Matcher& matcher) {
    if (const auto* is = std::get_if<core::MatchIs>(&matcher)) return is_line(is->value);
    const auto* one_of = std::get_if<core::MatchOneOf>(&matcher);
    return one_of == nullptr || std::ranges::all_of(one_of->values, is_line);
  };
  bool has_paths = false, has_lines = true;
  if (const auto* command = std::get_if<core::CommandRule>(&rule.kind)) {
    has_paths = is_path(command->path);
    has_lines = std::ranges::all_of(command->args, is_argument);
    if (command->args.size() > kMostArguments) return "more arguments than anybody reads";
  } else {
    const auto& files = std::get<core::EditRule>(rule.kind).files;
    has_paths = !files.empty() && std::ranges::all_of(files, is_path);
    if (files.size() > kMostFiles) return "more files than anybody reads";
  }
  if (!has_paths) return "a path that is not absolute and canonical";
  if (!has_lines) return "an argument that is no plain line of text";
  if (text > kMostText) return "longer than anybody reads";
  return std::nullopt;
}

std::set<std::string> MachinesOf(std::span<const Use> uses, const std::set<std::string>& named) {
  std::set<std::string> machines, others;
  for (const Use& use : uses) {
    const bool is_system = use.uid && *use.uid < kFirstPerson && !use.has_terminal;
    (is_system ? machines : others).insert(use.account);
  }
  for (const std::string& account : others) machines.erase(account);
  machines.insert(named.begin(), named.end());
  return machines;
}

Sketches SketchRules(std::span<const Use> uses, const std::set<std::string>& machines,
                     UnusedCounts& unused) {
  Sketches sketches;
  Pile commands, edits;
  std::map<std::string, size_t> by_hand;
  for (const Use& use : uses) {
    const std::string trouble = TroubleOf(use);
    if (use.account == "root") {
      ++unused[Unused::kExempt];
    } else if (!trouble.empty()) {
      ++by_hand[core::ForTerminal(use.account) + ": " + Typed(use) + ": " + trouble];
    } else {
      (use.files.empty() ? commands : edits).push_back(&use);
    }
  }
  for (const auto& [what, count] : by_hand) {
    sketches.by_hand.push_back(what + " (" + Times(count) + ")");
  }
  Sketcher sketcher(machines, sketches);
  sketcher.AddCommands(commands);
  sketcher.AddEdits(edits);
  sketcher.Finish();
  return sketches;
}

}  // namespace daypass::policy
