// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The hosts that have enrolled. Names are the ones that the hosts came with; nothing changes them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace daypass::server {

struct HostRow {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string host_key;  ///< key line: signs records and requests
  std::string tls_key;   ///< digest of the public key in the newest certificate
  std::string
      tls_key_before;  ///< of the one before a renewal; the host may not have got the new one
  uint64_t chain = 1;  ///< counts host keys: each begins its records anew
  core::Instant enrolled;
  core::Instant last_seen;
  uint64_t policy_version = 0;  ///< as its newest records say
};

class Hosts {
 public:
  explicit Hosts(Tx& tx) : tx_(tx) {}

  /// Adds the host, or replaces everything about the one of that name but its cursor.
  void Save(const HostRow& row);
  std::optional<HostRow> Find(const std::string& name);
  std::vector<HostRow> All();
  void SetLastSeen(const std::string& name, core::Instant at);
  void SetPolicyVersion(const std::string& name, uint64_t version);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
