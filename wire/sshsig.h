// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// SSHSIG: the signatures of `ssh-keygen -Y sign`, verified and made. This is the heart of the trust
// boundary: whoever gets a wrong yes out of VerifySignature is root somewhere.
//
//   1. MUST compare the namespace with the caller's; nothing of the message chooses it.
//   2. MUST take the algorithm from the key, never from the signature.
//   3. MUST accept one text only for one signature: version 1, canonical armour and numbers, empty
//      reserved field, no trailing bytes.
//   4. MUST report presence and verification only as the FIDO2 token signed them.
//
// Whose key it is, is judged elsewhere: a verified signature of an unknown key is still worthless.
// Source: openssh PROTOCOL.sshsig and PROTOCOL.u2f; docs/formats/sshsig.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/statement.h"
#include "wire/envelope.h"
#include "wire/keys.h"

namespace daypass::wire {

struct VerifiedSignature {
  PublicKey key;
  bool presence = false;  ///< a FIDO2 token saw a touch
  bool verified = false;  ///< and a PIN or a finger
};

/// Verifies one armoured signature over exact bytes.
/// Fails: kMalformed, kTooLarge, kKeyRefused (key type), kWrongNamespace, kBadSignature.
core::Result<VerifiedSignature> VerifySignature(std::string_view armoured,
                                                std::string_view name_space,
                                                std::string_view message);

/// Verifies every signature of an envelope, in order; the first bad one refuses it, and so does
/// having none. Two signatures of one key are both returned: counting is core's.
core::Result<std::vector<VerifiedSignature>> VerifyAll(const Envelope& envelope);

/// An armoured signature that `ssh-keygen -Y verify` accepts (sha512, as ssh-keygen makes them).
std::string Sign(const PrivateKey& key, std::string_view name_space, std::string_view message);

/// What core judges of verified signatures.
std::vector<core::Approval> ToApprovals(const std::vector<VerifiedSignature>& signatures);

}  // namespace daypass::wire
