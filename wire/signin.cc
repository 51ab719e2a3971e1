// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/signin.h"

#include "wire/document.h"
#include "wire/limits.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kType = "signin";

}  // namespace

core::Result<Signin> ParseSignin(std::string_view payload) {
  const core::Result<Json> json = ParseJson(payload, {.max_bytes = kMaxSigninBytes});
  if (!json) return json.error();
  ObjectReader in(json->get());
  Signin signin;
  signin.realm = ReadHead(in, kType);
  signin.person = in.String("person", kName);
  signin.server = in.String("server", AtMost(kLine, 255));
  signin.number = in.String("number", kHex128);
  signin.expires = in.Instant("expires_ms");
  if (core::Result<void> done = in.Finish(); !done) return std::move(done).error();
  return signin;
}

std::string EncodeSignin(const Signin& signin) {
  return MakeHead(signin.realm, kType)
      .String("person", signin.person)
      .String("server", signin.server)
      .String("number", signin.number)
      .Instant("expires_ms", signin.expires)
      .Dump();
}

}  // namespace daypass::wire
