// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One table of what a role can widen or narrow; the people, since whom a role is for and who may
// approve it changes with their groups alone; and what belongs to the whole policy.
#include "policy/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>

#include "core/duration.h"
#include "policy/cover.h"
#include "policy/describe.h"

namespace daypass::policy {
namespace {

using core::Person;
using core::Policy;
using core::Role;
using Names = std::set<std::string>;

/// From "every `before` is in `after`" and the reverse; none if they are the same.
std::optional<Effect> Judge(bool is_wider, bool is_narrower) {
  if (is_wider && is_narrower) return std::nullopt;
  if (is_wider) return Effect::kOpens;
  return is_narrower ? Effect::kCloses : Effect::kDifferent;
}

template <typename Set>
std::optional<Effect> JudgeSets(Set before, Set after) {
  std::ranges::sort(before);
  std::ranges::sort(after);
  return Judge(std::ranges::includes(after, before), std::ranges::includes(before, after));
}

/// The more, the wider.
template <typename Value>
std::optional<Effect> JudgeMore(Value before, Value after) {
  return Judge(after >= before, after <= before);
}

core::Instant EndOf(const std::optional<core::Instant>& until) {
  return until.value_or(core::Instant::max());
}

std::string Or(std::string text, std::string_view nothing) {
  return text.empty() ? std::string(nothing) : text;
}

std::string WhenInWords(const std::optional<core::Instant>& until) {
  if (!until) return "without end";
  return fmt::format("until {} ms", core::ToMillis(*until));
}

uint64_t Uses(const Role& role) {
  return role.uses == 0 ? UINT64_MAX : role.uses;
}

std::string StartsInWords(const Role& role) {
  std::vector<std::string> words;
  for (const core::StartRule start : role.start) words.push_back(DescribeStart(start));
  return Join(words);
}

/// Narrower on every line, or the same: nobody gets past `after` with less than `before` wanted.
bool AsksNoLess(const std::vector<core::ApprovalRule>& after,
                const std::vector<core::ApprovalRule>& before) {
  if (after.size() < before.size()) return false;
  for (size_t i = 0; i < before.size(); ++i) {
    const bool same_people = std::ranges::all_of(after[i].groups, [&](const std::string& group) {
      return std::ranges::find(before[i].groups, group) != before[i].groups.end();
    });
    if (!same_people || after[i].count < before[i].count || after[i].keys < before[i].keys) {
      return false;
    }
  }
  return true;
}

core::Seconds PendingOf(const Role& role) {
  return role.max_pending.value_or(core::Seconds::max());
}

std::string AutomaticInWords(const Role& role) {
  return role.automatic ? DescribeAutomatic(*role.automatic) : "never";
}

std::string ServerInWords(const Role& role) {
  return role.server ? Or(DescribeServerConditions(*role.server), "nothing") : "nothing";
}

// ---- what a role can widen or narrow ----

struct Aspect {
  std::string_view what;
  std::optional<Effect> (*judge)(const Role& before, const Role& after);
  std::string (*words)(const Role& role);
};

constexpr std::array kAspects = {
    Aspect{"hosts",
           [](const Role& a, const Role& b) {
             return Judge(Covers(b.hosts, a.hosts), Covers(a.hosts, b.hosts));
           },
           [](const Role& role) { return DescribeHosts(role.hosts); }},
    Aspect{"doors", [](const Role& a, const Role& b) { return JudgeSets(a.doors, b.doors); },
           [](const Role& role) { return DescribeDoors(role.doors); }},
    Aspect{"runs as",
           [](const Role& a, const Role& b) { return JudgeSets(a.run_as.users, b.run_as.users); },
           [](const Role& role) { return Or(Join(role.run_as.users), "nobody"); }},
    Aspect{"runs as group",
           [](const Role& a, const Role& b) { return JudgeSets(a.run_as.groups, b.run_as.groups); },
           [](const Role& role) { return Or(Join(role.run_as.groups), "none"); }},
    Aspect{"every command", [](const Role& a, const Role& b) { return JudgeMore(a.full, b.full); },
           [](const Role& role) -> std::string { return role.full ? "yes, shells too" : "no"; }},
    Aspect{"variables", [](const Role& a, const Role& b) { return JudgeSets(a.env, b.env); },
           [](const Role& role) { return Or(Join(role.env), "only sudo's own"); }},
    Aspect{"at most",
           [](const Role& a, const Role& b) { return JudgeMore(a.max_duration, b.max_duration); },
           [](const Role& role) { return core::FormatDuration(role.max_duration); }},
    Aspect{"without the server",
           [](const Role& a, const Role& b) { return JudgeMore(a.max_offline, b.max_offline); },
           [](const Role& role) { return core::FormatDuration(role.max_offline); }},
    Aspect{"uses", [](const Role& a, const Role& b) { return JudgeMore(Uses(a), Uses(b)); },
           [](const Role& role) { return DescribeUses(role.uses); }},
    Aspect{"starts", [](const Role& a, const Role& b) { return JudgeSets(a.start, b.start); },
           StartsInWords},
    Aspect{"at the end",
           [](const Role& a, const Role& b) {
             return JudgeMore(a.on_end == core::OnEnd::kNotify, b.on_end == core::OnEnd::kNotify);
           },
           [](const Role& role) -> std::string {
             return role.on_end == core::OnEnd::kNotify ? "what runs goes on"
                                                        : "what runs is ended";
           }},
    Aspect{"approved by",
           [](const Role& a, const Role& b) {
             return Judge(AsksNoLess(a.approve, b.approve), AsksNoLess(b.approve, a.approve));
           },
           [](const Role& role) { return DescribeApprovers(role.approve); }},
    Aspect{"doors that hide the command",
           [](const Role& a, const Role& b) {
             return JudgeSets(a.command_blind_doors, b.command_blind_doors);
           },
           [](const Role& role) { return Or(DescribeDoors(role.command_blind_doors), "none"); }},
    Aspect{"unwatched",
           [](const Role& a, const Role& b) { return JudgeMore(a.unwatched, b.unwatched); },
           [](const Role& role) -> std::string { return role.unwatched ? "yes" : "no"; }},
    Aspect{"open",
           [](const Role& a, const Role& b) {
             const std::string was = DescribeWindows(a.windows), is = DescribeWindows(b.windows);
             return Judge(b.windows.empty() || was == is, a.windows.empty() || was == is);
           },
           [](const Role& role) { return DescribeWindows(role.windows); }},
    Aspect{"only under intercept",
           [](const Role& a, const Role& b) { return JudgeMore(b.intercept, a.intercept); },
           [](const Role& role) -> std::string { return role.intercept ? "yes" : "no"; }},
    Aspect{"waiting",
           [](const Role& a, const Role& b) { return JudgeMore(PendingOf(a), PendingOf(b)); },
           [](const Role& role) {
             return role.max_pending ? core::FormatDuration(*role.max_pending)
                                     : std::string("as the policy says");
           }},
    Aspect{"running commands get",
           [](const Role& a, const Role& b) { return JudgeMore(a.grace, b.grace); }, DescribeEnd},
    Aspect{"approved by the server alone",
           [](const Role& a, const Role& b) {
             const bool same = AutomaticInWords(a) == AutomaticInWords(b);
             return Judge(!a.automatic || same, !b.automatic || same);
           },
           AutomaticInWords},
    Aspect{"the server asks for",
           [](const Role& a, const Role& b) {
             const bool same = ServerInWords(a) == ServerInWords(b);
             return Judge(!b.server || same, !a.server || same);
           },
           ServerInWords},
    Aspect{"role ends",
           [](const Role& a, const Role& b) {
             return JudgeMore(EndOf(a.valid_until), EndOf(b.valid_until));
           },
           [](const Role& role) { return WhenInWords(role.valid_until); }},
};

// ---- whom a role is for ----

/// Now or until a membership ends: the group's end is a change of its own.
bool Shares(const std::vector<std::string>& wanted, const Person& person) {
  return core::IsInAny(person, wanted, core::Instant::min());
}

Names SubjectsOf(const Policy& policy, const Role& role) {
  if (role.subjects.any) return {"any account"};
  Names names{role.subjects.people.begin(), role.subjects.people.end()};
  for (const Person& person : policy.people) {
    if (Shares(role.subjects.groups, person)) names.insert(person.name);
  }
  return names;
}

Names ApproversOf(const Policy& policy, const Role& role) {
  Names names;
  for (const Person& person : policy.people) {
    const bool has_key =
        !person.is_service && std::ranges::any_of(person.keys, &core::PersonKey::approve);
    const bool is_named = std::ranges::any_of(
        role.approve, [&](const core::ApprovalRule& rule) { return Shares(rule.groups, person); });
    if (has_key && is_named) names.insert(person.name);
  }
  return names;
}

Names Set(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}

Names Without(const Names& names, const Names& others) {
  Names left;
  std::ranges::set_difference(names, others, std::inserter(left, left.end()));
  return left;
}

/// Each key with what it is for.
Names InWords(const std::vector<core::PersonKey>& keys) {
  Names names;
  for (const core::PersonKey& key : keys) {
    std::string words = key.fingerprint;
    if (key.signin) words += ", signs in";
    if (key.approve) words += ", approves";
    if (key.administer) words += ", administers";
    if (key.required == core::KeyUse::kTouch) words += ", with a touch";
    if (key.required == core::KeyUse::kVerify) words += ", with touch and PIN";
    names.insert(words);
  }
  return names;
}

Names InWords(const std::vector<core::Membership>& memberships) {
  Names names;
  for (const core::Membership& held : memberships) {
    names.insert(held.group + ", " + WhenInWords(held.until));
  }
  return names;
}

/// Each of them described, so that a changed one went and another came.
template <typename Item>
Names Described(const std::vector<Item>& items, std::string (*describe)(const Item&)) {
  Names names;
  for (const Item& item : items) names.insert(describe(item));
  return names;
}

class Comparison {
 public:
  Comparison(const Policy& before, const Policy& after) : before_(before), after_(after) {}

  Difference Run() {
    CompareHeads();
    ComparePeople();
    Names names;
    for (const Policy* policy : {&before_, &after_}) {
      for (const Role& role : policy->roles) names.insert(role.name);
    }
    for (const std::string& name : names) CompareRole(name);
    return std::move(difference_);
  }

 private:
  void Add(std::optional<Effect> effect, std::string_view what, std::string before,
           std::string after) {
    if (!effect) return;
    difference_.changes.push_back(
        {*effect, role_, {}, std::string(what), std::move(before), std::move(after)});
  }

  /// One change for each that came or went.
  void AddPeople(std::string_view what, const Names& before, const Names& after) {
    for (const std::string& name : Without(before, after)) {
      difference_.changes.push_back({Effect::kCloses, role_, name, std::string(what), "yes", "no"});
    }
    for (const std::string& name : Without(after, before)) {
      difference_.changes.push_back({Effect::kOpens, role_, name, std::string(what), "no", "yes"});
    }
  }

  void AddValues(std::string_view what, const std::string& person, const Names& before,
                 const Names& after) {
    for (const std::string& value : Without(before, after)) {
      difference_.changes.push_back({Effect::kCloses, "", person, std::string(what), value, ""});
    }
    for (const std::string& value : Without(after, before)) {
      difference_.changes.push_back({Effect::kOpens, "", person, std::string(what), "", value});
    }
  }

  void CompareHeads() {
    const core::Limits &was = before_.limits, &is = after_.limits;
    if (before_.realm != after_.realm)
      Add(Effect::kDifferent, "realm", before_.realm, after_.realm);
    Add(JudgeMore(after_.administrators.threshold, before_.administrators.threshold), "threshold",
        std::to_string(before_.administrators.threshold),
        std::to_string(after_.administrators.threshold));
    AddPeople("administers", Set(before_.administrators.people), Set(after_.administrators.people));
    AddValues("status key", "", InWords(before_.status_keys), InWords(after_.status_keys));
    AddValues("automatic key", "", InWords(before_.automatic_keys), InWords(after_.automatic_keys));
    Add(JudgeMore(before_.server_is_root, after_.server_is_root), "server is root",
        before_.server_is_root ? "yes" : "no", after_.server_is_root ? "yes" : "no");
    AddLimit("at most", was.max_duration, is.max_duration);
    AddLimit("waiting", was.max_pending, is.max_pending);
    AddLimit("without the server", was.max_offline, is.max_offline);
    CompareHostLimits();
    AddValues("standing rule", "", Described(before_.standing, DescribeStanding),
              Described(after_.standing, DescribeStanding));
    const auto breakglass = [](const Policy& policy) {
      return policy.breakglass ? Names{DescribeBreakglass(*policy.breakglass)} : Names{};
    };
    AddValues("break-glass", "", breakglass(before_), breakglass(after_));
    for (const auto& [name, zone] : after_.zones) {
      const auto held = before_.zones.find(name);
      if (held == before_.zones.end() || held->second == zone) continue;
      Add(Effect::kDifferent, "time zone", name, name + ", by another rule");
    }
  }

  /// The fewer of them the more is possible: one that came closes.
  void CompareHostLimits() {
    const Names was = Described(before_.limits.hosts, DescribeHostLimit);
    const Names is = Described(after_.limits.hosts, DescribeHostLimit);
    for (const std::string& limit : Without(was, is)) Add(Effect::kOpens, "host limit", limit, "");
    for (const std::string& limit : Without(is, was)) Add(Effect::kCloses, "host limit", "", limit);
  }

  void AddLimit(std::string_view what, core::Seconds before, core::Seconds after) {
    Add(JudgeMore(before, after), what, core::FormatDuration(before), core::FormatDuration(after));
  }

  void ComparePeople() {
    Names names;
    for (const Policy* policy : {&before_, &after_}) {
      for (const Person& person : policy->people) names.insert(person.name);
    }
    static const Person kNobody;
    for (const std::string& name : names) {
      const Person* was = core::FindPerson(before_, name);
      const Person* is = core::FindPerson(after_, name);
      ComparePerson(name, was != nullptr ? *was : kNobody, is != nullptr ? *is : kNobody);
    }
  }

  void ComparePerson(const std::string& name, const Person& was, const Person& is) {
    AddValues("account", name, Set(was.accounts), Set(is.accounts));
    AddValues("group", name, Set(was.groups), Set(is.groups));
    AddValues("key", name, InWords(was.keys), InWords(is.keys));
    AddValues("group", name, InWords(was.memberships), InWords(is.memberships));
    const auto kind = [](const Person& person) { return person.is_service ? "service" : "person"; };
    Add(JudgeMore(!was.is_service, !is.is_service), "kind", kind(was), kind(is));
    if (was.is_service != is.is_service) difference_.changes.back().person = name;
    Add(JudgeMore(EndOf(was.valid_until), EndOf(is.valid_until)), "membership",
        WhenInWords(was.valid_until), WhenInWords(is.valid_until));
    if (was.valid_until != is.valid_until) difference_.changes.back().person = name;
  }

  void CompareRole(const std::string& name) {
    const Role* was = core::FindRole(before_, name);
    const Role* is = core::FindRole(after_, name);
    role_ = name;
    if (was == nullptr) return Add(Effect::kOpens, "role", "", Summary(after_, *is));
    if (is == nullptr || was->digest != is->digest) difference_.ended_roles.push_back(name);
    if (is == nullptr) return Add(Effect::kCloses, "role", Summary(before_, *was), "");
    const size_t first = difference_.changes.size();
    for (const Aspect& aspect : kAspects) {
      Add(aspect.judge(*was, *is), aspect.what, aspect.words(*was), aspect.words(*is));
    }
    CompareRules(*was, *is);
    const bool is_explained = difference_.changes.size() > first;
    if (was->digest != is->digest && !is_explained && was->description != is->description) {
      Add(Effect::kDifferent, "description", was->description, is->description);
    } else if (was->digest != is->digest && !is_explained) {
      Add(Effect::kDifferent, "the rest of it", was->digest, is->digest);
    }
    AddPeople("may ask", SubjectsOf(before_, *was), SubjectsOf(after_, *is));
    AddPeople("may approve", ApproversOf(before_, *was), ApproversOf(after_, *is));
  }

  static std::string Summary(const Policy& policy, const Role& role) {
    std::vector<std::string> subjects;
    for (const std::string& name : SubjectsOf(policy, role)) subjects.push_back(name);
    return fmt::format("{}: on {}, {} at most, approved by {}", Or(Join(subjects), "nobody"),
                       DescribeHosts(role.hosts), core::FormatDuration(role.max_duration),
                       DescribeApprovers(role.approve));
  }

  /// A command that no rule of the other side lets through; under another id it is the same.
  void CompareRules(const Role& was, const Role& is) {
    const auto is_covered = [](const core::Rule& rule, const Role& by) {
      return by.full || std::ranges::any_of(
                            by.rules, [&](const core::Rule& other) { return Covers(other, rule); });
    };
    const auto words = [](const core::Rule& rule) { return Join(DescribeRule(rule), "; "); };
    for (const core::Rule& rule : was.rules) {
      if (!is_covered(rule, is)) Add(Effect::kCloses, "run", words(rule), "");
    }
    for (const core::Rule& rule : is.rules) {
      if (!is_covered(rule, was)) Add(Effect::kOpens, "run", "", words(rule));
    }
  }

  const Policy& before_;
  const Policy& after_;
  std::string role_;
  Difference difference_;
};

}  // namespace

std::string_view EffectName(Effect effect) {
  switch (effect) {
    case Effect::kOpens:
      return "possible";
    case Effect::kCloses:
      return "impossible";
    case Effect::kDifferent:
      return "different";
  }
  return "different";
}

Difference Compare(const core::Policy& before, const core::Policy& after) {
  return Comparison(before, after).Run();
}

}  // namespace daypass::policy
