// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/sign_in.h"

#include <algorithm>

#include "server/store/challenges.h"
#include "server/store/sessions.h"
#include "wire/digest.h"
#include "wire/open.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Policy;
using core::Reason;
using core::Result;

constexpr std::chrono::minutes kChallengeLife{2};
constexpr std::chrono::hours kSessionLife{12};
constexpr size_t kTokenBytes = 32;

bool IsStrongEnough(core::KeyUse wanted, const wire::VerifiedSignature& signature) {
  switch (wanted) {
    case core::KeyUse::kAny:
      return true;
    case core::KeyUse::kTouch:
      return signature.presence;
    case core::KeyUse::kVerify:
      return signature.presence && signature.verified;
  }
  return false;
}

/// The person if this key may still sign them in, else null.
const core::Person* Member(const Policy& policy, const std::string& name,
                           const std::string& fingerprint, core::Instant now) {
  const core::KeyHolder holder = core::FindKeyHolder(policy, fingerprint);
  if (holder.person == nullptr || holder.person->name != name || !holder.key->signin) {
    return nullptr;
  }
  const auto& until = holder.person->valid_until;
  return until && now >= *until ? nullptr : holder.person;
}

Error NotSignedIn(std::string what) {
  return {Reason::kNotSignedIn, "sign-in: " + std::move(what), {}};
}

}  // namespace

Result<std::string> MakeChallenge(Tx& tx, Context& context, const std::string& person,
                                  const std::string& server) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  const bool is_ours = std::ranges::find(context.names, server) != context.names.end();
  const wire::Signin signin{(*policy)->realm, person, is_ours ? server : context.names.front(),
                            wire::RandomHex(16), tx.now + kChallengeLife};
  std::string payload = wire::EncodeSignin(signin);
  if (!Challenges(tx).Add(wire::Sha256Hex(payload), signin.expires)) {
    return Error{Reason::kTooMany, "sign-in: too many have begun in the last minutes", {}};
  }
  return payload;
}

Result<SignedIn> SignIn(Tx& tx, Context& context, std::string_view envelope) {
  auto opened = wire::OpenSignin(envelope);
  if (!opened) return std::move(opened).error();
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  const std::string& name = opened->document.person;
  if (opened->signatures.size() != 1) return NotSignedIn("exactly one signature is wanted");
  const wire::VerifiedSignature& signature = opened->signatures.front();
  const std::string& fingerprint = signature.key.fingerprint;

  if (Member(**policy, name, fingerprint, tx.now) == nullptr) {
    return NotSignedIn(fingerprint + " is not a key with which the policy lets \"" + name +
                       "\" sign in");
  }
  if (!IsStrongEnough(core::FindKeyHolder(**policy, fingerprint).key->required, signature)) {
    return Error{Reason::kTouchMissing, "sign-in: " + fingerprint + " must prove a touch", {}};
  }
  if (!Challenges(tx).Take(wire::Sha256Hex(opened->payload))) {
    return NotSignedIn(
        "this challenge is not of this server, was used, or is older than two "
        "minutes");
  }
  SignedIn session{wire::RandomHex(kTokenBytes), name, tx.now + kSessionLife};
  Sessions(tx).Add({wire::Sha256Hex(session.token), name, fingerprint, session.expires});
  return session;
}

Result<const core::Person*> IdentifyPerson(Tx& tx, Context& context, const std::string& token) {
  if (token.empty()) return NotSignedIn("no token was sent");
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  const auto session = Sessions(tx).Find(wire::Sha256Hex(token));
  if (!session) return NotSignedIn("the token is not known, or older than 12 hours");
  const core::Person* person = Member(**policy, session->person, session->fingerprint, tx.now);
  if (person == nullptr) return NotSignedIn("the policy no longer lets this key sign in");
  return person;
}

bool IsAdministrator(const Policy& policy, const core::Person& person) {
  const auto& people = policy.administrators.people;
  return std::ranges::find(people, person.name) != people.end();
}

}  // namespace daypass::server
