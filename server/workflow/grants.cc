// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/grants.h"

#include "server/store/approvals.h"
#include "server/store/changes.h"
#include "server/store/revocations.h"
#include "server/store/sessions.h"
#include "server/workflow/requests.h"
#include "server/workflow/sign_in.h"
#include "wire/envelope.h"

namespace daypass::server {

using core::Error;
using core::Reason;
using core::Result;

std::string EncodeGrant(Tx& tx, const RequestRow& row) {
  wire::Envelope envelope{"grant", row.statement, {}};
  for (const ApprovalRow& approval : Approvals(tx).Of(row.id)) {
    envelope.signatures.push_back(approval.signature);
  }
  return wire::EncodeEnvelope(envelope);
}

Result<RequestRow> RevokeGrant(Tx& tx, Context& context, const core::Person& by,
                               const std::string& id, const std::string& reason) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  auto row = FindRequest(tx, id);
  if (!row) return row;
  auto statement = StatementOf(*row);
  if (!statement) return std::move(statement).error();
  if (!MayRefuse(**policy, by, *statement, tx.now) && !IsOwn(by, *statement)) {
    return Error{Reason::kNotYours,
                 "revoke: only an approver of \"" + statement->role +
                     "\", an administrator or its owner may revoke",
                 {}};
  }
  if (row->state != RequestState::kApproved) {
    return Error{
        Reason::kConflict, row->short_id + ": is " + StateName(row->state) + ", not a grant", {}};
  }
  if (Revocations(tx).OfGrant(row->id)) return row;
  Revocations(tx).AddGrant({row->id, by.name, reason, tx.now});
  Changes(tx).MarkHosts(statement->hosts);
  return row;
}

Result<void> RevokePerson(Tx& tx, Context& context, const core::Person& by,
                          const std::string& person, const std::string& reason) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  if (by.name != person && !IsAdministrator(**policy, by)) {
    return Error{Reason::kNotYours,
                 "revoke: only an administrator, or the person, may revoke everything",
                 {}};
  }
  if (core::FindPerson(**policy, person) == nullptr) {
    return Error{Reason::kNotFound, "person: the policy has no \"" + person + "\"", "/person"};
  }
  Revocations(tx).SavePerson({person, by.name, reason, tx.now});
  Sessions(tx).EndAllOf(person);
  Changes(tx).MarkAllHosts();
  return {};
}

}  // namespace daypass::server
