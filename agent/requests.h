// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Requests made on this host: the statement's exact bytes, signed by the host's key so that neither
// courier nor server can invent one, kept until they have an answer.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "agent/holdings.h"
#include "agent/ledger.h"
#include "agent/store.h"
#include "agent/time_keeper.h"
#include "wire/keys.h"

namespace daypass::agent {

/// What a person asks for; who they are comes from the socket.
struct Ask {
  std::string role;
  core::Seconds duration{0};
  std::string reason;
  std::string ticket;
  core::StartRule start = core::StartRule::kApproval;
  std::optional<core::Instant> start_at;
  uint32_t uses = 0;
  core::Digest extends;  ///< a grant of the same account and role that this one is to follow
};

class Requests {
 public:
  Requests(Store& store, Ledger& ledger, const Holdings& holdings, const TimeKeeper& time,
           const wire::PrivateKey& host_key);

  core::Result<void> Load();

  /// Makes, signs and keeps a request of `account`. Fails with the field that the role does not
  /// allow, kPolicyMissing, kTimeUnknown.
  core::Result<core::Statement> Make(const Ask& ask, const std::string& account, uint32_t uid);

  const std::map<core::Digest, RequestRow>& rows() const { return rows_; }
  const RequestRow* Find(const std::string& id) const;
  /// The newest request of a uid for a role, to be had at once, that has no answer yet, or null.
  const RequestRow* FindPending(uint32_t uid, const std::string& role) const;

  /// The server's word on one, carried by the courier: only for show.
  core::Result<void> SetState(const core::Digest& id, const std::string& state,
                              const std::string& text);

  /// Something changed for those who wait.
  std::function<void()> on_change;

 private:
  core::Result<void> CheckExtends(const Ask& ask, const std::string& account) const;
  core::Result<core::Statement> Word(const Ask& ask, const std::string& account) const;
  bool IsTooOften(uint32_t uid);
  void ForgetOld();

  Store& store_;
  Ledger& ledger_;
  const Holdings& holdings_;
  const TimeKeeper& time_;
  const wire::PrivateKey& host_key_;
  std::map<core::Digest, RequestRow> rows_;
  std::map<uint32_t, std::vector<core::Millis>> made_;  ///< when each uid asked, by boot time
};

}  // namespace daypass::agent
