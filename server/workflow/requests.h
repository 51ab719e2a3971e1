// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A request's life: asked, approved or denied, cancelled or run out. docs/requests.md has all of
// it.
//
//   1. MUST keep the statement's exact bytes, and verify every approval over them.
//   2. MUST refuse early, with the field, what no host would honour.
//   3. MUST turn a request into a grant in the transaction of the approval that was enough: once,
//      and never without enough.
#pragma once

#include <string>
#include <string_view>

#include "core/policy.h"
#include "core/result.h"
#include "core/statement.h"
#include "server/store/hosts.h"
#include "server/store/requests.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// Takes a statement of somebody who is signed in and asks from `address`; its requester must be
/// that person. The same statement again is no fault. Where the role has an automatic approver and
/// its conditions hold, it is a grant at once. Fails: as wire::ParseStatement and
/// core::JudgeStatement, with Error.field "/statement/<field>"; kNotYours (requester), kNotFound (a
/// host that is not enrolled), kWrongHost (the role is not for it), kConflict (short id taken),
/// kTooMany, and what CheckAsking says.
core::Result<RequestRow> SubmitByPerson(Tx& tx, Context& context, const core::Person& person,
                                        std::string_view statement, const std::string& address);

/// Takes a request that a host signed: for itself alone, and for an account that asks for itself.
/// Fails: as above and as wire::OpenRequest, with Error.field "/envelope/<field>".
core::Result<RequestRow> SubmitByHost(Tx& tx, Context& context, const HostRow& host,
                                      std::string_view envelope);

/// By id or short id. Fails: kNotFound.
core::Result<RequestRow> FindRequest(Tx& tx, const std::string& id);

/// Takes one approver's signature over the statement. Whose it is, the signature says; who carried
/// it does not matter. The same again is no fault. Fails: kNotFound, kConflict (denied or
/// cancelled), kExpired, kRoleChanged and the rest of core::JudgeStatement, as
/// wire::VerifySignature, and the reasons of core::JudgeApprovals.
core::Result<RequestRow> Approve(Tx& tx, Context& context, const std::string& id,
                                 const std::string& signature);

/// Lets the automatic approver sign, if its conditions hold; else remembers why not.
core::Result<RequestRow> ApproveAutomatically(Tx& tx, Context& context, const std::string& id);

/// An approver of the role, or an administrator, says no. Fails: kNotFound, kNotYours, kConflict.
core::Result<RequestRow> Deny(Tx& tx, Context& context, const core::Person& person,
                              const std::string& id, const std::string& reason);

/// Whoever asked no longer wants it. Fails: as Deny.
core::Result<RequestRow> Cancel(Tx& tx, Context& context, const core::Person& person,
                                const std::string& id);

/// Whether the request is this person's: asked by them, or for an account of theirs.
bool IsOwn(const core::Person& person, const core::Statement& statement);

/// Whether the person may say no to it, and take it back later: an approver of its role as the
/// newest policy has it, or an administrator.
bool MayRefuse(const core::Policy& policy, const core::Person& person,
               const core::Statement& statement, core::Instant now);

/// Who still has to say yes, for people: "1 of sre, 1 of security with touch".
std::string WantedApprovals(const core::Policy& policy, const core::Statement& statement,
                            const RequestRow& row);

/// The statement of a row that the store holds. Fails: kStoreUnavailable, when it is damaged.
core::Result<core::Statement> StatementOf(const RequestRow& row);

}  // namespace daypass::server
