// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Import: the rules by which this host takes policies, grants and statuses. Each document is
// verified, judged, recorded and stored in one transaction; a refused one changes nothing, is
// recorded with the attack that it looks like, and the last good state stays.
//
//   1. MUST take the first policy only by the digest that root pinned, later ones only by
//   threshold.
//   2. MUST take a status only with a number that this host drew, for this host and realm.
//   3. MUST start a grant once: a latched start never moves, whatever comes again in whatever
//   order.
//   4. MUST keep every revocation that it ever took.
//   5. MUST NOT take what was asked for before its store was begun: it may have been used up.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/birth.h"
#include "agent/holdings.h"
#include "agent/ledger.h"
#include "agent/refusals.h"
#include "agent/store.h"
#include "agent/time_keeper.h"
#include "core/result.h"
#include "wire/sshsig.h"

namespace daypass::agent {

class Resolver;

/// The first policy that root pinned at enrolment.
struct PinnedPolicy {
  uint64_t version = 0;
  core::Digest digest;
};

/// What was taken, in words for whoever handed it in.
struct Imported {
  std::string id;  ///< grant: the whole id; policy: its version; status: its number
  std::string text;
};

class Importer {
 public:
  using Callback = std::function<void(core::Result<Imported>)>;

  Importer(Store& store, Ledger& ledger, Holdings& holdings, TimeKeeper& time, Resolver& resolver,
           PinnedPolicy pinned);

  /// Loads what the store holds, verifying every signature again. A grant that does not verify is
  /// left out and recorded.
  core::Result<void> Load();

  core::Result<Imported> ImportPolicy(std::string_view bytes);
  core::Result<Imported> ImportStatus(std::string_view bytes);
  /// Later, since the subject's uid is asked of the directory service.
  void ImportGrant(std::string bytes, Callback done);

  /// After something was taken that may end live work or answer a waiting request.
  std::function<void()> on_change;
  /// The newest policy version that a status has named.
  uint64_t newest_policy() const { return newest_policy_; }
  /// What the server has of this store's records; nothing if what it has are another store's.
  const core::Receipt& receipt() const { return receipt_; }

 private:
  core::Result<void> WeighPolicy(std::string_view payload,
                                 const std::vector<wire::VerifiedSignature>& signatures) const;
  core::Result<Imported> TakePolicy(std::string_view bytes);
  core::Result<Imported> TakeStatus(std::string_view bytes);
  core::Result<Imported> TakeGrant(core::Grant grant, const std::string& bytes);
  core::Result<core::Now> JudgeGrant(const core::Grant& grant);
  core::Result<void> LoadPolicy();
  core::Result<void> LoadGrants();
  core::Result<void> LoadStatus();
  core::Result<bool> Knows(const core::Receipt& receipt);
  core::Result<void> NoteGap(const core::Receipt& receipt);
  core::Result<Imported> StoreGrant(core::Grant grant, const std::string& bytes);
  core::Result<Imported> AddApprovals(core::Grant& held, core::Grant offered,
                                      const std::string& bytes);

  Store& store_;
  Ledger& ledger_;
  Holdings& holdings_;
  TimeKeeper& time_;
  Resolver& resolver_;
  Refusals refusals_;
  PinnedPolicy pinned_;
  uint64_t newest_policy_ = 0;
  core::Receipt receipt_;
  bool has_told_gap_ = false;
  Birth birth_;
};

}  // namespace daypass::agent
