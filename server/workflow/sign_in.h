// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How a person proves who they are: with an SSH key that the policy gives them for signing in.
//
//   1. MUST take a challenge once, within two minutes, in the exact bytes that were given.
//   2. MUST judge the person and the key by the newest policy at each use of a session, so that a
//      person or key that was removed is out at once.
#pragma once

#include <string>
#include <string_view>

#include "core/policy.h"
#include "core/result.h"
#include "server/workflow/context.h"

namespace daypass::server {

/// The payload that the person's key has to sign. Given for any name: who exists is no secret worth
/// a difference, but neither is it told. `server`: the name by which the person's program reached
/// us, and which it checks; one that is not ours is replaced by one that is.
/// Fails: kTooMany, kPolicyMissing.
core::Result<std::string> MakeChallenge(Tx& tx, Context& context, const std::string& person,
                                        const std::string& server);

struct SignedIn {
  std::string token;
  std::string person;
  core::Instant expires;
};

/// `envelope`: of type signin. Fails: as wire::OpenSignin; kNotSignedIn (challenge not ours, used
/// or run out; key not this person's, or not one for signing in), kTouchMissing.
core::Result<SignedIn> SignIn(Tx& tx, Context& context, std::string_view envelope);

/// The person whose token this is; good as long as the newest policy. Fails: kNotSignedIn,
/// kPolicyMissing.
core::Result<const core::Person*> IdentifyPerson(Tx& tx, Context& context,
                                                 const std::string& token);

bool IsAdministrator(const core::Policy& policy, const core::Person& person);

}  // namespace daypass::server
