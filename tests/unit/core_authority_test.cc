// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whose approvals count, and for what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Panel {
  World world;
  Suspension suspension;

  ApprovalJudgement Judge(const std::vector<Approval>& approvals) {
    return JudgeApprovals(world.policy, world.role(), world.statement(), approvals, suspension,
                          world.now);
  }
  Reason Why(const std::vector<Approval>& approvals) {
    const ApprovalJudgement judgement = Judge(approvals);
    EXPECT_FALSE(judgement.enough);
    return judgement.reason;
  }
  Person& Find(const std::string& name) {
    return *std::ranges::find(world.policy.people, name, &Person::name);
  }
};

TEST(JudgeApprovals, CountsAPersonOfTheGroup) {
  Panel panel;
  const ApprovalJudgement judgement = panel.Judge({ApprovalOf("bob")});
  EXPECT_TRUE(judgement.enough);
  EXPECT_THAT(judgement.counted, ElementsAre("bob"));
}

// GF-06
TEST(JudgeApprovals, CountsAPersonOnceWhateverTheNumberOfKeysAndSignatures) {
  Panel panel;
  panel.world.role().approve[0].count = 2;
  panel.Find("bob").keys.push_back(MakeKey("SHA256:bob-laptop"));
  EXPECT_EQ(panel.Why({ApprovalOf("bob"), ApprovalOf("bob")}), Reason::kApprovalsMissing);
  EXPECT_EQ(panel.Why({ApprovalOf("bob"), ApprovalOf("bob-laptop")}), Reason::kApprovalsMissing);
  EXPECT_TRUE(panel.Judge({ApprovalOf("bob-laptop"), ApprovalOf("carol")}).enough);
}

TEST(JudgeApprovals, CountsAPersonOfTwoGroupsOnce) {
  Panel panel;
  panel.world.role().approve = {{1, {"ops"}, KeyUse::kAny}, {1, {"security"}, KeyUse::kAny}};
  panel.Find("bob").groups = {"ops", "security"};
  EXPECT_EQ(panel.Why({ApprovalOf("bob")}), Reason::kApprovalsMissing);
  // Carol can only be the one of the ops: bob, who came first there, has to be the other.
  EXPECT_TRUE(panel.Judge({ApprovalOf("bob"), ApprovalOf("carol")}).enough);
  EXPECT_TRUE(panel.Judge({ApprovalOf("carol"), ApprovalOf("bob")}).enough);
  std::swap(panel.world.role().approve[0], panel.world.role().approve[1]);
  EXPECT_TRUE(panel.Judge({ApprovalOf("bob"), ApprovalOf("carol")}).enough);
}

// Every way to give people groups, against trying every assignment.
TEST(JudgeApprovals, FindsAnAssignmentExactlyWhereThereIsOne) {
  const std::vector<std::string> groups = {"a", "b", "c"};
  for (int code = 0; code < 8 * 8 * 8; ++code) {
    Panel panel;
    panel.world.role().approve = {{1, {"a"}, {}}, {1, {"b"}, {}}, {1, {"c"}, {}}};
    const std::vector<std::string> names = {"bob", "carol", "eve"};
    std::vector<int> has;
    for (int i = 0; i < 3; ++i) {
      has.push_back((code >> (3 * i)) & 7);
      Person& person = panel.Find(names[static_cast<size_t>(i)]);
      person.groups.clear();
      for (int g = 0; g < 3; ++g) {
        if (has.back() >> g & 1) person.groups.push_back(groups[static_cast<size_t>(g)]);
      }
    }
    bool possible = false;
    std::vector<size_t> order = {0, 1, 2};
    do {
      possible = possible ||
                 ((has[order[0]] & 1) != 0 && (has[order[1]] & 2) != 0 && (has[order[2]] & 4) != 0);
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(panel.Judge({ApprovalOf("bob"), ApprovalOf("carol"), ApprovalOf("eve")}).enough,
              possible)
        << code;
  }
}

TEST(JudgeApprovals, NeverCountsTheSubjectTheRequesterOrAnAccountOfTheirs) {
  Panel subject;
  subject.Find("alice").groups = {"web", "ops"};
  EXPECT_EQ(subject.Why({ApprovalOf("alice")}), Reason::kSelfApproval);

  Panel requester;
  requester.world.statement().requester = "bob";
  EXPECT_EQ(requester.Why({ApprovalOf("bob")}), Reason::kSelfApproval);
  EXPECT_TRUE(requester.Judge({ApprovalOf("carol")}).enough);

  Panel second_account;  // deploy is an account of bob's
  second_account.Find("bob").accounts = {"bob", "deploy"};
  second_account.world.statement().subject = "deploy";
  EXPECT_EQ(second_account.Why({ApprovalOf("bob")}), Reason::kSelfApproval);
  second_account.world.statement().subject = "alice";
  second_account.world.statement().requester = "deploy";
  EXPECT_EQ(second_account.Why({ApprovalOf("bob")}), Reason::kSelfApproval);
  EXPECT_TRUE(second_account.Judge({ApprovalOf("carol")}).enough);
}

TEST(JudgeApprovals, SaysWhyAnApprovalDoesNotCount) {
  Panel panel;
  EXPECT_EQ(panel.Why({}), Reason::kApprovalsMissing);
  EXPECT_EQ(panel.Why({ApprovalOf("mallory")}), Reason::kKeyUnknown);
  EXPECT_EQ(panel.Why({ApprovalOf("eve")}), Reason::kApproverNotAllowed);
  EXPECT_EQ(panel.Why({ApprovalOf("mallory"), ApprovalOf("eve")}), Reason::kApproverNotAllowed);
  EXPECT_EQ(panel.Judge({ApprovalOf("eve")}).detail, "SHA256:eve");
  // Of several the one that came nearest to counting, and of equals the first.
  EXPECT_EQ(panel.Judge({ApprovalOf("eve"), ApprovalOf("mallory")}).detail, "SHA256:eve");
  EXPECT_EQ(panel.Judge({ApprovalOf("mallory"), ApprovalOf("trudy")}).detail, "SHA256:mallory");
  EXPECT_EQ(panel.Judge({ApprovalOf("mallory"), ApprovalOf("eve"), ApprovalOf("trudy")}).detail,
            "SHA256:eve");
  panel.world.role().approve[0].count = 2;
  EXPECT_EQ(panel.Judge({ApprovalOf("bob"), ApprovalOf("eve")}).detail, "1 of 2");
}

TEST(JudgeApprovals, DoesNotCountAKeyThatIsNotForApproving) {
  Panel panel;
  panel.Find("bob").keys[0].approve = false;
  panel.Find("bob").keys[0].administer = true;
  EXPECT_EQ(panel.Why({ApprovalOf("bob")}), Reason::kApproverNotAllowed);
}

TEST(JudgeApprovals, DoesNotCountTheServersAutomaticKey) {
  Panel panel;
  panel.world.policy.automatic_keys = {MakeKey("SHA256:auto")};
  EXPECT_EQ(panel.Why({ApprovalOf("auto")}), Reason::kKeyUnknown);
}

TEST(JudgeApprovals, EndsMembershipOnHi) {
  Panel panel;
  panel.Find("bob").valid_until = kNoon + Millis{1};
  EXPECT_TRUE(panel.Judge({ApprovalOf("bob")}).enough);
  panel.world.now.hi += Millis{1};
  EXPECT_EQ(panel.Why({ApprovalOf("bob")}), Reason::kApproverNotAllowed);
}

TEST(JudgeApprovals, DoesNotCountWhomTheServerSuspends) {
  Panel panel;
  const std::set<std::string> people = {"bob"};
  const std::set<std::string> keys = {"SHA256:carol"};
  panel.suspension = {&people, &keys};
  EXPECT_EQ(panel.Why({ApprovalOf("bob")}), Reason::kSuspended);
  EXPECT_EQ(panel.Why({ApprovalOf("carol")}), Reason::kSuspended);
  panel.Find("carol").keys.push_back(MakeKey("SHA256:carol-2"));
  EXPECT_TRUE(panel.Judge({ApprovalOf("carol-2")}).enough);
}

TEST(JudgeApprovals, ApprovesNothingForARoleThatNamesNoApprover) {
  Panel panel;
  panel.world.role().approve.clear();
  EXPECT_FALSE(panel.Judge({ApprovalOf("bob")}).enough);
  panel.world.role().approve = {{0, {"ops"}, KeyUse::kAny}};
  EXPECT_FALSE(panel.Judge({ApprovalOf("bob")}).enough);
  EXPECT_FALSE(panel.Judge({}).enough);
}

constexpr bool kNoTouch = false, kTouched = true, kNoPin = false, kPin = true;

Approval Bob(bool presence, bool verified) {
  return {"SHA256:bob", presence, verified};
}

// GF-40
TEST(JudgeApprovals, WantsTheTouchOrPinThatTheRoleAsksFor) {
  Panel panel;
  panel.world.role().approve[0].keys = KeyUse::kTouch;
  EXPECT_EQ(panel.Why({Bob(kNoTouch, kNoPin)}), Reason::kTouchMissing);
  EXPECT_EQ(panel.Why({Bob(kNoTouch, kPin)}),
            Reason::kTouchMissing);  // a PIN without presence is none
  EXPECT_TRUE(panel.Judge({Bob(kTouched, kNoPin)}).enough);
  EXPECT_TRUE(panel.Judge({Bob(kTouched, kPin)}).enough);
  panel.world.role().approve[0].keys = KeyUse::kVerify;
  EXPECT_EQ(panel.Why({Bob(kTouched, kNoPin)}), Reason::kTouchMissing);
  EXPECT_EQ(panel.Why({Bob(kNoTouch, kPin)}), Reason::kTouchMissing);
  EXPECT_TRUE(panel.Judge({Bob(kTouched, kPin)}).enough);
}

// GF-40: a key of which the policy wants more is worth nothing without it, for `any` roles too.
TEST(JudgeApprovals, WantsTheTouchOrPinThatTheKeyAsksFor) {
  Panel panel;
  panel.Find("bob").keys[0].required = KeyUse::kTouch;
  EXPECT_EQ(panel.Why({Bob(kNoTouch, kNoPin)}), Reason::kTouchMissing);
  EXPECT_TRUE(panel.Judge({Bob(kTouched, kNoPin)}).enough);
  panel.Find("bob").keys[0].required = KeyUse::kVerify;
  EXPECT_EQ(panel.Why({Bob(kTouched, kNoPin)}), Reason::kTouchMissing);
  EXPECT_TRUE(panel.Judge({Bob(kTouched, kPin)}).enough);
}

TEST(JudgeApprovals, CountsAPersonAtTheirStrongest) {
  Panel panel;
  panel.world.role().approve[0].keys = KeyUse::kTouch;
  panel.Find("bob").keys.push_back(MakeKey("SHA256:bob-token"));
  EXPECT_TRUE(panel.Judge({ApprovalOf("bob"), {"SHA256:bob-token", kTouched, kNoPin}}).enough);
  EXPECT_TRUE(panel.Judge({{"SHA256:bob-token", kTouched, kNoPin}, ApprovalOf("bob")}).enough);
}

TEST(JudgeApprovals, NamesOnlyThosePeopleWhoseApprovalsCount) {
  Panel panel;
  panel.world.role().approve[0].keys = KeyUse::kTouch;
  const ApprovalJudgement judgement =
      panel.Judge({ApprovalOf("carol"), Bob(kTouched, kNoPin), ApprovalOf("eve")});
  EXPECT_TRUE(judgement.enough);
  EXPECT_THAT(judgement.counted, ElementsAre("bob"));
  EXPECT_THAT(panel.Judge({ApprovalOf("carol")}).counted, IsEmpty());
  panel.world.role().approve[0].keys = KeyUse::kAny;
  EXPECT_THAT(panel.Judge({ApprovalOf("carol"), ApprovalOf("bob")}).counted,
              UnorderedElementsAre("bob", "carol"));
  panel.world.role().approve.push_back({1, {"security"}, KeyUse::kAny});
  EXPECT_THAT(panel.Judge({ApprovalOf("bob")}).counted, ElementsAre("bob"))
      << "for one line of two";
}

TEST(MayApprove, IsForPeopleOfTheGroupWhoAreNotInvolved) {
  Panel panel;
  const auto may = [&](const char* name) {
    return MayApprove(panel.world.role(), panel.world.statement(), panel.Find(name), kNoon);
  };
  EXPECT_TRUE(may("bob"));
  EXPECT_FALSE(may("eve"));
  panel.world.role().approve.push_back({1, {"security"}, KeyUse::kAny});
  EXPECT_TRUE(may("bob"));  // for one of the two
  EXPECT_FALSE(may("alice"));
  panel.Find("alice").groups.emplace_back("ops");
  EXPECT_FALSE(may("alice"));
  panel.world.statement().requester = "bob";
  EXPECT_FALSE(may("bob"));
}

TEST(IsSubjectOf, KnowsAccountsByTheirOwner) {
  Panel panel;
  Role& role = panel.world.role();
  const auto is_subject = [&](const char* account) {
    return IsSubjectOf(panel.world.policy, role, account, kNoon);
  };
  EXPECT_TRUE(is_subject("alice"));
  EXPECT_FALSE(is_subject("bob"));
  EXPECT_FALSE(is_subject("www-data"));
  panel.Find("alice").accounts.emplace_back("alice-admin");
  EXPECT_TRUE(is_subject("alice-admin"));
  panel.Find("alice").accounts = {"a.liddell"};
  EXPECT_FALSE(is_subject("alice"));  // a name is not an account
  role.subjects = {false, {"bob"}, {}};
  EXPECT_TRUE(is_subject("bob"));
  EXPECT_FALSE(is_subject("carol"));
  role.subjects = {};
  EXPECT_FALSE(is_subject("bob"));
  role.subjects.any = true;
  EXPECT_TRUE(is_subject("www-data"));
}

}  // namespace
}  // namespace daypass::core
