// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/importer.h"

#include <algorithm>

#include "agent/resolver.h"
#include "core/authority.h"
#include "core/hosts.h"
#include "wire/digest.h"
#include "wire/open.h"
#include "wire/status.h"

namespace daypass::agent {
namespace {

core::Error Fault(core::Reason code, std::string what) {
  return {code, std::move(what), {}};
}

std::string Named(const core::Statement& statement) {
  return core::ShortId(statement.id) + " (" + statement.subject + ", " + statement.role + ")";
}

wire::Record GrantRecord(std::string event, const Holdings& holdings, const core::Grant& grant) {
  wire::Record record;
  record.event = std::move(event);
  record.user = grant.statement.subject;
  record.uid = grant.bound_uid;
  record.requester = grant.statement.requester;
  record.approvers = holdings.DescribeApprovers(grant);
  record.role = grant.statement.role;
  record.grant = grant.statement.id;
  record.ticket = grant.statement.ticket;
  record.why = grant.statement.reason;
  if (auto window = core::WindowOf(grant)) record.until_ms = core::ToMillis(window->not_after);
  return record;
}

}  // namespace

Importer::Importer(Store& store, Ledger& ledger, Holdings& holdings, TimeKeeper& time,
                   Resolver& resolver, PinnedPolicy pinned)
    : store_(store),
      ledger_(ledger),
      holdings_(holdings),
      time_(time),
      resolver_(resolver),
      refusals_(store, ledger, time),
      pinned_(std::move(pinned)) {}

core::Result<void> Importer::Load() {
  if (auto born = birth_.Load(store_); !born) return born;
  if (auto policy = LoadPolicy(); !policy) return policy;
  auto revocations = store_.LoadRevocations();
  if (!revocations) return std::move(revocations).error();
  for (const core::Revocation& revocation : *revocations) holdings_.Revoke(revocation);
  if (auto status = LoadStatus(); !status) return status;
  return LoadGrants();
}

core::Result<void> Importer::LoadPolicy() {
  core::Result<std::optional<std::string>> text = store_.Get("policy");
  if (!text) return std::move(text).error();
  if (!*text) return {};
  core::Result<wire::Opened<core::Policy>> policy = wire::OpenPolicy(**text);
  if (!policy) return std::move(policy).error();
  if (policy->document.realm != holdings_.host().realm) {
    return Fault(core::Reason::kWrongRealm,
                 "the stored policy belongs to another realm than host.toml");
  }
  holdings_.SetPolicy(std::move(policy->document));
  return {};
}

core::Result<void> Importer::LoadStatus() {
  // Taken before, when its signature was verified; kept for what it suspends and acknowledges.
  core::Result<std::optional<std::string>> payload = store_.Get("status");
  if (!payload) return std::move(payload).error();
  if (!*payload) return {};
  core::Result<core::Status> status = wire::ParseStatus(**payload);
  if (!status) return std::move(status).error();
  holdings_.SetSuspended(status->suspended);
  newest_policy_ = status->policy_version;
  const core::Result<bool> known = Knows(status->receipt);
  if (!known) return known.error();
  if (*known) receipt_ = status->receipt;
  return {};
}

/// Whether the record that the server acknowledges is the one of that number here.
core::Result<bool> Importer::Knows(const core::Receipt& receipt) {
  if (receipt.seq == 0) return true;
  const core::Result<std::vector<wire::StoredRecord>> record =
      store_.RecordsAfter(receipt.seq - 1, 1);
  if (!record) return record.error();
  return !record->empty() && record->front().seq == receipt.seq &&
         wire::Sha256Hex(record->front().bytes) == receipt.digest;
}

/// Inside a transaction. The server's word alone: it changes nothing but what people look into.
core::Result<void> Importer::NoteGap(const core::Receipt& receipt) {
  if (std::exchange(has_told_gap_, true)) return {};
  wire::Record record;
  record.event = "store.gap";
  record.digest = receipt.digest;
  record.detail = "the server has " + std::to_string(receipt.seq) +
                  " records of this host, and the last of them is not in this store";
  auto seq = ledger_.Append(std::move(record));
  return seq ? core::Result<void>{} : std::move(seq).error();
}

core::Result<void> Importer::LoadGrants() {
  std::vector<std::pair<std::string, core::Error>> refused;
  auto loaded = store_.ForEachGrant([&](GrantRow row) {
    core::Result<wire::Opened<core::Statement>> opened = wire::OpenGrant(row.envelope);
    if (!opened || opened->document.id != row.id) {
      core::Error why = opened ? Fault(core::Reason::kMalformed, "not the grant it was stored as")
                               : std::move(opened).error();
      refused.emplace_back(std::move(row.envelope), std::move(why));
      return;
    }
    if (row.latch.started) time_.HasPassed(*row.latch.started);
    holdings_.PutGrant(
        {std::move(opened->document), wire::ToApprovals(opened->signatures), row.latch, row.uid});
  });
  for (auto& [envelope, why] : refused) {
    (void)refusals_.Note("grant.refused", envelope, std::move(why));
  }
  return loaded;
}

core::Result<Imported> Importer::ImportPolicy(std::string_view bytes) {
  core::Result<Imported> taken = TakePolicy(bytes);
  if (!taken) return refusals_.Note("policy.refused", bytes, std::move(taken).error());
  if (on_change) on_change();
  return taken;
}

/// What can be known of a policy before it is read: by whom it is signed; of the first, its digest.
core::Result<void> Importer::WeighPolicy(
    std::string_view payload, const std::vector<wire::VerifiedSignature>& signatures) const {
  if (const core::Policy* held = holdings_.policy()) {
    return core::CheckThreshold(*held, wire::ToApprovals(signatures));
  }
  if (wire::Sha256Hex(payload) == pinned_.digest) return {};
  return Fault(core::Reason::kKeyUnknown,
               "policy: is not the first policy that root pinned on this host (" + pinned_.digest +
                   "); re-enrol with the right digest if it should be");
}

core::Result<Imported> Importer::TakePolicy(std::string_view bytes) {
  core::Result<wire::Opened<core::Policy>> opened = wire::OpenPolicy(
      bytes,
      [this](auto payload, const auto& signatures) { return WeighPolicy(payload, signatures); });
  if (!opened) return std::move(opened).error();
  core::Policy& offered = opened->document;
  const core::Policy* held = holdings_.policy();
  if (offered.realm != holdings_.host().realm) {
    return Fault(core::Reason::kWrongRealm, "policy: belongs to another realm than this host");
  }
  if (auto may = core::JudgePolicyUpdate(held, offered, wire::ToApprovals(opened->signatures));
      !may) {
    return std::move(may).error();
  }
  const core::TimeView view = time_.View();
  if (view.now && view.now->lo >= offered.expires) {
    return Fault(core::Reason::kPolicyExpired,
                 "policy: has expired; administrators must sign a new one");
  }
  Imported imported{std::to_string(offered.version),
                    "policy version " + std::to_string(offered.version) + " is in force"};
  if (held != nullptr && held->digest == offered.digest) return imported;
  wire::Record record;
  record.event = "policy.imported";
  record.digest = offered.digest;
  record.detail = imported.text;
  auto stored = ledger_.Commit([&]() -> core::Result<void> {
    if (auto set = store_.Set("policy", bytes); !set) return set;
    if (auto floor = time_.KeepFloorOnlyFor(offered); !floor) return floor;
    auto seq = ledger_.Append(record);
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (!stored) return std::move(stored).error();
  holdings_.SetPolicy(std::move(offered));
  return imported;
}

core::Result<Imported> Importer::ImportStatus(std::string_view bytes) {
  core::Result<Imported> taken = TakeStatus(bytes);
  if (!taken) return refusals_.Note("status.refused", bytes, std::move(taken).error());
  if (on_change) on_change();
  return taken;
}

core::Result<Imported> Importer::TakeStatus(std::string_view bytes) {
  const core::Policy* policy = holdings_.policy();
  if (policy == nullptr) {
    return Fault(core::Reason::kPolicyMissing,
                 "status: no policy is held that names the server's key");
  }
  core::Result<wire::Opened<core::Status>> opened = wire::OpenStatus(bytes, policy->status_keys);
  if (!opened) return std::move(opened).error();
  const core::Status& status = opened->document;
  if (status.realm != holdings_.host().realm) {
    return Fault(core::Reason::kWrongRealm, "status: belongs to another realm");
  }
  if (status.host != holdings_.host().name) {
    return Fault(core::Reason::kWrongHost, "status: is for host " + status.host + " (mix-up)");
  }
  const std::string key = wire::Fingerprints(opened->signatures).front();
  core::Result<TimeKeeper::Taken> taken = time_.Judge(status.number, status.time, key);
  if (!taken) return std::move(taken).error();
  const core::Result<bool> known = Knows(status.receipt);
  if (!known) return known.error();
  auto stored = ledger_.Commit([&]() -> core::Result<void> {
    if (auto time = time_.Save(*taken, status.time, key); !time) return time;
    if (auto kept = store_.Set("status", opened->payload); !kept) return kept;
    if (!*known) {
      if (auto noted = NoteGap(status.receipt); !noted) return noted;
    }
    for (const core::Revocation& revocation : status.revoked) {
      if (auto added = store_.AddRevocation(revocation); !added) return added;
      if (revocation.id.empty() || holdings_.IsRevoked(revocation.id)) continue;
      const core::Grant* grant = holdings_.FindGrant(revocation.id);
      if (grant == nullptr) continue;
      auto seq = ledger_.Append(GrantRecord("grant.revoked", holdings_, *grant));
      if (!seq) return std::move(seq).error();
    }
    return {};
  });
  if (!stored) return std::move(stored).error();
  time_.Adopt(*taken, status.time, key);
  for (const core::Revocation& revocation : status.revoked) holdings_.Revoke(revocation);
  holdings_.SetSuspended(status.suspended);
  newest_policy_ = std::max(newest_policy_, status.policy_version);
  receipt_ = *known ? status.receipt : core::Receipt{};
  birth_.Learn(store_, time_);
  return Imported{status.number, "the server's word is fresh"};
}

void Importer::ImportGrant(std::string bytes, Callback done) {
  core::Result<wire::Opened<core::Statement>> opened = wire::OpenGrant(bytes);
  if (!opened) return done(refusals_.Note("grant.refused", bytes, std::move(opened).error()));
  core::Grant grant{std::move(opened->document), wire::ToApprovals(opened->signatures), {}, {}};
  const std::string subject = grant.statement.subject;
  resolver_.FindUid(
      subject, [this, grant = std::move(grant), bytes = std::move(bytes),
                done = std::move(done)](core::Result<std::optional<uint32_t>> uid) mutable {
        if (!uid) return done(std::move(uid).error());  // nothing is said of the grant: ask again
        grant.bound_uid = *uid;
        core::Result<Imported> taken = TakeGrant(std::move(grant), bytes);
        if (!taken) return done(refusals_.Note("grant.refused", bytes, std::move(taken).error()));
        if (on_change) on_change();
        done(std::move(taken));
      });
}

core::Result<core::Now> Importer::JudgeGrant(const core::Grant& grant) {
  const core::Statement& statement = grant.statement;
  const core::Policy* policy = holdings_.policy();
  if (policy == nullptr)
    return Fault(core::Reason::kPolicyMissing, "grant: this host holds no policy yet");
  const core::TimeView view = time_.View();
  if (!view.now || view.state == core::ClockState::kHardware) {
    return Fault(core::Reason::kTimeUnknown,
                 "grant: this host does not know the time well enough yet");
  }
  const core::Now& now = *view.now;
  if (now.hi >= policy->expires) {
    return Fault(core::Reason::kPolicyExpired, "grant: the policy of this host has expired");
  }
  if (auto fits = core::JudgeStatement(*policy, statement); !fits) return std::move(fits).error();
  const core::HostIdentity& host = holdings_.host();
  const core::Role* role = core::FindRole(*policy, statement.role);
  const bool is_named = std::ranges::find(statement.hosts, host.name) != statement.hosts.end();
  if (!is_named || !core::Selects(role->hosts, host.name, host.labels)) {
    return Fault(core::Reason::kWrongHost, "grant: is not for this host, " + host.name);
  }
  const core::ApprovalJudgement approvals = core::JudgeApprovals(
      *policy, *role, statement, grant.approvals, holdings_.MakeSuspension(), now);
  if (!approvals.enough) {
    return Fault(approvals.reason,
                 "grant: " + std::string(core::ReasonText(approvals.reason)) +
                     (approvals.detail.empty() ? "" : " (" + approvals.detail + ")"));
  }
  if (!grant.bound_uid) {
    return Fault(core::Reason::kWrongSubject,
                 "subject: this host has no account \"" + statement.subject + "\"");
  }
  return now;
}

core::Result<Imported> Importer::TakeGrant(core::Grant grant, const std::string& bytes) {
  core::Result<core::Now> now = JudgeGrant(grant);
  if (!now) return std::move(now).error();
  const core::Statement& statement = grant.statement;
  if (core::Grant* held = holdings_.FindGrant(statement.id)) {
    return AddApprovals(*held, std::move(grant), bytes);
  }
  if (holdings_.FindGrantByAnyId(core::ShortId(statement.id)) != nullptr) {
    return Fault(core::Reason::kEquivocation, "grant: another one with the same short id is held");
  }
  if (now->hi >= statement.start_by) {
    return Fault(core::Reason::kStartOutOfRange,
                 "grant: came after its latest start; ask anew (held back, or the host was away)");
  }
  birth_.Learn(store_, time_);
  if (birth_.IsAfter(statement.created)) {
    return Fault(core::Reason::kRollback,
                 "grant: was asked for before this host's store was begun (it is new, or the one "
                 "before was lost), so it may have been used already; ask anew");
  }
  if (statement.start == core::StartRule::kApproval) grant.latch.started = now->lo;
  return StoreGrant(std::move(grant), bytes);
}

core::Result<Imported> Importer::AddApprovals(core::Grant& held, core::Grant offered,
                                              const std::string& bytes) {
  Imported imported{held.statement.id, "grant " + Named(held.statement) + " is held already"};
  const bool adds = std::ranges::any_of(offered.approvals, [&](const core::Approval& approval) {
    return std::ranges::find(held.approvals, approval.fingerprint, &core::Approval::fingerprint) ==
           held.approvals.end();
  });
  // Fewer or the same approvals are no news; the latch never moves either way.
  if (!adds || offered.approvals.size() < held.approvals.size()) return imported;
  auto stored = ledger_.Commit([&] { return store_.UpdateGrant(held.statement.id, bytes); });
  if (!stored) return std::move(stored).error();
  held.approvals = std::move(offered.approvals);
  return imported;
}

core::Result<Imported> Importer::StoreGrant(core::Grant grant, const std::string& bytes) {
  const core::Statement& statement = grant.statement;
  auto stored = ledger_.Commit([&]() -> core::Result<void> {
    if (auto added =
            store_.AddGrant({statement.id, bytes, *grant.bound_uid, grant.latch},
                            core::ShortId(statement.id), statement.start_by + statement.duration);
        !added) {
      return added;
    }
    auto seq = ledger_.Append(GrantRecord("grant.imported", holdings_, grant));
    if (seq && grant.latch.started)
      seq = ledger_.Append(GrantRecord("grant.started", holdings_, grant));
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (!stored) return std::move(stored).error();
  Imported imported{statement.id, "grant " + Named(statement) + " is in force"};
  holdings_.PutGrant(std::move(grant));
  return imported;
}

}  // namespace daypass::agent
