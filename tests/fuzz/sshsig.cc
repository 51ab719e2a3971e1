// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// SSHSIG: a yes is for these bytes, this namespace and this text alone. GF-30.
//
// Input: 't' or 'b', then a namespace and a message, a line each; then the signature, as armoured
// text or as the bytes to be put into armour.
#include "wire/sshsig.h"

#include "tests/fuzz/target.h"
#include "tests/unit/wire_fixture.h"

namespace daypass::fuzz {

namespace {

struct Asked {
  std::string name_space;
  std::string message;
  std::string armoured;
};

Asked Take(std::string_view input) {
  const char form = TakeByte(input);
  Asked asked;
  asked.name_space = TakeLine(input);
  asked.message = TakeLine(input);
  asked.armoured = form == 'b' ? wire::ArmourText(input) : std::string(input);
  return asked;
}

core::Result<wire::VerifiedSignature> Verify(const Asked& asked) {
  return wire::VerifySignature(asked.armoured, asked.name_space, asked.message);
}

void RequireOnlyThis(std::string_view armoured, const std::string& name_space,
                     const std::string& message, const wire::VerifiedSignature& verified) {
  Require(armoured.size() <= wire::kMaxSignatureBytes, "a signature keeps to its limit");
  Require(!wire::VerifySignature(armoured, name_space, message + "x"), "the message counts");
  Require(!wire::VerifySignature(armoured, name_space + "x", message), "the namespace counts");
  const wire::SshsigParts parts = wire::TakeApart(armoured);
  Require(wire::ArmourParts(parts) == armoured, "a signature has one text");
  Require(parts.magic == "SSHSIG" && parts.version == 1 && parts.reserved.empty(),
          "nothing but version 1 is read");
  Require(parts.name_space == name_space, "the namespace is the caller's");
  Require(parts.key_blob == verified.key.blob, "the key is the one in the block");
  const bool is_token = wire::IsSecurityKey(verified.key.type);
  const size_t flags_at = parts.signature.size() - 5;  // one byte, and the counter behind it
  const int flags = is_token ? parts.signature.at(flags_at) : 0;
  Require(verified.presence == ((flags & wire::kTouched) != 0), "a touch is as the token says");
  Require(verified.verified == (verified.presence && (flags & wire::kPinEntered) != 0),
          "a PIN counts with a touch alone");
}

}  // namespace

const Reader kReader{.limit = wire::kMaxSignatureBytes,
                     .max_input = 5120,
                     .read = [](std::string_view input) { (void)Verify(Take(input)); }};

void Try(std::string_view input) {
  const Asked asked = Take(input);
  const auto verified = Verify(asked);
  if (!verified) {
    // The namespace is the caller's to choose.
    if (wire::IsPlainLine(asked.name_space)) RequireFit(verified.error());
    return;
  }
  RequireOnlyThis(asked.armoured, asked.name_space, asked.message, *verified);
}

}  // namespace daypass::fuzz
