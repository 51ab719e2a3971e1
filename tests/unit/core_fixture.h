// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A world that allows: alice may restart nginx on web-1 for an hour, bob said yes, and her window
// is open. Each test changes one thing and says what follows; the untouched world is its control.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/authority.h"
#include "core/decision.h"

namespace daypass::core {

inline constexpr Instant kNoon = FromMillis(1'800'000'000'000);
inline const std::string kRealm = "00112233445566778899aabbccddeeff";
inline const Digest kRoleDigest(64, 'a');
inline const Digest kGrantId(64, '1');
inline const Digest kToolDigest(64, 'e');

inline PersonKey MakeKey(std::string fingerprint, KeyUse required = KeyUse::kAny) {
  PersonKey key;
  key.line = "ssh-ed25519 " + fingerprint;
  key.fingerprint = std::move(fingerprint);
  key.approve = key.signin = true;
  key.required = required;
  return key;
}

/// A person whose account has the person's name and whose only key is "SHA256:<name>".
inline Person MakePerson(const std::string& name, std::vector<std::string> groups) {
  return {name, {name}, std::move(groups), {MakeKey("SHA256:" + name)}, std::nullopt, {}, false};
}

inline Rule MakeRule(std::string id, std::string path, std::vector<Matcher> args) {
  CommandRule rule;
  rule.path = std::move(path);
  rule.args = std::move(args);
  return {std::move(id), std::move(rule)};
}

/// "web-operator": restart nginx as root, through sudo, on web-1 and web-2; one of the ops says
/// yes.
inline Role MakeRole() {
  Role role;
  role.name = "web-operator";
  role.digest = kRoleDigest;
  role.hosts.names = {"web-1", "web-2"};
  role.doors = {Door::kSudo};
  role.run_as.users = {"root"};
  role.rules = {MakeRule("restart", "/usr/bin/systemctl", {MatchIs{"restart"}, MatchIs{"nginx"}})};
  role.max_duration = std::chrono::hours{1};
  role.max_offline = std::chrono::hours{1};
  role.start = {StartRule::kApproval, StartRule::kFirstUse, StartRule::kScheduled};
  role.subjects.groups = {"web"};
  role.approve = {{1, {"ops"}, KeyUse::kAny}};
  return role;
}

/// "backup": the account of that name may dump all databases on web-1, without a grant.
inline Standing MakeStanding() {
  Standing standing;
  standing.name = "backup";
  standing.accounts = {"backup"};
  standing.hosts.names = {"web-1"};
  standing.doors = {Door::kSudo};
  standing.run_as.users = {"root"};
  standing.rules = {MakeRule("dump", "/usr/bin/pg_dumpall", {MatchIs{"--clean"}})};
  return standing;
}

inline Policy MakePolicy() {
  Policy policy;
  policy.realm = kRealm;
  policy.version = 7;
  policy.digest = Digest(64, '7');
  policy.created = kNoon - std::chrono::hours{24};
  policy.expires = kNoon + std::chrono::days{29};
  policy.limits = {std::chrono::hours{8}, std::chrono::hours{24}, std::chrono::hours{24}, {}};
  policy.people = {MakePerson("alice", {"web"}), MakePerson("bob", {"ops"}),
                   MakePerson("carol", {"ops"}), MakePerson("eve", {})};
  policy.roles = {MakeRole()};
  return policy;
}

inline Statement MakeStatement() {
  Statement statement;
  statement.id = kGrantId;
  statement.realm = kRealm;
  statement.subject = statement.requester = "alice";
  statement.role = "web-operator";
  statement.role_digest = kRoleDigest;
  statement.policy_version = 7;
  statement.hosts = {"web-1"};
  statement.duration = std::chrono::minutes{30};
  statement.created = kNoon - std::chrono::minutes{10};
  statement.start_by = statement.created + std::chrono::hours{1};
  statement.reason = "nginx does not reload";
  return statement;
}

inline Approval ApprovalOf(const std::string& name) {
  return {"SHA256:" + name, false, false};
}

/// Approved by bob, started five minutes before noon.
inline Grant MakeGrant() {
  Grant grant;
  grant.statement = MakeStatement();
  grant.approvals = {ApprovalOf("bob")};
  grant.latch.started = kNoon - std::chrono::minutes{5};
  grant.bound_uid = 1001;
  return grant;
}

inline PathFact SafePath(std::string canonical) {
  return {std::move(canonical), true, {}, {}};
}

inline PathFact UnsafePath(std::string canonical, std::string because) {
  return {std::move(canonical), false, std::move(because), {}};
}

/// sudo systemctl restart nginx, as alice.
inline Query MakeQuery() {
  Query query;
  query.user = "alice";
  query.uid = 1001;
  query.command = "/usr/bin/systemctl";
  query.command_path = SafePath("/usr/bin/systemctl");
  query.args = {"restart", "nginx"};
  query.cwd = "/home/alice";
  query.runas_user = "root";
  query.env = {"PATH=/usr/sbin:/usr/bin", "HOME=/root", "LANG=C.UTF-8", "SUDO_USER=alice"};
  return query;
}

struct World {
  HostIdentity host{kRealm, "web-1", {{"env", "prod"}}};
  Policy policy = MakePolicy();
  std::vector<Grant> grants{MakeGrant()};
  Query query = MakeQuery();
  Now now{kNoon, kNoon};
  std::optional<Instant> status_time = kNoon - std::chrono::minutes{1};
  std::set<Digest> revoked;
  std::map<std::string, Instant> revoked_people;
  std::set<std::string> suspended_people, suspended_keys;
  PatternMatcher matches_pattern;

  Role& role() { return policy.roles.front(); }
  CommandRule& rule() { return std::get<CommandRule>(role().rules.front().kind); }
  Grant& grant() { return grants.front(); }
  Statement& statement() { return grant().statement; }

  Snapshot MakeSnapshot() const {
    return {&host,
            &policy,
            now,
            status_time,
            &revoked,
            &revoked_people,
            &suspended_people,
            &suspended_keys,
            matches_pattern};
  }

  Decision Ask() const { return Ask(MakeSnapshot()); }
  Decision Ask(const Snapshot& snapshot) const {
    std::vector<const Grant*> held;
    for (const Grant& each : grants) held.push_back(&each);
    return Decide(snapshot, held, query);
  }
};

}  // namespace daypass::core
