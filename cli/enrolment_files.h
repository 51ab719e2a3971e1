// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What enrolment leaves on a host: who it is and which policy root pinned (host.toml), where the
// server is (agent.toml), and the courier's certificates. Root's own act; nothing else writes
// these.
#pragma once

#include <map>
#include <string>

#include "core/policy.h"
#include "core/result.h"
#include "platform/paths.h"
#include "wire/keys.h"

namespace daypass::cli {

struct EnrolledHost {
  std::string realm;
  std::string name;
  std::map<std::string, std::string> labels;
  uint64_t policy_version = 0;
  core::Digest policy_digest;
  std::string server;  ///< URL
  std::string ca_pem, certificate_pem, key_pem;
};

/// The content of host.toml.
std::string WriteHostToml(const EnrolledHost& host);

/// agent.toml with this server: what an administrator wrote there stays. Fails kConflict, if it
/// names another server.
core::Result<std::string> WriteAgentToml(const std::string& before, const std::string& server);

/// Who the courier's files belong to: the account daypass-sync. With `root` (a trial) and without
/// such an account, whoever runs this. Fails kNotFound.
struct Owner {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
};
core::Result<Owner> FindCourier(const std::string& root);

/// The host's own key, or a fresh one that has been written. Fails as wire::PrivateKey::FromPem.
core::Result<wire::PrivateKey> LoadOrMakeHostKey(const platform::Paths& paths);

/// Writes everything, host.toml last: without it no agent starts.
core::Result<void> WriteEnrolment(const platform::Paths& paths, const Owner& courier,
                                  const EnrolledHost& host, const std::string& agent_toml);

}  // namespace daypass::cli
