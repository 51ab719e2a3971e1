// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A fresh TLS key for a host's courier, and the request for its certificate.
#pragma once

#include <string>

#include "core/result.h"

namespace daypass::cli {

struct TlsIdentity {
  std::string key_pem;  ///< a secret: ECDSA P-256, PKCS#8
  std::string csr_pem;  ///< for CN = name
};

/// Fails kInternal, if OpenSSL does.
core::Result<TlsIdentity> MakeTlsIdentity(const std::string& name);

}  // namespace daypass::cli
