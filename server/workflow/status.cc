// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/status.h"

#include "server/store/records.h"
#include "server/store/revocations.h"
#include "wire/open.h"
#include "wire/status.h"

namespace daypass::server {
namespace {

std::vector<core::Revocation> RevocationsFor(Tx& tx, const std::string& host) {
  std::vector<core::Revocation> revoked;
  for (const RevocationRow& row : Revocations(tx).OfHost(host)) {
    revoked.push_back({row.target, {}, row.at});
  }
  // People's are told for good: a grant scheduled far ahead may still come.
  for (const RevocationRow& row : Revocations(tx).OfPeople()) {
    revoked.push_back({{}, row.target, row.at});
  }
  return revoked;
}

}  // namespace

core::Result<std::string> SignStatus(Tx& tx, Context& context, const HostRow& host,
                                     const std::string& number) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  const core::Status status{.realm = (*policy)->realm,
                            .host = host.name,
                            .number = number,
                            .time = tx.now,
                            .policy_version = (*policy)->version,
                            .revoked = RevocationsFor(tx, host.name),
                            .suspended = {},
                            .receipt = Records(tx, {host.name, host.chain}).Head()};
  return wire::Seal(context.status_key, "status", wire::EncodeStatus(status));
}

}  // namespace daypass::server
