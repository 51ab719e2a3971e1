// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What may be asked for: each field of a statement against policy and role, at its bounds.
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Millis kMs{1};

struct Row {
  const char* what;
  const char* field;  ///< empty: fine
  Reason reason;
  void (*make)(World&);
};

class JudgeStatementTest : public ::testing::TestWithParam<Row> {};

TEST_P(JudgeStatementTest, NamesTheFieldThatDoesNotFit) {
  const Row& row = GetParam();
  World world;
  row.make(world);
  const Result<void> judged = JudgeStatement(world.policy, world.statement());
  if (*row.field == 0) {
    EXPECT_TRUE(judged) << judged.error().what;
    return;
  }
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().field, row.field);
  EXPECT_EQ(ReasonName(judged.error().code), ReasonName(row.reason));
  EXPECT_EQ(judged.error().what.find(row.field), 0U) << judged.error().what;
}

void Schedule(World& w, Instant at) {
  w.statement().start = StartRule::kScheduled;
  w.statement().start_at = at;
  w.statement().start_by = at + hours{1};
}

INSTANTIATE_TEST_SUITE_P(
    Fields, JudgeStatementTest,
    ::testing::Values(
        Row{"control", "", {}, [](World&) {}},
        Row{"realm", "realm", Reason::kWrongRealm,
            [](World& w) { w.statement().realm.back() = '0'; }},
        Row{"no_such_role", "role", Reason::kRoleUnknown,
            [](World& w) { w.statement().role = "x"; }},
        Row{"role_of_a_newer_policy", "role", Reason::kPolicyBehind,
            [](World& w) {
              w.statement().role = "x";
              w.statement().policy_version = 8;
            }},
        Row{"role_changed", "role_digest", Reason::kRoleChanged,
            [](World& w) { w.statement().role_digest.back() = 'b'; }},
        Row{"role_changed_later", "role_digest", Reason::kPolicyBehind,
            [](World& w) {
              w.statement().role_digest.back() = 'b';
              w.statement().policy_version = 8;
            }},
        Row{"same_role_of_an_older_policy",
            "",
            {},
            [](World& w) { w.statement().policy_version = 1; }},
        Row{"same_role_of_a_newer_policy",
            "",
            {},
            [](World& w) { w.statement().policy_version = 8; }},
        Row{"subject", "subject", Reason::kWrongSubject,
            [](World& w) { w.statement().subject = "bob"; }},
        Row{"no_duration", "duration_s", Reason::kStartOutOfRange,
            [](World& w) { w.statement().duration = Seconds{0}; }},
        Row{"negative_duration", "duration_s", Reason::kStartOutOfRange,
            [](World& w) { w.statement().duration = Seconds{-1}; }},
        Row{"one_second", "", {}, [](World& w) { w.statement().duration = Seconds{1}; }},
        Row{"longest", "", {}, [](World& w) { w.statement().duration = hours{1}; }},
        Row{"too_long_for_the_role", "duration_s", Reason::kStartOutOfRange,
            [](World& w) { w.statement().duration = hours{1} + Seconds{1}; }},
        Row{"too_long_for_the_policy", "duration_s", Reason::kStartOutOfRange,
            [](World& w) { w.policy.limits.max_duration = minutes{29}; }}),
    [](const auto& row) { return row.param.what; });

INSTANTIATE_TEST_SUITE_P(
    Start, JudgeStatementTest,
    ::testing::Values(
        Row{"rule_of_another_role", "start", Reason::kStartOutOfRange,
            [](World& w) { w.role().start = {StartRule::kFirstUse}; }},
        Row{"by_the_asking", "start_by_ms", Reason::kStartOutOfRange,
            [](World& w) { w.statement().start_by = w.statement().created; }},
        Row{"just_after_the_asking",
            "",
            {},
            [](World& w) { w.statement().start_by = w.statement().created + kMs; }},
        Row{"at_the_limit",
            "",
            {},
            [](World& w) { w.statement().start_by = w.statement().created + hours{24}; }},
        Row{"over_the_limit", "start_by_ms", Reason::kStartOutOfRange,
            [](World& w) { w.statement().start_by = w.statement().created + hours{24} + kMs; }},
        Row{"scheduled", "", {}, [](World& w) { Schedule(w, kNoon + hours{48}); }},
        Row{"scheduled_without_an_instant", "start", Reason::kStartOutOfRange,
            [](World& w) { w.statement().start = StartRule::kScheduled; }},
        Row{"an_instant_without_scheduled", "start", Reason::kStartOutOfRange,
            [](World& w) { w.statement().start_at = kNoon; }},
        Row{"scheduled_at_its_latest_start", "start_by_ms", Reason::kStartOutOfRange,
            [](World& w) {
              Schedule(w, kNoon);
              w.statement().start_by = kNoon;
            }},
        Row{"scheduled_limit_counts_from_the_instant",
            "",
            {},
            [](World& w) {
              Schedule(w, kNoon);
              w.statement().start_by = kNoon + hours{24};
            }},
        Row{"scheduled_over_the_limit", "start_by_ms", Reason::kStartOutOfRange,
            [](World& w) {
              Schedule(w, kNoon);
              w.statement().start_by = kNoon + hours{24} + kMs;
            }}),
    [](const auto& row) { return row.param.what; });

INSTANTIATE_TEST_SUITE_P(
    Uses, JudgeStatementTest,
    ::testing::Values(
        Row{"no_host", "hosts", Reason::kWrongHost, [](World& w) { w.statement().hosts.clear(); }},
        Row{"two_hosts", "", {}, [](World& w) { w.statement().hosts = {"web-1", "web-2"}; }},
        Row{"counted_on_one_host", "", {}, [](World& w) { w.statement().uses = 1; }},
        Row{"counted_on_two_hosts", "hosts", Reason::kUsedUp,
            [](World& w) {
              w.statement().uses = 1;
              w.statement().hosts = {"web-1", "web-2"};
            }},
        Row{"uncounted_for_a_counted_role", "uses", Reason::kUsedUp,
            [](World& w) { w.role().uses = 3; }},
        Row{"as_often_as_the_role_allows",
            "",
            {},
            [](World& w) {
              w.role().uses = 3;
              w.statement().uses = 3;
            }},
        Row{"more_often_than_the_role_allows", "uses", Reason::kUsedUp,
            [](World& w) {
              w.role().uses = 3;
              w.statement().uses = 4;
            }}),
    [](const auto& row) { return row.param.what; });

}  // namespace
}  // namespace daypass::core
