// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A policy of a thousand roles with fifty rules each, and 10,000 grants held, ten by each of a
// thousand people. Prints how long the host takes to verify and read the policy (milliseconds,
// median), and to decide (microseconds): one person's grants are looked up, and the command is the
// last rule of the last one.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "agent/holdings.h"
#include "policy/builder.h"
#include "policy/simulator.h"
#include "wire/envelope.h"
#include "wire/keys.h"
#include "wire/open.h"
#include "wire/sshsig.h"

namespace daypass::bench {
namespace {

constexpr int kRoles = 1000;
constexpr int kRules = 50;
constexpr int kPeople = 1000;
constexpr int kGrantsOfOne = 10;
constexpr int kReads = 5;
constexpr int kDecisions = 50'000;
constexpr core::Instant kNow{std::chrono::seconds{1'790'000'000}};

template <typename T>
T OrDie(core::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "policy: %s\n", result.error().what.c_str());
  std::exit(1);
}

/// The middle and the last but one in a hundred.
struct Spread {
  double median, p99;
};
template <typename Unit>
Spread Measure(int times, const std::function<void(int)>& once) {
  std::vector<double> samples;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    once(i);
    const std::chrono::duration<double, Unit> took = std::chrono::steady_clock::now() - start;
    samples.push_back(took.count());
  }
  std::ranges::sort(samples);
  return {samples[samples.size() / 2], samples[samples.size() * 99 / 100]};
}

std::string Number(int number) {
  return std::to_string(number);
}

std::string PersonToml(const std::string& name, const std::string& group, const std::string& uses,
                       const wire::PrivateKey& key) {
  return "[[person]]\nname = \"" + name + "\"\naccounts = [\"" + name + "\"]\ngroups = [\"" +
         group + "\"]\n[[person.key]]\nkey = \"" + key.public_key().line + "\"\nuses = [" + uses +
         "]\n";
}

std::string RoleToml(int number) {
  std::string text =
      "[[role]]\nname = \"role-" + Number(number) +
      "\"\ndescription = \"bench\"\non_end = \"terminate\"\nhosts = { names = [\"web-1\"] }\ndoors "
      "= [\"sudo\"]\n"
      "run_as = { users = [\"root\"] }\nmax_duration = \"8h\"\nmax_offline = \"8h\"\n"
      "start = [\"approval\"]\nsubjects = { groups = [\"operators\"] }\n"
      "[[role.approve]]\ncount = 1\ngroups = [\"leads\"]\n";
  for (int rule = 0; rule < kRules; ++rule) {
    const std::string name = Number(number) + "-" + Number(rule);
    text += "[[role.rules]]\nid = \"rule-" + Number(rule) + "\"\npath = \"/usr/bin/tool-" + name +
            "\"\nargs = [{ one_of = [\"start\", \"stop\"] }, { re = \"unit-[a-z]+[0-9]*\" }]\n";
  }
  return text;
}

policy::Tree MakeTree(const wire::PrivateKey& lead) {
  policy::Tree tree;
  tree.head = {"policy.toml",
               "realm = \"" + std::string(32, 'a') +
                   "\"\nversion = 1\n[administrators]\nthreshold = 1\npeople = [\"lead\"]\n"
                   "[server]\nstatus_keys = [\"" +
                   wire::PrivateKey::Generate().public_key().line +
                   "\"]\nautomatic_keys = []\n"
                   "[limits]\nmax_duration = \"8h\"\nmax_pending = \"1d\"\nmax_offline = \"8h\"\n"};
  std::string people = PersonToml("lead", "leads", "\"approve\", \"administer\", \"signin\"", lead);
  for (int i = 0; i < kPeople; ++i) {
    people += PersonToml("p" + Number(i), "operators", "\"signin\"", wire::PrivateKey::Generate());
  }
  tree.people = {{"people/all.toml", people}};
  for (int i = 0; i < kRoles; ++i) {
    tree.roles.push_back({"roles/" + Number(i) + ".toml", RoleToml(i)});
  }
  return tree;
}

/// As though each had asked for ten roles, and the lead had approved.
void Hold(const core::Policy& policy, agent::Holdings& holdings) {
  policy::Simulator simulator(policy, holdings.host(), kNow);
  for (int i = 0; i < kPeople * kGrantsOfOne; ++i) {
    core::Statement statement;
    statement.subject = statement.requester = "p" + Number(i / kGrantsOfOne);
    statement.role = "role-" + Number((i * 7) % kRoles);
    statement.hosts = {"web-1"};
    statement.duration = core::Seconds{3600};
    core::Grant* grant = OrDie(simulator.Ask(statement));
    (void)OrDie(simulator.Approve(*grant, "lead", core::KeyUse::kVerify));
    holdings.PutGrant(*grant);
  }
}

Spread Decide(const agent::Holdings& holdings) {
  std::vector<core::Query> queries;
  for (int person = 0; person < kPeople; ++person) {
    const int role = (person * kGrantsOfOne + kGrantsOfOne - 1) * 7 % kRoles;
    core::Query query;
    query.user = "p" + Number(person);
    query.runas_user = "root";
    query.command = "/usr/bin/tool-" + Number(role) + "-" + Number(kRules - 1);
    query.args = {"start", "unit-web1"};
    query.cwd = "/";
    policy::Simulator::Resolve({}, query);
    query.uid = holdings.GrantsOf(query.user).front()->bound_uid.value_or(0);
    queries.push_back(query);
  }
  const core::Snapshot snapshot =
      holdings.MakeSnapshot(core::Now{kNow, kNow + core::Seconds{1}}, kNow);
  return Measure<std::micro>(kDecisions, [&](int i) {
    const core::Query& query = queries[static_cast<size_t>(i) % queries.size()];
    const core::Decision decision = core::Decide(snapshot, holdings.GrantsOf(query.user), query);
    if (core::IsAllow(decision)) return;
    std::fprintf(stderr, "policy: denied: %s\n", decision.detail.c_str());
    std::exit(1);
  });
}

int Main() {
  const wire::PrivateKey lead = wire::PrivateKey::Generate();
  policy::BuildOptions options;
  options.now = kNow - core::Seconds{3600};
  const policy::Built built = OrDie(policy::BuildPolicy(MakeTree(lead), options));
  const std::string signature = wire::Sign(lead, wire::NamespaceOf("policy"), built.payload);
  const std::string envelope = wire::EncodeEnvelope({"policy", built.payload, {signature}});
  const Spread read = Measure<std::milli>(kReads, [&](int) {
    const wire::Opened<core::Policy> opened = OrDie(wire::OpenPolicy(envelope));
    const std::vector<core::Approval> signers = wire::ToApprovals(opened.signatures);
    if (!core::JudgePolicyUpdate(nullptr, opened.document, signers)) std::exit(1);
  });
  agent::Holdings holdings({built.policy.realm, "web-1", {}});
  holdings.SetPolicy(built.policy);
  Hold(*holdings.policy(), holdings);
  const Spread decided = Decide(holdings);
  std::printf("{\"bytes\":%zu,\"read_ms\":%.1f,\"median_us\":%.2f,\"p99_us\":%.2f}\n",
              envelope.size(), read.median, decided.median, decided.p99);
  return 0;
}

}  // namespace
}  // namespace daypass::bench

int main() {
  return daypass::bench::Main();
}
