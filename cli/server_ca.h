// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How a host that knows nobody yet comes to know its server's CA: by the beginning of the
// certificate's digest, which stands in the join token that an administrator carried over.
//
//   1. MUST NOT trust anything of the connection that fetches the certificate: only the digest
//      decides.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace daypass::cli {

/// A join token: "dpj-<32 hexadecimal digits>-<first 16 of the SHA-256 of the CA's DER>".
struct JoinToken {
  std::string text;
  std::string ca_prefix;
};

/// Fails kMalformed.
core::Result<JoinToken> ReadJoinToken(const std::string& text);

/// Lower-case hexadecimal SHA-256 of the certificate's DER. Fails kMalformed (no certificate).
core::Result<std::string> DigestOfCertificate(std::string_view pem);

/// Whether this is the certificate that the token means. Fails: kMalformed, kDigest.
core::Result<void> CheckCa(std::string_view pem, const JoinToken& token);

/// GET /v1/ca over a connection that nothing vouches for: hand the result to CheckCa.
/// Fails: kAgentSilent, kProtocol.
core::Result<std::string> FetchUntrustedCa(const std::string& url);

}  // namespace daypass::cli
