// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The TLS identity of a client: its key, the request for a certificate, and when the certificate
// ends. Judging certificates is libcurl's, issuing them the server's.
#pragma once

#include <string>

#include "core/result.h"
#include "core/time.h"

namespace daypass::platform {

/// A new ECDSA P-256 key, PEM (PKCS#8, not encrypted). The caller keeps it from others.
core::Result<std::string> MakeTlsKey();

/// A PKCS#10 request in PEM for a certificate of this name (CN), signed with the key.
/// Fails: kMalformed (not a private key), kInternal.
core::Result<std::string> MakeCertificateRequest(const std::string& key_pem,
                                                 const std::string& name);

/// The end (notAfter) of the first certificate in `pem`. Fails: kMalformed.
core::Result<core::Instant> CertificateEnd(const std::string& pem);

}  // namespace daypass::platform
