// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The index of a policy is a hint: with it, without it, and with one that is wrong, the same is
// found.
#include <gtest/gtest.h>

#include "core/policy.h"

namespace daypass::core {
namespace {

Policy MakePolicy() {
  Policy policy;
  for (const char* name : {"one", "two", "three"}) {
    Role role;
    role.name = name;
    policy.roles.push_back(role);
    Person person;
    person.name = name;
    person.accounts = {std::string("a-") + name, std::string("b-") + name};
    person.keys.resize(2);
    person.keys[0].fingerprint = std::string("SHA256:x-") + name;
    person.keys[1].fingerprint = std::string("SHA256:y-") + name;
    policy.people.push_back(person);
  }
  return policy;
}

void ExpectFound(const Policy& policy) {
  for (size_t i = 0; i < policy.roles.size(); ++i) {
    const Person& person = policy.people[i];
    EXPECT_EQ(FindRole(policy, policy.roles[i].name), &policy.roles[i]);
    for (const std::string& account : person.accounts) {
      EXPECT_EQ(FindAccountOwner(policy, account), &person);
    }
    for (const PersonKey& key : person.keys) {
      EXPECT_EQ(FindKeyHolder(policy, key.fingerprint).person, &person);
      EXPECT_EQ(FindKeyHolder(policy, key.fingerprint).key, &key);
    }
  }
  for (const char* nobody : {"", "four", "a-four", "SHA256:x-four", "on"}) {
    EXPECT_EQ(FindRole(policy, nobody), nullptr);
    EXPECT_EQ(FindAccountOwner(policy, nobody), nullptr);
    EXPECT_EQ(FindKeyHolder(policy, nobody).person, nullptr);
    EXPECT_EQ(FindKeyHolder(policy, nobody).key, nullptr);
  }
}

TEST(PolicyIndex, PointsAtEachByItsName) {
  const PolicyIndex index = IndexPolicy(MakePolicy());
  EXPECT_EQ(index.roles, (PolicyIndex::Places{{"one", 0}, {"two", 1}, {"three", 2}}));
  EXPECT_EQ(index.accounts.size(), 6u);
  EXPECT_EQ(index.accounts.find("b-three")->second, 2u);
  EXPECT_EQ(index.keys.size(), 6u);
  EXPECT_EQ(index.keys.find("SHA256:y-two")->second, 1u);
}

TEST(PolicyIndex, IsWhereToLookFirst) {
  Policy policy = MakePolicy();
  // A second one of the same name, which no policy has, tells where it was looked for.
  policy.roles[2].name = "one";
  policy.people[2].accounts = policy.people[0].accounts;
  policy.people[2].keys = policy.people[0].keys;
  policy.index = {{{"one", 2}}, {{"a-one", 2}}, {{"SHA256:x-one", 2}}};
  EXPECT_EQ(FindRole(policy, "one"), &policy.roles[2]);
  EXPECT_EQ(FindAccountOwner(policy, "a-one"), &policy.people[2]);
  EXPECT_EQ(FindKeyHolder(policy, "SHA256:x-one").person, &policy.people[2]);
}

TEST(PolicyIndex, MayPointBehindTheEnd) {
  Policy policy = MakePolicy();
  policy.index = IndexPolicy(policy);
  const std::string last = policy.roles.back().name;
  for (const size_t place : {policy.roles.size(), policy.roles.size() + 1, SIZE_MAX}) {
    policy.index.roles[last] = place;
    ASSERT_NE(FindRole(policy, last), nullptr) << place;
    EXPECT_EQ(FindRole(policy, last)->name, last);
  }
}

TEST(PolicyIndex, NeitherLosesNorInventsAnything) {
  Policy policy = MakePolicy();
  ExpectFound(policy);
  policy.index = IndexPolicy(policy);
  ExpectFound(policy);

  Policy changed = policy;  // and not indexed again
  std::swap(changed.roles[0], changed.roles[2]);
  std::swap(changed.people[0], changed.people[1]);
  ExpectFound(changed);

  changed = policy;
  changed.roles.erase(changed.roles.begin());
  changed.people.erase(changed.people.begin());
  ExpectFound(changed);
  EXPECT_EQ(FindRole(changed, "one"), nullptr) << "gone, whatever the index says";
  EXPECT_EQ(FindAccountOwner(changed, "a-one"), nullptr);
  EXPECT_EQ(FindKeyHolder(changed, "SHA256:x-one").key, nullptr);

  changed.roles.clear();
  changed.people.clear();
  EXPECT_EQ(FindRole(changed, "three"), nullptr);
  EXPECT_EQ(FindKeyHolder(changed, "SHA256:x-three").person, nullptr);
}

}  // namespace
}  // namespace daypass::core
