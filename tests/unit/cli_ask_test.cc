// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// From what people type to statements, and whether an approval would mean anything.
#include "cli/ask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/approvable.h"
#include "tests/unit/cli_fixture.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

class Asking : public ::testing::Test {
 protected:
  Ask MakeAsk() {
    Ask ask;
    ask.role = "web-operator";
    ask.hosts = {"web-1"};
    ask.duration = core::Seconds{1200};
    ask.reason = "nginx does not start";
    ask.requester = "alice";
    return ask;
  }

  core::Error ErrorOf(const Ask& ask) {
    core::Result<core::Statement> statement = WordStatement(policy_, ask, kNow);
    EXPECT_FALSE(statement);
    return statement ? core::Error{} : statement.error();
  }

  core::Policy policy_ = MakePolicy().policy;
};

TEST_F(Asking, FillsInWhatPeopleLeaveOut) {
  core::Result<core::Statement> statement = WordStatement(policy_, MakeAsk(), kNow);
  ASSERT_TRUE(statement) << statement.error().what;
  EXPECT_EQ(statement->subject, "alice");
  EXPECT_EQ(statement->requester, "alice");
  EXPECT_EQ(statement->role_digest, core::FindRole(policy_, "web-operator")->digest);
  EXPECT_EQ(statement->start, core::StartRule::kApproval);
  EXPECT_EQ(statement->start_by, kNow + core::Seconds{3600});
  EXPECT_EQ(statement->created, kNow);
  EXPECT_EQ(statement->uses, 0u);
}

TEST_F(Asking, CountsTheLatestStartFromAScheduledInstant) {
  Ask ask = MakeAsk();
  ask.at = kNow + std::chrono::hours{5};
  core::Result<core::Statement> statement = WordStatement(policy_, ask, kNow);
  ASSERT_TRUE(statement) << statement.error().what;
  EXPECT_EQ(statement->start, core::StartRule::kScheduled);
  EXPECT_EQ(statement->start_at, ask.at);
  EXPECT_EQ(statement->start_by, kNow + std::chrono::hours{6});
}

TEST_F(Asking, NamesTheRolesThereAre) {
  Ask ask = MakeAsk();
  ask.role = "web";
  const core::Error error = ErrorOf(ask);
  EXPECT_EQ(error.code, core::Reason::kRoleUnknown);
  EXPECT_THAT(error.what, HasSubstr("has no role \"web\"\nRoles: web-operator"));
}

TEST_F(Asking, SaysWhatTheRoleAllows) {
  Ask ask = MakeAsk();
  ask.duration = core::Seconds{3 * 3600};
  EXPECT_THAT(ErrorOf(ask).what,
              HasSubstr("3h is too long; the role web-operator allows at most 2h"));

  ask = MakeAsk();
  ask.hosts = {"web-1", "db-1"};
  EXPECT_THAT(ErrorOf(ask).what, HasSubstr("not for db-1; it is for web-1, web-2"));

  ask = MakeAsk();
  ask.requester = "dora";
  EXPECT_EQ(ErrorOf(ask).code, core::Reason::kWrongSubject);

  ask = MakeAsk();
  ask.requester = "nobody";
  EXPECT_THAT(ErrorOf(ask).what, HasSubstr("Name one with --subject"));
}

TEST_F(Asking, ReadsStartRules) {
  EXPECT_EQ(*ReadStartRule("approval"), core::StartRule::kApproval);
  EXPECT_EQ(*ReadStartRule("first-use"), core::StartRule::kFirstUse);
  EXPECT_FALSE(ReadStartRule("scheduled")) << "--at says that";
}

class Approving : public ::testing::Test {
 protected:
  const core::Person& Person(const char* name) { return *core::FindPerson(policy_, name); }
  core::Reason RefusalOf(const char* name, const RemoteRequest& request, core::Instant now = kNow) {
    core::Result<const core::Role*> role = CheckApprovable(policy_, Person(name), request, now);
    if (role) return core::Reason::kGranted;
    EXPECT_THAT(role.error().what, HasSubstr("cannot be approved: "));
    return role.error().code;
  }

  core::Policy policy_ = MakePolicy().policy;
  RemoteRequest request_ = MakeRequest(MakeStatement(policy_));
};

TEST_F(Approving, LetsAnApproverOfTheRole) {
  core::Result<const core::Role*> role = CheckApprovable(policy_, Person("bob"), request_, kNow);
  ASSERT_TRUE(role) << role.error().what;
  EXPECT_EQ((*role)->name, "web-operator");
}

TEST_F(Approving, RefusesWhoMayNot) {
  EXPECT_EQ(RefusalOf("alice", request_), core::Reason::kSelfApproval);
  EXPECT_EQ(RefusalOf("dora", request_), core::Reason::kApproverNotAllowed);

  core::Statement for_alice = MakeStatement(policy_);
  for_alice.requester = "bob";  // bob asks for alice
  EXPECT_EQ(RefusalOf("bob", MakeRequest(for_alice)), core::Reason::kSelfApproval);
  EXPECT_EQ(RefusalOf("carol", MakeRequest(for_alice)), core::Reason::kGranted);
}

TEST_F(Approving, RefusesWhatIsDecidedOrTooLate) {
  RemoteRequest denied = request_;
  denied.state = "denied";
  EXPECT_EQ(RefusalOf("bob", denied), core::Reason::kConflict);
  EXPECT_EQ(RefusalOf("bob", request_, request_.statement.start_by), core::Reason::kExpired);
  EXPECT_EQ(RefusalOf("bob", request_, policy_.expires), core::Reason::kPolicyExpired);
}

// GF-38: the role that the request was made for is not the one of the approver's own policy.
TEST_F(Approving, RefusesARoleThatHasChanged) {
  core::Statement statement = MakeStatement(policy_);
  statement.role_digest = std::string(64, '0');
  const RemoteRequest request = MakeRequest(statement);
  core::Result<const core::Role*> role = CheckApprovable(policy_, Person("bob"), request, kNow);
  ASSERT_FALSE(role);
  EXPECT_EQ(role.error().code, core::Reason::kRoleChanged);
  EXPECT_EQ(ExitOf(role.error().code), Exit::kUntrusted);
  EXPECT_THAT(role.error().what, HasSubstr("must ask anew"));
  EXPECT_EQ(RefusalOf("bob", request_), core::Reason::kGranted) << "the control";
}

TEST_F(Approving, RefusesAnotherRealm) {  // GF-37
  PolicyWish wish;
  wish.realm = std::string(32, 'b');
  const RemoteRequest request = MakeRequest(MakeStatement(MakePolicy(wish).policy));
  EXPECT_EQ(RefusalOf("bob", request), core::Reason::kWrongRealm);
}

TEST_F(Approving, TakesOnlySignaturesOfOnesOwnKeys) {
  const core::Role& role = *core::FindRole(policy_, "web-operator");
  const auto check = [&](const char* name, const wire::PrivateKey& key) {
    const RemoteApproval approval = Approve(request_, key);
    core::Result<wire::VerifiedSignature> signature =
        wire::VerifySignature(approval.signature, "grant@daypass", request_.bytes);
    EXPECT_TRUE(signature);
    core::Result<void> counts =
        CheckSignature(policy_, role, Person(name), request_.statement, *signature, kNow);
    return counts ? core::Reason::kGranted : counts.error().code;
  };
  EXPECT_EQ(check("bob", TestKeys().bob), core::Reason::kGranted);
  EXPECT_EQ(check("bob", TestKeys().carol), core::Reason::kNotYours);
  EXPECT_EQ(check("bob", wire::PrivateKey::Generate()), core::Reason::kKeyUnknown);  // GF-03
  EXPECT_EQ(check("dora", TestKeys().dora), core::Reason::kApproverNotAllowed);
}

// GF-40: the role wants a touch, the key is a plain one.
TEST_F(Approving, SaysThatATouchIsMissing) {
  core::Policy policy = policy_;
  policy.roles.front().approve.front().keys = core::KeyUse::kTouch;
  const RemoteApproval approval = Approve(request_, TestKeys().bob);
  core::Result<wire::VerifiedSignature> signature =
      wire::VerifySignature(approval.signature, "grant@daypass", request_.bytes);
  ASSERT_TRUE(signature);
  core::Result<void> counts = CheckSignature(policy, policy.roles.front(), Person("bob"),
                                             request_.statement, *signature, kNow);
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.error().code, core::Reason::kTouchMissing);
  EXPECT_THAT(counts.error().what, HasSubstr("each with a touch of a FIDO2 key"));
}

}  // namespace
}  // namespace daypass::cli
