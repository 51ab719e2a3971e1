// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/replay.h"

#include <algorithm>
#include <deque>
#include <set>

#include "core/authority.h"
#include "core/escape.h"
#include "core/match.h"
#include "core/pattern.h"
#include "policy/describe.h"

namespace daypass::policy {
namespace {

using core::CommandRule;
using core::Grant;
using core::Policy;
using core::Query;
using core::Role;

constexpr core::Seconds kShortest{1};  // no limit of a role or host is shorter

bool HasDigest(const core::Powers& powers) {
  return std::ranges::any_of(powers.rules, [](const core::Rule& rule) {
    const auto* command = std::get_if<CommandRule>(&rule.kind);
    return command != nullptr && command->sha256.has_value();
  });
}

bool HasFolder(const core::Powers& powers) {
  return std::ranges::any_of(powers.rules, [](const core::Rule& rule) {
    const auto* command = std::get_if<CommandRule>(&rule.kind);
    return command != nullptr && command->cwd.has_value();
  });
}

bool HasHours(const core::Powers& powers) {
  return !powers.windows.empty();
}

bool SelectsByLabels(const core::Powers& powers) {
  return powers.hosts.names.empty();
}

/// Whether anybody, a membership, a role or a standing rule ends by itself.
bool HasEnds(const Policy& policy) {
  const auto ends = [](const auto& each) { return each.valid_until.has_value(); };
  return std::ranges::any_of(policy.people, ends) || std::ranges::any_of(policy.roles, ends) ||
         std::ranges::any_of(policy.standing, ends) ||
         std::ranges::any_of(
             policy.people, [](const core::Person& person) { return !person.memberships.empty(); });
}

bool Any(const Policy& policy, bool (*has)(const core::Powers&)) {
  return std::ranges::any_of(policy.roles, has) || std::ranges::any_of(policy.standing, has);
}

/// Without what a record tells nothing about: content and hours.
void Loosen(core::Powers& powers) {
  powers.windows.clear();
  for (core::Rule& rule : powers.rules) {
    if (auto* command = std::get_if<CommandRule>(&rule.kind)) command->sha256.reset();
  }
}

Policy Loosened(Policy policy) {
  for (Role& role : policy.roles) Loosen(role);
  for (core::Standing& standing : policy.standing) Loosen(standing);
  return policy;
}

/// Everybody's approval, and the server's where that counts: who could say yes, has.
std::vector<core::Approval> AllApprovals(const Policy& policy) {
  std::vector<core::Approval> approvals;
  const auto add = [&](const core::PersonKey& key) {
    approvals.push_back({key.fingerprint, true, true});
  };
  for (const core::Person& person : policy.people) {
    for (const core::PersonKey& key : person.keys) {
      if (key.approve) add(key);
    }
  }
  std::ranges::for_each(policy.automatic_keys, add);
  return approvals;
}

/// One policy, and whoever asks for all that it lets them ask for.
class Judge {
 public:
  Judge(const Policy& policy, const HostLabels& labels)
      : policy_(Loosened(policy)),
        roles_only_(policy_),
        labels_(labels),
        approvals_(AllApprovals(policy_)),
        matches_pattern_(core::MakePatternMatcher()) {
    roles_only_.standing.clear();
  }

  ReplayAnswer Answer(const std::string& host, const Query& query) {
    std::vector<const Grant*> grants;
    for (const Grant& grant : GrantsOf(host, query)) grants.push_back(&grant);
    const core::Decision decision = Ask(policy_, host, grants, query);
    return {core::IsAllow(decision), decision.role, decision.rule, decision.reason,
            decision.detail};
  }

  /// Every role and standing rule that lets the query through, each by itself.
  std::set<std::pair<std::string, std::string>> AllThatAllow(const std::string& host,
                                                             const Query& query) {
    std::set<std::pair<std::string, std::string>> all;
    const auto note = [&](const core::Decision& decision) {
      if (core::IsAllow(decision)) all.emplace(decision.role, decision.rule);
    };
    note(Ask(policy_, host, {}, query));
    for (const Grant& grant : GrantsOf(host, query)) {
      note(Ask(roles_only_, host, {&grant}, query));
    }
    return all;
  }

  /// Whether any role or standing rule would do, for whomever and wherever it is.
  bool Covers(const Query& query) const {
    const auto allows = [&](const core::Powers& powers) {
      std::string rule;
      return !core::MatchDoor(powers, query) && !core::MatchRunAs(powers, query) &&
             !core::MatchCommand(powers, query, matches_pattern_, rule);
    };
    return std::ranges::any_of(policy_.roles, allows) ||
           std::ranges::any_of(policy_.standing, allows);
  }

  const Policy& policy() const { return policy_; }

 private:
  core::Decision Ask(const Policy& policy, const std::string& host,
                     const std::vector<const Grant*>& grants, const Query& query) const {
    static const std::set<core::Digest> kNoGrants;
    static const std::map<std::string, core::Instant> kNotRevoked;
    static const std::set<std::string> kNobody;
    const auto labels = labels_.find(host);
    const core::HostIdentity identity{
        policy.realm, host,
        labels == labels_.end() ? std::map<std::string, std::string>{} : labels->second};
    const core::Instant now = policy.created;
    return core::Decide({&identity, &policy, core::Now{now, now}, now, &kNoGrants, &kNotRevoked,
                         &kNobody, &kNobody, matches_pattern_},
                        grants, query);
  }

  const std::deque<Grant>& GrantsOf(const std::string& host, const Query& query) {
    const auto [entry, is_new] = grants_.try_emplace({host, query.user});
    if (!is_new) return entry->second;
    for (const Role& role : policy_.roles) {
      if (!core::IsSubjectOf(policy_, role, query.user, policy_.created)) continue;
      entry->second.push_back(MakeGrant(role, host, query));
    }
    return entry->second;
  }

  Grant MakeGrant(const Role& role, const std::string& host, const Query& query) const {
    Grant grant;
    core::Statement& statement = grant.statement;
    statement.id = role.name;
    statement.realm = policy_.realm;
    statement.subject = statement.requester = query.user;
    statement.role = role.name;
    statement.role_digest = role.digest;
    statement.policy_version = policy_.version;
    statement.hosts = {host};
    statement.duration = kShortest;
    statement.uses = role.uses;
    statement.created = policy_.created;
    statement.start_by = statement.created + core::MaxPending(policy_, role);
    statement.start = role.start.front();
    if (statement.start == core::StartRule::kScheduled) statement.start_at = policy_.created;
    if (statement.start == core::StartRule::kApproval) grant.latch.started = policy_.created;
    grant.approvals = approvals_;
    grant.bound_uid = query.uid;
    return grant;
  }

  Policy policy_, roles_only_;
  const HostLabels& labels_;
  std::vector<core::Approval> approvals_;
  core::PatternMatcher matches_pattern_;
  std::map<std::pair<std::string, std::string>, std::deque<Grant>> grants_;
};

/// All that a decision could rest on, in the order in which people want to read it.
using Key = std::vector<std::string>;

Key KeyOf(const Recorded& recorded) {
  const Query& query = recorded.query;
  Key key = {recorded.host, query.user, query.command, std::to_string(query.args.size())};
  const auto add = [&](const std::vector<std::string>& list) {
    key.insert(key.end(), list.begin(), list.end());
    key.emplace_back();
  };
  add(query.args);
  add({std::to_string(static_cast<int>(query.door)), std::to_string(static_cast<int>(query.mode)),
       query.command_path.canonical, query.command_path.unsafe, query.cwd, query.runas_user,
       query.runas_group});
  add(query.options);
  add(query.env);
  for (const core::PathFact& fact : query.arg_paths) key.push_back(fact.canonical + fact.unsafe);
  for (const core::PathFact& fact : query.file_paths) key.push_back(fact.canonical + fact.unsafe);
  return key;
}

/// A relative argument that is none of a path's does not make two queries of one.
void ForgetFolder(Query& query, bool wants_folder) {
  if (!wants_folder) query.cwd.clear();
  for (size_t i = 0; i < query.args.size() && i < query.arg_paths.size(); ++i) {
    const std::string& argument = query.args[i];
    const bool is_path =
        argument.starts_with('/') || argument.starts_with("./") || argument.starts_with("../");
    if (!is_path) query.arg_paths[i] = {};
  }
}

std::vector<RuleUse> RulesOf(const Policy& policy) {
  std::vector<RuleUse> rules;
  const auto add = [&](const std::string& name, const core::Powers& powers) {
    if (powers.full) rules.push_back({name, "", 0});
    for (const core::Rule& rule : powers.rules) {
      if (!powers.full) rules.push_back({name, rule.id, 0});
    }
  };
  for (const Role& role : policy.roles) add(role.name, role);
  for (const core::Standing& standing : policy.standing) add(standing.name, standing);
  return rules;
}

std::vector<std::string> UnlabelledHosts(const std::vector<ReplayRow>& rows,
                                         const HostLabels& labels) {
  std::set<std::string> hosts;
  for (const ReplayRow& row : rows) {
    if (!labels.contains(row.host)) hosts.insert(row.host);
  }
  return {hosts.begin(), hosts.end()};
}

std::vector<std::string> Assumptions(const std::vector<ReplayRow>& rows, const Policy& before,
                                     const Policy& after, const HostLabels& labels) {
  std::vector<std::string> all = {
      "Everybody asked for each role that is for them, and all who may approve it did.",
      "Paths lead where they say, by no symbolic link, and nobody but root can change them, "
      "unless the record says otherwise.",
      "sudo was given no option, group or variable besides those that the record says were "
      "refused, and asks for what commands start."};
  const auto either = [&](bool (*has)(const core::Powers&)) {
    return Any(before, has) || Any(after, has);
  };
  const bool has_edits = std::ranges::any_of(
      rows, [](const ReplayRow& row) { return row.query.mode == core::Mode::kEdit; });
  if (has_edits) all.emplace_back("An editor with \"--\" before its files was sudoedit.");
  if (either(HasDigest)) all.emplace_back("Commands have the content that their rules ask for.");
  if (HasEnds(before) || HasEnds(after)) {
    all.emplace_back(
        "It was the moment when each policy was created: what ends later counts, and what had "
        "ended by then does not.");
  }
  if (either(HasHours)) all.emplace_back("It was within the hours of each role.");
  const std::vector<std::string> unlabelled = UnlabelledHosts(rows, labels);
  if (either(SelectsByLabels) && !unlabelled.empty()) {
    all.push_back(
        "These hosts have no labels (--labels says which they have): " + Join(unlabelled) + ".");
  }
  return all;
}

}  // namespace

Replay ReplayQueries(std::span<const Recorded> recorded, const Policy& before, const Policy& after,
                     const HostLabels& labels) {
  const bool wants_folder = Any(before, HasFolder) || Any(after, HasFolder);
  std::map<Key, ReplayRow> groups;
  for (Recorded one : recorded) {
    ForgetFolder(one.query, wants_folder);
    ReplayRow& row = groups[KeyOf(one)];
    row.query = std::move(one.query);
    row.host = one.host;
    ++row.count;
    row.allowed_then += one.allowed ? 1 : 0;
  }
  Judge old_judge(before, labels), new_judge(after, labels);
  Replay replay;
  replay.rules = RulesOf(after);
  std::map<std::pair<std::string, std::string>, size_t> uses;
  for (auto& [key, row] : groups) {
    row.before = old_judge.Answer(row.host, row.query);
    row.after = new_judge.Answer(row.host, row.query);
    row.covered = new_judge.Covers(row.query);
    for (const auto& rule : new_judge.AllThatAllow(row.host, row.query)) uses[rule] += row.count;
    replay.rows.push_back(std::move(row));
  }
  for (RuleUse& rule : replay.rules) {
    const auto used = uses.find({rule.role, rule.rule});
    if (used != uses.end()) rule.count = used->second;
  }
  replay.assumptions = Assumptions(replay.rows, before, after, labels);
  return replay;
}

std::string DescribeQuery(const Query& query) {
  if (query.mode == core::Mode::kAccount) return std::string(core::DoorName(query.door));
  const bool is_edit = query.mode == core::Mode::kEdit;
  std::string text = is_edit ? "sudoedit" : core::CommandWord(query.command);
  for (const std::string& word : is_edit ? query.files : query.args) {
    text += " " + core::CommandWord(word);
  }
  constexpr size_t kMostShown = 200;
  return text.size() <= kMostShown ? text : core::ForTerminal(text.substr(0, kMostShown)) + "...";
}

}  // namespace daypass::policy
