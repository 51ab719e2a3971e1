// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which policy may take the place of which.
#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

/// A policy whose administrators are these people, one key each; `threshold` of them sign.
Policy MakeAdministered(uint64_t version, uint32_t threshold,
                        const std::vector<std::string>& names) {
  Policy policy = MakePolicy();
  policy.version = version;
  policy.digest = Digest(64, static_cast<char>('a' + version % 26));
  policy.administrators = {threshold, names};
  policy.people.clear();
  for (const std::string& name : names) {
    Person person = MakePerson(name, {});
    person.keys[0].administer = true;
    policy.people.push_back(std::move(person));
  }
  return policy;
}

std::vector<Approval> SignedBy(const std::vector<std::string>& names) {
  std::vector<Approval> signers;
  for (const std::string& name : names) signers.push_back(ApprovalOf(name));
  return signers;
}

Reason Why(const Policy* held, const Policy& offered, const std::vector<Approval>& signers) {
  const Result<void> judged = JudgePolicyUpdate(held, offered, signers);
  return judged ? Reason::kGranted : judged.error().code;
}

TEST(JudgePolicyUpdate, TakesAHigherVersionThatEnoughAdministratorsSigned) {
  const Policy held = MakeAdministered(10, 2, {"ann", "ben", "cid"});
  const Policy offered = MakeAdministered(11, 2, {"ann", "ben", "cid"});
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "cid"})), Reason::kGranted);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "ben", "cid", "mallory"})), Reason::kGranted);
  const Policy far = MakeAdministered(1000, 2, {"ann", "ben", "cid"});
  EXPECT_EQ(Why(&held, far, SignedBy({"ann", "cid"})), Reason::kGranted);
}

// GF-25, GF-29
TEST(JudgePolicyUpdate, RefusesOneBelowTheThreshold) {
  const Policy held = MakeAdministered(10, 2, {"ann", "ben"});
  const Policy offered = MakeAdministered(11, 2, {"ann", "ben"});
  EXPECT_EQ(Why(&held, offered, {}), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "ann"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "mallory"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "ben"})), Reason::kGranted);
}

TEST(JudgePolicyUpdate, CountsAnAdministratorOnceWhateverTheNumberOfKeys) {
  Policy held = MakeAdministered(10, 2, {"ann", "ben"});
  PersonKey second = MakeKey("SHA256:ann-2");
  second.administer = true;
  held.people[0].keys.push_back(second);
  Policy offered = held;
  offered.version = 11;
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann", "ann-2"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann-2", "ben"})), Reason::kGranted);
}

TEST(JudgePolicyUpdate, CountsOnlyKeysThatAdministerAndPeopleWhoAreNamed) {
  Policy held = MakeAdministered(10, 1, {"ann"});
  held.people.push_back(MakePerson("bob", {"ops"}));
  held.people.back().keys[0].administer = true;  // but bob is no administrator
  held.people[0].keys.push_back(MakeKey("SHA256:ann-approves"));
  Policy offered = held;
  offered.version = 11;
  EXPECT_EQ(Why(&held, offered, SignedBy({"bob"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann-approves"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, SignedBy({"ann"})), Reason::kGranted);
}

// GF-40: a token from which the policy wants a touch counts for nothing without it.
TEST(JudgePolicyUpdate, WantsTheTouchThatAnAdministratorsKeyAsksFor) {
  Policy held = MakeAdministered(10, 1, {"ann"});
  held.people[0].keys[0].required = KeyUse::kTouch;
  Policy offered = held;
  offered.version = 11;
  EXPECT_EQ(Why(&held, offered, {{"SHA256:ann", false, false}}), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, {{"SHA256:ann", true, false}}), Reason::kGranted);
  held.people[0].keys[0].required = KeyUse::kVerify;
  EXPECT_EQ(Why(&held, offered, {{"SHA256:ann", true, false}}), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&held, offered, {{"SHA256:ann", true, true}}), Reason::kGranted);
}

// GF-17
TEST(JudgePolicyUpdate, RefusesARollback) {
  const Policy held = MakeAdministered(10, 1, {"ann"});
  EXPECT_EQ(Why(&held, MakeAdministered(9, 1, {"ann"}), SignedBy({"ann"})), Reason::kRollback);
  EXPECT_EQ(Why(&held, MakeAdministered(11, 1, {"ann"}), SignedBy({"ann"})), Reason::kGranted);
}

// GF-19
TEST(JudgePolicyUpdate, RefusesAnotherDocumentOfTheSameVersion) {
  const Policy held = MakeAdministered(10, 1, {"ann"});
  Policy other = held;
  EXPECT_EQ(Why(&held, other, SignedBy({"ann"})), Reason::kGranted);  // the same one again
  other.digest.back() = '0';
  EXPECT_EQ(Why(&held, other, SignedBy({"ann"})), Reason::kEquivocation);
}

// GF-37
TEST(JudgePolicyUpdate, RefusesAnotherRealm) {
  const Policy held = MakeAdministered(10, 1, {"ann"});
  Policy other = MakeAdministered(11, 1, {"ann"});
  other.realm = std::string(32, '0');
  EXPECT_EQ(Why(&held, other, SignedBy({"ann"})), Reason::kWrongRealm);
}

// GF-23
TEST(JudgePolicyUpdate, WantsTheThresholdOfTheHeldPolicyAndOfTheOfferedOne) {
  const Policy v5 = MakeAdministered(5, 2, {"ann", "ben"});
  const Policy v6 = MakeAdministered(6, 2, {"dan", "eva"});
  EXPECT_EQ(Why(&v5, v6, SignedBy({"ann", "ben"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&v5, v6, SignedBy({"dan", "eva"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(&v5, v6, SignedBy({"ann", "ben", "dan", "eva"})), Reason::kGranted);
  const Policy v7 = MakeAdministered(7, 2, {"ann", "eva"});
  EXPECT_EQ(Why(&v5, v7, SignedBy({"ann", "ben", "eva"})), Reason::kGranted);
}

TEST(JudgePolicyUpdate, LetsNobodyInByAThresholdOfZero) {
  const Policy open = MakeAdministered(10, 0, {"ann"});
  const Policy closed = MakeAdministered(11, 1, {"ann"});
  EXPECT_EQ(Why(&open, closed, SignedBy({"ann"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(nullptr, open, SignedBy({"ann"})), Reason::kBelowThreshold);
}

TEST(JudgePolicyUpdate, WantsOfTheFirstPolicyItsOwnThreshold) {
  const Policy first = MakeAdministered(1, 2, {"ann", "ben"});
  EXPECT_EQ(Why(nullptr, first, SignedBy({"ann"})), Reason::kBelowThreshold);
  EXPECT_EQ(Why(nullptr, first, SignedBy({"ann", "ben"})), Reason::kGranted);
}

}  // namespace
}  // namespace daypass::core
