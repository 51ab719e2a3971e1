// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Signing in with an SSH key: a challenge, then its signature.
#include "server/workflow/sign_in.h"

#include "server/api/handlers.h"

namespace daypass::server {

Answer PostChallenge(Call& call) {
  auto person = ReadOnly(call.request, "person", wire::kName);
  if (!person) return std::move(person).error();

  auto challenge = MakeChallenge(call.tx, call.context, *person, call.request.server);
  if (!challenge) return std::move(challenge).error();
  return Reply(wire::ObjectBuilder().String("challenge", *challenge));
}

Answer PostSignIn(Call& call) {
  auto envelope = ReadOnly(call.request, "envelope", kDocument);
  if (!envelope) return std::move(envelope).error();

  auto session = SignIn(call.tx, call.context, *envelope);
  if (!session) return std::move(session).error();
  return Reply(wire::ObjectBuilder()
                   .String("token", session->token)
                   .Instant("expires_ms", session->expires)
                   .String("person", session->person));
}

}  // namespace daypass::server
