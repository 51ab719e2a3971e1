// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A small realm for tests of the CLI: people with keys of their own, policies that they signed,
// requests as the server tells of them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/remote.h"
#include "policy/builder.h"
#include "wire/envelope.h"
#include "wire/keys.h"
#include "wire/sshsig.h"
#include "wire/statement.h"

namespace daypass::cli {

constexpr core::Instant kNow = core::FromMillis(1'793'610'200'000);  // 2026-11-02 09:03:20 UTC
inline const std::string kRealm(32, 'a');

struct Keys {
  wire::PrivateKey alice = wire::PrivateKey::Generate();
  wire::PrivateKey bob = wire::PrivateKey::Generate();
  wire::PrivateKey carol = wire::PrivateKey::Generate();
  wire::PrivateKey dora = wire::PrivateKey::Generate();
  wire::PrivateKey status = wire::PrivateKey::Generate();
};

/// One set of keys for all tests of a program: making them is not what is tested.
inline const Keys& TestKeys() {
  static const Keys keys;
  return keys;
}

struct PolicyWish {
  uint64_t version = 1;
  std::string previous = {};
  std::string realm = kRealm;
  std::string administrators = R"(threshold = 1
people = ["alice"])";
  std::string web_rules = R"([[role.rules]]
id = "restart"
path = "/usr/bin/systemctl"
args = ["restart", { one_of = ["nginx", "haproxy"] }]
)";
  std::string more_roles = {};
  std::string head = {};  ///< more lines of policy.toml
};

inline std::string PersonToml(const std::string& name, const std::string& groups,
                              const wire::PrivateKey& key, const std::string& uses) {
  return fmt::format(
      "[[person]]\nname = \"{0}\"\naccounts = [\"{0}\"]\ngroups = [{1}]\n[[person.key]]\n"
      "key = \"{2}\"\nuses = [{3}]\n",
      name, groups, key.public_key().line, uses);
}

inline policy::Built MakePolicy(const PolicyWish& wish = {}) {
  const Keys& keys = TestKeys();
  policy::Tree tree;
  tree.head = {"policy.toml", fmt::format("realm = \"{}\"\nversion = {}\nprevious = \"{}\"\n{}\n"
                                          "[administrators]\n{}\n[server]\nstatus_keys = [\"{}\"]\n"
                                          "[limits]\nmax_duration = \"8h\"\nmax_pending = \"1d\"\n"
                                          "max_offline = \"8h\"\n",
                                          wish.realm, wish.version, wish.previous, wish.head,
                                          wish.administrators, keys.status.public_key().line)};
  tree.people = {
      {"people.toml",
       PersonToml("alice", "\"operators\"", keys.alice, "\"signin\", \"administer\", \"approve\"") +
           PersonToml("bob", "\"operators\", \"approvers\"", keys.bob, "\"signin\", \"approve\"") +
           PersonToml("carol", "\"approvers\"", keys.carol,
                      "\"signin\", \"approve\", \"administer\"") +
           PersonToml("dora", "", keys.dora, "\"signin\"")}};
  tree.roles = {{"web.toml", R"([[role]]
name = "web-operator"
description = "restart the web server"
hosts = { names = ["web-1", "web-2"] }
doors = ["sudo"]
run_as = { users = ["root"] }
max_duration = "2h"
max_offline = "8h"
start = ["approval", "first_use", "scheduled"]
subjects = { groups = ["operators"] }
[[role.approve]]
count = 1
groups = ["approvers"]
keys = "any"
)" + wish.web_rules}};
  if (!wish.more_roles.empty()) tree.roles.push_back({"more.toml", wish.more_roles});
  policy::BuildOptions options;
  options.now = kNow - std::chrono::hours{1};
  core::Result<policy::Built> built = policy::BuildPolicy(tree, options);
  EXPECT_TRUE(built) << built.error().what;
  return *std::move(built);
}

inline std::string SignPolicy(const policy::Built& built,
                              const std::vector<const wire::PrivateKey*>& signers) {
  wire::Envelope envelope{"policy", built.payload, {}};
  for (const wire::PrivateKey* signer : signers) {
    envelope.signatures.push_back(wire::Sign(*signer, "policy@daypass", built.payload));
  }
  return wire::EncodeEnvelope(envelope);
}

/// alice asks for web-operator on web-1, 20 minutes.
inline core::Statement MakeStatement(const core::Policy& policy) {
  core::Statement statement;
  statement.realm = policy.realm;
  statement.subject = "alice";
  statement.requester = "alice";
  statement.role = "web-operator";
  statement.role_digest = core::FindRole(policy, "web-operator")->digest;
  statement.policy_version = policy.version;
  statement.hosts = {"web-1"};
  statement.duration = core::Seconds{1200};
  statement.created = kNow - core::Seconds{60};
  statement.start_by = kNow + core::Seconds{3540};
  statement.reason = "nginx does not start";
  statement.ticket = "OPS-7";
  return statement;
}

/// As the server would tell of it.
inline RemoteRequest MakeRequest(const core::Statement& statement) {
  RemoteRequest request;
  request.bytes = wire::EncodeStatement(statement, std::string(32, '1'));
  core::Result<core::Statement> parsed = wire::ParseStatement(request.bytes);
  EXPECT_TRUE(parsed) << parsed.error().what;
  request.statement = *std::move(parsed);
  request.state = "pending";
  request.origin = "signed in";
  request.requested_by = "alice";
  return request;
}

inline RemoteApproval Approve(const RemoteRequest& request, const wire::PrivateKey& key) {
  return {key.public_key().fingerprint, wire::Sign(key, "grant@daypass", request.bytes), kNow};
}

}  // namespace daypass::cli
