// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What somebody types becomes a record that every reader of records takes.
#include "agent/check_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>

#include "platform/clock.h"

namespace daypass::agent {
namespace {

wire::Record RecordOfDenial(const std::vector<std::string>& argv, const std::string& detail) {
  wire::CommandCall call;
  call.user = "alice";
  call.uid = 1001;
  call.command = std::string(4096, '\xff');
  call.cwd = std::string(4096, '\xff');
  call.argv = argv;
  call.runas_user = "root";
  const core::Result<platform::ProcessHandle> self = platform::OpenProcess(getpid());
  EXPECT_TRUE(self);
  wire::Record record = RecordOf(call, *self);
  record.realm = std::string(32, 'a');
  record.boot_id = std::string(32, 'b');
  record.seq = 1;
  record.prev = wire::kNoPrev;
  record.host = "web-1";
  record.clock = "anchored";
  core::Decision decision;
  decision.reason = core::Reason::kWrongArgument;
  decision.detail = detail;
  wire::VerdictReply reply;
  reply.reason = decision.reason;
  FillOutcome(reply, decision, record);
  return record;
}

// SC-08: the longest once made records that their own readers refused.
TEST(RecordOf, CanBeReadWhateverSomebodyTypes) {
  const std::string longest(128 * 1024, '\xff');
  const std::vector<std::vector<std::string>> rows = {
      {"systemctl", "restart", "nginx"},      // the control
      {""},                                   //
      std::vector<std::string>(16, longest),  // two mebibytes
      std::vector<std::string>(256, "x"),
      std::vector<std::string>(257, "x"),
      std::vector<std::string>(10000, "x"),
      {"systemctl", longest},  // the misfit is named
  };
  for (const std::vector<std::string>& argv : rows) {
    const wire::Record record = RecordOfDenial(argv, argv.back());
    const core::Result<wire::Record> read = wire::ParseRecord(wire::EncodeRecord(record));
    ASSERT_TRUE(read) << argv.size() << ": " << read.error().what;
    EXPECT_EQ(read->argv_b64, record.argv_b64);
    EXPECT_LE(read->argv_b64.size(),
              256U);  // more would be too many fields for an entry of the journal
    EXPECT_EQ(read->argv.ends_with("..."), record.argv_b64.size() < argv.size());
  }
}

/// The record of an allow that this very process got.
wire::Record OwnAllow() {
  wire::Record record;
  record.event = "decision.allowed";
  record.verdict = record.effect = "allow";
  record.reason = "granted";
  record.pid = getpid();
  record.boot_id = "boot";
  record.boot_ms = platform::BootTime().count();
  record.grant = std::string(64, 'a');
  record.role = "builder";
  record.rule = "make";
  return record;
}

TEST(ParentOf, IsWhatTheGrantOrTheStandingRuleAllowedThisSudo) {
  const core::Result<platform::ProcessHandle> self = platform::OpenProcess(getpid());
  ASSERT_TRUE(self);
  wire::Record record = OwnAllow();
  const core::Parent granted = ParentOf(record, *self, "boot");
  EXPECT_EQ(granted.grant, std::string(64, 'a'));
  EXPECT_EQ(granted.standing, "");
  EXPECT_EQ(granted.rule, "make");
  record.reason = "standing";
  record.grant.clear();
  const core::Parent standing = ParentOf(record, *self, "boot");
  EXPECT_EQ(standing.grant, "");
  EXPECT_EQ(standing.standing, "builder");
  EXPECT_EQ(standing.rule, "make");
}

// A number is easily said: what it is the record of decides.
TEST(ParentOf, IsNobodyIfItIsTheRecordOfAnythingElse) {
  const core::Result<platform::ProcessHandle> self = platform::OpenProcess(getpid());
  ASSERT_TRUE(self);
  const std::vector<std::function<void(wire::Record&)>> cases = {
      [](wire::Record& r) { r.event = "decision.denied", r.verdict = "deny"; },
      [](wire::Record& r) { r.event = "grant.imported"; },
      [](wire::Record& r) { r.pid = 1; },
      [](wire::Record& r) { r.pid.reset(); },
      [](wire::Record& r) { r.boot_id = "before"; },
      [](wire::Record& r) { r.parent = 7; },
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    wire::Record record = OwnAllow();
    cases[i](record);
    const core::Parent parent = ParentOf(record, *self, "boot");
    EXPECT_TRUE(parent.grant.empty() && parent.standing.empty() && parent.rule.empty()) << i;
  }
  // Of a process that had the same number before.
  wire::Record record = OwnAllow();
  record.boot_ms = platform::BornAt(*self).count() - 1;
  EXPECT_EQ(ParentOf(record, *self, "boot").grant, "");
  record.boot_ms = platform::BornAt(*self).count();
  EXPECT_NE(ParentOf(record, *self, "boot").grant, "");
}

// What nobody asked the resolver about matches nothing: standing rules would allow no path.
TEST(PlanPaths, AsksForWhatStandingRulesCompareToo) {
  core::CommandRule rule;
  rule.path = "/usr/bin/tar";
  rule.args = {core::MatchIs{"-tf"}, core::MatchUnder{"/srv/backup"}};
  core::Policy policy;
  core::Query query;
  query.command = "tar";
  query.args = {"-tf", "/srv/backup/x.tar"};
  EXPECT_EQ(PlanPaths(&policy, query).questions.size(), 1u) << "the command alone";
  core::Standing& standing = policy.standing.emplace_back();
  standing.rules = {{"list", rule}};
  EXPECT_EQ(PlanPaths(&policy, query).arguments, std::vector<size_t>{1});
  EXPECT_FALSE(PlanPaths(&policy, query).questions[0].want_sha256);
  std::get<core::CommandRule>(standing.rules[0].kind).sha256 = std::string(64, 'a');
  EXPECT_TRUE(PlanPaths(&policy, query).questions[0].want_sha256);
}

}  // namespace
}  // namespace daypass::agent
