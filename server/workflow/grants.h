// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Grants: handing them out in the form that hosts verify, and taking them back.
#pragma once

#include <string>

#include "core/policy.h"
#include "core/result.h"
#include "server/store/requests.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// The grant's envelope: the statement's exact bytes and every approver's signature.
std::string EncodeGrant(Tx& tx, const RequestRow& row);

/// Takes a grant back, for good; its hosts are told. By an approver of the role, an administrator,
/// or whoever it is of. Once more is no fault. Fails: kNotFound, kNotYours, kConflict (no grant).
core::Result<RequestRow> RevokeGrant(Tx& tx, Context& context, const core::Person& by,
                                     const std::string& id, const std::string& reason);

/// Takes back everything that a person was granted up to now, ends their sessions, and tells every
/// host. By an administrator, or by the person. Fails: kNotFound, kNotYours.
core::Result<void> RevokePerson(Tx& tx, Context& context, const core::Person& by,
                                const std::string& person, const std::string& reason);

}  // namespace daypass::server
