// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Signatures of people, made by `ssh-keygen -Y sign`: keys in files, agents and FIDO2 tokens work,
// and no key is ever read by this program. ssh-keygen asks for passphrases and touches on the
// terminal itself.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "wire/sshsig.h"

namespace daypass::cli {

struct Signed {
  std::string armoured;
  wire::VerifiedSignature verified;  ///< the same, read back
};

/// Signs exact bytes in the namespace of documents of `type`. `key`: a private key's file, or the
/// public one's of a key that an agent holds. What ssh-keygen made is verified before it is handed
/// out. Fails: kNotFound (no such file), kKeyRefused (ssh-keygen would not, or another key type).
core::Result<Signed> SignAs(const std::string& key, std::string_view type,
                            std::string_view message);

}  // namespace daypass::cli
