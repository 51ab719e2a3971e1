// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's keys on disk: its certificate authority, its TLS certificate, the key that signs
// statuses, and the one of the automatic approver. In a folder that only the server's account can
// read.
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "platform/file.h"
#include "server/ca/certificate_authority.h"
#include "wire/keys.h"

namespace daypass::server {

/// The account that the server's files belong to.
struct Account {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
  std::string name;  ///< empty: the caller's own
};

struct ServerKeys {
  CertificateAuthority ca;
  KeyAndCertificate tls;
  wire::PrivateKey status_key;
  wire::PrivateKey automatic_key;  ///< says yes where the policy names it, and a role lets it
};

/// Makes every key. `folder` is made, 0700. Fails: kConflict, when there are keys in it.
core::Result<ServerKeys> MakeKeys(const std::string& folder, const Account& owner,
                                  std::span<const std::string> names, core::Instant now);

/// Reads them; the TLS certificate is issued anew if it runs out or is not for these names, and the
/// automatic approver's key is made if there is none yet.
/// Fails: kPathUnsafe, kMalformed, kInternal (not there: the text says what makes them).
core::Result<ServerKeys> LoadKeys(const std::string& folder, const Account& owner,
                                  std::span<const std::string> names, core::Instant now);

}  // namespace daypass::server
