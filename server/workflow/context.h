// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What every piece of the server's work may use besides its transaction: the server's keys and the
// newest policy. Made once by `run`, borrowed by all; used by the database's thread alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "server/ca/certificate_authority.h"
#include "server/store/store.h"
#include "wire/keys.h"

namespace daypass::server {

/// The newest policy of the store, parsed once per version.
class NewestPolicy {
 public:
  /// Good until the next call. Fails: kPolicyMissing; kStoreUnavailable, when what the store holds
  /// is not what was put there.
  core::Result<const core::Policy*> Get(Tx& tx);

 private:
  std::optional<core::Policy> parsed_;
};

struct Context {
  CertificateAuthority ca;
  wire::PrivateKey status_key;
  wire::PrivateKey automatic_key;
  std::vector<std::string> names;  ///< this server's, at least one: its certificate is for them
  NewestPolicy newest_policy;
};

}  // namespace daypass::server
