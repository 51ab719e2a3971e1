// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Public keys: one line and one blob for each, and no key that cannot verify.
//
// Input: 'b' and a blob, else a line.
#include "tests/fuzz/target.h"
#include "wire/base64.h"
#include "wire/keys.h"

namespace daypass::fuzz {

const Reader kReader{.limit = 4096, .max_input = 4200, .read = [](std::string_view input) {
                       (void)wire::ParsePublicKey(input);
                     }};

namespace {

void TryKey(const core::Result<wire::PublicKey>& key) {
  if (!key) return RequireFit(key.error());
  const auto from_line = wire::ParsePublicKey(key->line);
  const auto from_blob = wire::ParsePublicKeyBlob(key->blob);
  Require(from_line && from_line->line == key->line, "a key's line reads as the key");
  Require(from_blob && from_blob->fingerprint == key->fingerprint, "a key's blob is the key");
  Require(from_line->blob == key->blob, "line and blob are one key");
  Require(wire::IsFingerprint(key->fingerprint), "a fingerprint is as ssh-keygen prints it");
  Require(wire::MakeEvp(*key) != nullptr, "what was read can verify");
  Require(wire::IsSecurityKey(key->type) || key->application.empty(),
          "only a token has an application");
}

}  // namespace

void Try(std::string_view input) {
  if (input.starts_with('b')) return TryKey(wire::ParsePublicKeyBlob(input.substr(1)));
  const auto key = wire::ParsePublicKey(input);
  TryKey(key);
  if (key) Require(input.starts_with(key->line), "a comment is all that may follow");
  const auto decoded = wire::DecodeBase64(input);
  if (decoded) Require(wire::EncodeBase64(*decoded) == input, "bytes have one base64");
}

}  // namespace daypass::fuzz
