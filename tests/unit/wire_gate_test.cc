// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// gate.conf: what it says, and that anything not understood means the strict default.
#include "wire/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daypass::wire {
namespace {

using core::Door;
using testing::HasSubstr;

TEST(GateConf, EnforcesAndExemptsNobodyByDefault) {
  const auto gate = ParseGateConf("");
  ASSERT_TRUE(gate);
  EXPECT_FALSE(gate->permissive);
  EXPECT_TRUE(gate->exempt.empty());
}

TEST(GateConf, ReadsModeExemptionsAndComments) {
  const auto gate = ParseGateConf(
      "# who is never locked out\n"
      "mode\tpermissive   # for the trial\n"
      "\n"
      "exempt admin login\n"
      "  exempt admin sudo  ");
  ASSERT_TRUE(gate) << gate.error().what;
  EXPECT_TRUE(gate->permissive);
  EXPECT_TRUE(IsExempt(*gate, "admin", Door::kLogin));
  EXPECT_TRUE(IsExempt(*gate, "admin", Door::kSudo));
  EXPECT_FALSE(IsExempt(*gate, "admin", Door::kSsh));
  EXPECT_FALSE(IsExempt(*gate, "adm", Door::kSudo));
  EXPECT_FALSE(IsExempt(*gate, "", Door::kSudo));
}

TEST(GateConf, RefusesWhatItDoesNotUnderstandAndNamesTheLine) {
  for (const std::string_view line :
       {"mode", "mode loose", "mode permissive now", "Mode permissive", "mode=permissive",
        "exempt admin", "exempt admin window", "exempt * sudo", "exempt a/b sudo",
        "exempt admin sudo ssh", "permissive", "mode permissive\r", "mode enforce\nmode permissive",
        "\x01"}) {
    const std::string text = "exempt admin sudo\n" + std::string(line) + "\n";
    const auto gate = ParseGateConf(text);
    ASSERT_FALSE(gate) << line;
    EXPECT_EQ(gate.error().code, core::Reason::kMalformed);
    EXPECT_THAT(gate.error().what, HasSubstr("gate.conf:")) << line;
  }
  EXPECT_TRUE(ParseGateConf("exempt admin sudo\nmode permissive\n"));  // the control
}

TEST(GateConf, ReadsALastLineWithoutItsEnd) {
  const auto gate = ParseGateConf("mode permissive");
  ASSERT_TRUE(gate);
  EXPECT_TRUE(gate->permissive);
}

}  // namespace
}  // namespace daypass::wire
