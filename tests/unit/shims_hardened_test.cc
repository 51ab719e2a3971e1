// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// PL-13: a bit or two of what the shims keep between question and answer falls over. No constant
// becomes another one by it, and what is none of them is a refusal. The controls are the constants
// themselves.
#include <gtest/gtest.h>

#include <bit>
#include <functional>
#include <vector>

#include "core/decision.h"
#include "pam_module/translate.h"
#include "sudo_plugin/invocation.h"
#include "sudo_plugin/translate.h"

namespace daypass {
namespace {

using core::Verdict;
using pam_module::AccountToPam;
using pam_module::Outcome;
using pam_module::SessionToPam;
using sudo_plugin::Answer;
using sudo_plugin::Stage;

template <typename E>
uint32_t Bits(E value) {
  return static_cast<uint32_t>(value);
}

/// Every value that is one or two bits away.
template <typename E>
void ForEachFlip(E value, const std::function<void(E)>& visit) {
  for (int i = 0; i < 32; ++i) {
    visit(static_cast<E>(Bits(value) ^ (1U << i)));
    for (int j = i + 1; j < 32; ++j) {
      visit(static_cast<E>(Bits(value) ^ (1U << i) ^ (1U << j)));
    }
  }
}

template <typename E>
void ExpectApart(const std::vector<E>& values) {
  for (const E& one : values) {
    for (const E& other : values) {
      if (one == other) continue;
      EXPECT_GE(std::popcount(Bits(one) ^ Bits(other)), 8);
    }
  }
}

TEST(Hardened, NoConstantIsNearAnother) {
  ExpectApart<Verdict>({Verdict::kDeny, Verdict::kAllow});
  ExpectApart<Answer>({Answer::kRefuse, Answer::kPass});
  ExpectApart<Stage>({Stage::kNotStarted, Stage::kStarted, Stage::kIntercepts});
  ExpectApart<Outcome>({Outcome::kRefused, Outcome::kPassed, Outcome::kNoVerdict, Outcome::kNotOurs,
                        Outcome::kNoSuchUser});
}

TEST(Hardened, AVerdictWithABitOrTwoFlippedIsNoAllow) {
  const auto is_allow = [](Verdict verdict) {
    core::Decision decision;
    decision.verdict = verdict;
    return core::IsAllow(decision);
  };
  EXPECT_TRUE(is_allow(Verdict::kAllow));
  for (const Verdict verdict : {Verdict::kDeny, Verdict::kAllow}) {
    ForEachFlip<Verdict>(verdict, [&](Verdict flipped) { EXPECT_FALSE(is_allow(flipped)); });
  }
}

TEST(Hardened, AnAnswerToSudoWithABitOrTwoFlippedRefuses) {
  EXPECT_EQ(ToSudo(Answer::kPass), sudo_plugin::kSudoPass);
  for (const Answer answer : {Answer::kRefuse, Answer::kPass}) {
    ForEachFlip<Answer>(
        answer, [](Answer flipped) { EXPECT_EQ(ToSudo(flipped), sudo_plugin::kSudoRefuse); });
  }
}

TEST(Hardened, AnOutcomeForPamWithABitOrTwoFlippedRefuses) {
  EXPECT_EQ(AccountToPam(Outcome::kPassed), PAM_SUCCESS);
  EXPECT_EQ(SessionToPam(Outcome::kPassed), PAM_SUCCESS);
  for (const Outcome outcome : {Outcome::kRefused, Outcome::kPassed, Outcome::kNoVerdict,
                                Outcome::kNotOurs, Outcome::kNoSuchUser}) {
    ForEachFlip<Outcome>(outcome, [](Outcome flipped) {
      EXPECT_EQ(AccountToPam(flipped), PAM_SYSTEM_ERR);
      EXPECT_EQ(SessionToPam(flipped), PAM_SESSION_ERR);
    });
  }
}

}  // namespace
}  // namespace daypass
