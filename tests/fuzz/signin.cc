// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Sign-in documents: nothing is lost in reading.
#include "wire/signin.h"

#include "tests/fuzz/json_view.h"
#include "tests/fuzz/sealed.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxSigninBytes,
                     .max_input = wire::kMaxSigninBytes + 64,
                     .read = [](std::string_view input) { (void)wire::ParseSignin(input); }};

void Try(std::string_view input) {
  TrySealed<wire::Signin>(input, "signin", wire::kMaxSigninBytes, wire::ParseSignin);
  const auto signin = wire::ParseSignin(input);
  if (!signin) return RequireFit(signin.error());
  Require(wire::EncodeSignin(*signin) == Canonical(input, {.max_bytes = wire::kMaxSigninBytes}),
          "nothing of a sign-in is lost in reading");
  Require(wire::IsPlainLine(signin->server), "a server's name reads as it is written");
}

}  // namespace daypass::fuzz
