// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/policies.h"

#include <algorithm>

#include "core/authority.h"
#include "server/store/changes.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Policy;
using core::Reason;
using core::Result;

Result<wire::Opened<Policy>> OpenFresh(std::string_view envelope, core::Instant now) {
  auto opened = wire::OpenPolicy(envelope);
  if (!opened) return opened;
  if (opened->document.expires <= now) {
    return Error{Reason::kPolicyExpired, "policy: expires_ms has passed already", "/expires_ms"};
  }
  return opened;
}

PolicyRow Add(Tx& tx, const Policy& policy, std::string_view envelope) {
  PolicyRow row{policy.version, policy.digest, std::string(envelope), tx.now};
  Policies(tx).Add(row);
  Changes(tx).MarkAllHosts();
  return row;
}

}  // namespace

Result<const Policy*> NewestPolicy::Get(Tx& tx) {
  const auto row = Policies(tx).Newest();
  if (!row) {
    return Error{Reason::kPolicyMissing, "policy: the server holds none yet", {}};
  }
  if (!parsed_ || parsed_->version != row->version || parsed_->digest != row->digest) {
    auto opened = wire::OpenPolicy(row->envelope);
    if (!opened || opened->document.digest != row->digest) {
      return Error{Reason::kStoreUnavailable,
                   "store: policy " + std::to_string(row->version) + " is damaged",
                   {}};
    }
    parsed_ = std::move(opened->document);
  }
  return &*parsed_;
}

Result<PolicyRow> TrustFirstPolicy(Tx& tx, Context& context, std::string_view envelope) {
  auto opened = OpenFresh(envelope, tx.now);
  if (!opened) return std::move(opened).error();
  const Policy& offered = opened->document;
  if (const auto held = Policies(tx).Newest()) {
    if (held->digest == offered.digest) return *held;
    return Error{Reason::kConflict,
                 "policy: version " + std::to_string(held->version) +
                     " is held; push later ones with: daypass policy push",
                 "version"};
  }
  auto judged = core::JudgePolicyUpdate(nullptr, offered, wire::ToApprovals(opened->signatures));
  if (!judged) return std::move(judged).error();
  const wire::PublicKey& key = context.status_key.public_key();
  if (std::ranges::find(offered.status_keys, key.fingerprint, &core::PersonKey::fingerprint) ==
      offered.status_keys.end()) {
    return Error{Reason::kKeyUnknown,
                 "policy: server.status_keys must name this server's key, " + key.line,
                 "/server/status_keys"};
  }
  return Add(tx, offered, envelope);
}

Result<PolicyRow> TakePolicy(Tx& tx, Context& context, std::string_view envelope) {
  auto held = context.newest_policy.Get(tx);
  if (!held) return std::move(held).error();
  auto opened = OpenFresh(envelope, tx.now);
  if (!opened) return std::move(opened).error();
  const Policy& offered = opened->document;
  auto judged = core::JudgePolicyUpdate(*held, offered, wire::ToApprovals(opened->signatures));
  if (!judged) return std::move(judged).error();
  if (auto known = Policies(tx).Find(offered.version)) return std::move(*known);
  return Add(tx, offered, envelope);
}

}  // namespace daypass::server
