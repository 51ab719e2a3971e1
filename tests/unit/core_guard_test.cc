// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The line that says what still guards a role if the server is broken into.
#include "core/guard.h"

#include <gtest/gtest.h>

#include "core_fixture.h"

namespace daypass::core {
namespace {

using std::chrono::minutes;

TEST(GuardLine, NamesWhoMustSayYes) {
  Policy policy;
  Role role = MakeRole();
  EXPECT_EQ(GuardLine(policy, role), "needs 1 of ops");
  role.approve = {{2, {"web-leads", "sre"}, KeyUse::kTouch}, {1, {"security"}, KeyUse::kVerify}};
  EXPECT_EQ(GuardLine(policy, role),
            "needs 2 of web-leads or sre with touched keys and 1 of security with touched keys and "
            "PINs");
}

TEST(GuardLine, NamesWhatABrokenServerCanSkip) {
  Role role = MakeRole();
  role.server = ServerConditions{};
  EXPECT_EQ(GuardLine({}, role), "needs 1 of ops");
  role.server = {true, {Hours{}}, "web", "OPS-[0-9]+", 0, 1};
  EXPECT_EQ(GuardLine({}, role),
            "needs 1 of ops; a broken server can skip: stages, approvers' hours, on call, ticket, "
            "risk, requests a day");
}

TEST(GuardLine, SaysWhereNoPersonIsNeeded) {
  Role role = MakeRole();
  role.automatic = {{true, {}, {}}, {{"web-1"}, {}, {}, {}}, minutes{30}, 2};
  EXPECT_EQ(GuardLine({}, role),
            "needs no person: the server alone may approve, up to 30m and 2 times a day for an "
            "account on a host; else 1 of ops");
}

TEST(GuardLine, SaysWhereTheServerIsTrustedLikeRoot) {
  Policy policy;
  policy.server_is_root = true;
  EXPECT_EQ(GuardLine(policy, MakeRole()),
            "needs 1 of ops; this policy trusts the server like root");
}

}  // namespace
}  // namespace daypass::core
