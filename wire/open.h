// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The one way from an envelope to a document: verify, then parse. Open() calls the parser only
// after every signature has been found good, and what it returns is the proof that this happened.
// Whether the signers may sign such a document is judged by core, from the policy held.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "core/statement.h"
#include "core/status.h"
#include "wire/envelope.h"
#include "wire/keys.h"
#include "wire/signin.h"
#include "wire/sshsig.h"

namespace daypass::wire {

template <typename T>
struct Opened {
  T document;
  std::string payload;  ///< the exact bytes that were signed
  std::vector<VerifiedSignature> signatures;
};

using Weigh = std::function<core::Result<void>(std::string_view payload,
                                               const std::vector<VerifiedSignature>& signatures)>;

/// `parse`: Result<T>(std::string_view payload); not called unless every signature is good, and
/// `weigh`, if there is one, has nothing against the signers.
template <typename T, typename Parse>
core::Result<Opened<T>> Open(std::string_view bytes, std::string_view type, size_t max_payload,
                             Parse&& parse, const Weigh& weigh = {}) {
  core::Result<Envelope> envelope = ParseEnvelope(bytes, type, max_payload);
  if (!envelope) return std::move(envelope).error();
  core::Result<std::vector<VerifiedSignature>> signatures = VerifyAll(*envelope);
  if (!signatures) return std::move(signatures).error();
  if (weigh) {
    if (core::Result<void> weighed = weigh(envelope->payload, *signatures); !weighed) {
      return std::move(weighed).error();
    }
  }
  core::Result<T> document = parse(std::string_view(envelope->payload));
  if (!document) return std::move(document).error();
  return Opened<T>{std::move(*document), std::move(envelope->payload), std::move(*signatures)};
}

/// `weigh`: for who can tell before megabytes are read that anybody may have signed.
core::Result<Opened<core::Policy>> OpenPolicy(std::string_view bytes, const Weigh& weigh = {});
core::Result<Opened<core::Statement>> OpenGrant(std::string_view bytes);
/// A host's own request: refused (kKeyUnknown) unless the only signature is the host key's.
core::Result<Opened<core::Statement>> OpenRequest(std::string_view bytes,
                                                  const PublicKey& host_key);
/// Refused (kKeyUnknown) unless every signature is one of the server's status keys.
core::Result<Opened<core::Status>> OpenStatus(std::string_view bytes,
                                              std::span<const core::PersonKey> status_keys);
core::Result<Opened<Signin>> OpenSignin(std::string_view bytes);

/// The fingerprints of the signers, in order, repeats included.
std::vector<std::string> Fingerprints(const std::vector<VerifiedSignature>& signatures);

/// An envelope with one signature of a key that this program holds.
std::string Seal(const PrivateKey& key, std::string_view type, std::string_view payload);

}  // namespace daypass::wire
