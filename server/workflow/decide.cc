// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What becomes of requests that are there: approval, denial, cancellation.
#include <algorithm>

#include "core/authority.h"
#include "server/store/approvals.h"
#include "server/store/changes.h"
#include "server/workflow/conditions.h"
#include "server/workflow/requests.h"
#include "server/workflow/sign_in.h"
#include "wire/sshsig.h"
#include "wire/statement.h"

namespace daypass::server {
namespace {

using core::Approval;
using core::ApprovalJudgement;
using core::Error;
using core::Policy;
using core::Reason;
using core::Result;
using core::Statement;

/// A request with all that judging it needs. The policy is the newest.
struct Case {
  RequestRow row;
  Statement statement;
  const Policy* policy = nullptr;
};

Result<Case> Load(Tx& tx, Context& context, const std::string& id) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  auto row = FindRequest(tx, id);
  if (!row) return std::move(row).error();
  auto statement = StatementOf(*row);
  if (!statement) return std::move(statement).error();
  return Case{std::move(*row), std::move(*statement), *policy};
}

Result<void> CheckPending(const RequestRow& row) {
  if (row.state == RequestState::kPending) return {};
  const bool expired = row.state == RequestState::kExpired;
  return Error{expired ? Reason::kExpired : Reason::kConflict,
               row.short_id + ": is " + StateName(row.state) + " already",
               {}};
}

Result<Approval> Verify(const std::string& signature, const std::string& statement) {
  auto verified = wire::VerifySignature(signature, wire::NamespaceOf("grant"), statement);
  if (!verified) {
    Error error = verified.error();
    error.field = "/signature";
    return error;
  }
  return Approval{verified->key.fingerprint, verified->presence, verified->verified};
}

ApprovalJudgement Judge(const Case& c, std::span<const Approval> approvals, core::Instant now) {
  return core::JudgeApprovals(*c.policy, *core::FindRole(*c.policy, c.statement.role), c.statement,
                              approvals, {}, {now, now});
}

/// Whether hosts will take it, and the server lets it pass: an unusual one wants a person more.
bool IsEnough(const Case& c, std::span<const Approval> approvals, core::Instant now) {
  const ApprovalJudgement judged = Judge(c, approvals, now);
  const core::Role& role = *core::FindRole(*c.policy, c.statement.role);
  if (!judged.enough || !WantsOneMore(role, c.row)) return judged.enough;
  size_t wanted = 1;
  for (const core::ApprovalRule& rule : role.approve) wanted += rule.count;
  return judged.counted.size() >= wanted;
}

/// Whether the request is still one that this policy allows, and the approval one that counts.
Result<void> CheckApproval(const Case& c, const Approval& approval, core::Instant now) {
  if (c.policy->expires <= now) {
    return Error{Reason::kPolicyExpired, "the newest policy has expired", {}};
  }
  if (auto judged = core::JudgeStatement(*c.policy, c.statement); !judged) return judged;
  const ApprovalJudgement alone = Judge(c, std::vector{approval}, now);
  const bool counts =
      alone.enough || (!alone.counted.empty() && alone.reason == Reason::kApprovalsMissing);
  if (counts) return {};
  return Error{
      alone.reason,
      "signature: " + approval.fingerprint + ": " + std::string(core::ReasonText(alone.reason)),
      "/signature"};
}

/// Sent twice, by a retry or a second click: it was good, and is. A new signature of the same key
/// is news only while more is wanted: it may prove a touch that the first one did not.
bool IsRepetition(const RequestRow& request, const std::vector<ApprovalRow>& held,
                  const Approval& approval, const std::string& signature) {
  return std::ranges::any_of(held, [&](const ApprovalRow& row) {
    return row.fingerprint == approval.fingerprint &&
           (row.signature == signature || request.state != RequestState::kPending);
  });
}

/// All that are stored, their signatures verified anew: the store alone proves nothing.
Result<std::vector<Approval>> StoredApprovals(Tx& tx, const RequestRow& request) {
  std::vector<Approval> approvals;
  for (const ApprovalRow& row : Approvals(tx).Of(request.id)) {
    auto approval = Verify(row.signature, request.statement);
    if (!approval) return std::move(approval).error();
    approvals.push_back(std::move(*approval));
  }
  return approvals;
}

/// The last word on a request, and the hosts that wait for it are told that there is one.
Result<RequestRow> Close(Tx& tx, Case c, RequestState state) {
  c.row.state = state;
  c.row.changed = Changes(tx).MarkHosts(c.statement.hosts);
  Requests(tx).SaveState(c.row);
  return std::move(c.row);
}

}  // namespace

Result<RequestRow> FindRequest(Tx& tx, const std::string& id) {
  auto row = Requests(tx).Find(id);
  if (!row) return Error{Reason::kNotFound, "id: there is no request \"" + id + "\"", "id"};
  return std::move(*row);
}

Result<Statement> StatementOf(const RequestRow& row) {
  auto statement = wire::ParseStatement(row.statement);
  if (statement && statement->id == row.id) return statement;
  return Error{Reason::kStoreUnavailable, "store: request " + row.short_id + " is damaged", {}};
}

bool IsOwn(const core::Person& person, const Statement& statement) {
  const auto& accounts = person.accounts;
  return person.name == statement.requester ||
         std::ranges::find(accounts, statement.subject) != accounts.end();
}

bool MayRefuse(const Policy& policy, const core::Person& person, const Statement& statement,
               core::Instant now) {
  if (IsAdministrator(policy, person)) return true;
  const core::Role* role = core::FindRole(policy, statement.role);
  return role != nullptr && core::MayApprove(*role, statement, person, now);
}

std::string WantedApprovals(const Policy& policy, const Statement& statement,
                            const RequestRow& row) {
  const core::Role* role = core::FindRole(policy, statement.role);
  if (role == nullptr || role->digest != statement.role_digest) return "the role has changed";
  std::string text;
  for (const core::ApprovalRule& rule : role->approve) {
    if (!text.empty()) text += ", ";
    text += std::to_string(rule.count) + " of ";
    for (const std::string& group : rule.groups) {
      text += (&group == rule.groups.data() ? "" : " or ") + group;
    }
    if (rule.keys == core::KeyUse::kTouch) text += " with touch";
    if (rule.keys == core::KeyUse::kVerify) text += " with touch and PIN";
  }
  if (WantsOneMore(*role, row)) {
    text += ", and one more, as risk " + std::to_string(row.risk) + " is above " +
            std::to_string(*role->server->max_risk);
  }
  return text;
}

Result<RequestRow> Approve(Tx& tx, Context& context, const std::string& id,
                           const std::string& signature) {
  auto c = Load(tx, context, id);
  if (!c) return std::move(c).error();
  auto approval = Verify(signature, c->row.statement);
  if (!approval) return std::move(approval).error();
  const core::KeyHolder signer = core::FindKeyHolder(*c->policy, approval->fingerprint);
  if (signer.person == nullptr) {
    return Error{Reason::kKeyUnknown, "signature: the policy knows no key " + approval->fingerprint,
                 "/signature"};
  }
  const std::vector<ApprovalRow> held = Approvals(tx).Of(c->row.id);
  if (IsRepetition(c->row, held, *approval, signature)) return std::move(c->row);
  if (held.size() >= wire::kMaxSignatures) {
    return Error{Reason::kTooMany, "signature: a grant holds at most 16", "/signature"};
  }
  if (auto pending = CheckPending(c->row); !pending) return std::move(pending).error();
  if (auto good = CheckApproval(*c, *approval, tx.now); !good) return std::move(good).error();

  auto before = StoredApprovals(tx, c->row);
  if (!before) return std::move(before).error();
  const core::Role& role = *core::FindRole(*c->policy, c->statement.role);
  auto fits = CheckApproving(*c->policy, role, c->statement, *before, *approval, tx.now);
  if (!fits) return std::move(fits).error();

  Approvals(tx).Save({c->row.id, signer.person->name, approval->fingerprint, signature, tx.now});
  auto all = StoredApprovals(tx, c->row);
  if (!all) return std::move(all).error();
  if (!IsEnough(*c, *all, tx.now)) return std::move(c->row);
  return Close(tx, std::move(*c), RequestState::kApproved);
}

Result<RequestRow> ApproveAutomatically(Tx& tx, Context& context, const std::string& id) {
  auto c = Load(tx, context, id);
  if (!c) return std::move(c).error();
  const core::Role& role = *core::FindRole(*c->policy, c->statement.role);
  if (auto why = WhyNotAutomatic(tx, context, *c->policy, role, c->statement, c->row)) {
    c->row.not_automatic = *why;
    Requests(tx).SaveState(c->row);
    return std::move(c->row);
  }
  const wire::PrivateKey& key = context.automatic_key;
  const std::string signature = wire::Sign(key, wire::NamespaceOf("grant"), c->row.statement);
  Approvals(tx).Save({c->row.id, "", key.public_key().fingerprint, signature, tx.now});
  return Close(tx, std::move(*c), RequestState::kApproved);
}

Result<RequestRow> Deny(Tx& tx, Context& context, const core::Person& person, const std::string& id,
                        const std::string& reason) {
  auto c = Load(tx, context, id);
  if (!c) return std::move(c).error();
  if (!MayRefuse(*c->policy, person, c->statement, tx.now)) {
    return Error{Reason::kNotYours,
                 "denial: only an approver of \"" + c->statement.role +
                     "\" or an administrator may deny; to take back your own: daypass cancel",
                 {}};
  }
  if (auto pending = CheckPending(c->row); !pending) return std::move(pending).error();
  c->row.denied_by = person.name;
  c->row.denial = reason;
  return Close(tx, std::move(*c), RequestState::kDenied);
}

Result<RequestRow> Cancel(Tx& tx, Context& context, const core::Person& person,
                          const std::string& id) {
  auto c = Load(tx, context, id);
  if (!c) return std::move(c).error();
  if (!IsOwn(person, c->statement)) {
    return Error{Reason::kNotYours, "cancel: only whoever asked may cancel", {}};
  }
  if (c->row.state == RequestState::kCancelled) return std::move(c->row);
  if (auto pending = CheckPending(c->row); !pending) return std::move(pending).error();
  return Close(tx, std::move(*c), RequestState::kCancelled);
}

}  // namespace daypass::server
