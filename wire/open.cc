// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/open.h"

#include <algorithm>

#include "wire/limits.h"
#include "wire/policy.h"
#include "wire/statement.h"
#include "wire/status.h"

namespace daypass::wire {
namespace {

core::Error UnknownSigner(const PublicKey& key, std::string_view needed) {
  return {core::Reason::kKeyUnknown,
          "signed by " + key.fingerprint + ", which is not " + std::string(needed), ""};
}

}  // namespace

core::Result<Opened<core::Policy>> OpenPolicy(std::string_view bytes, const Weigh& weigh) {
  return Open<core::Policy>(bytes, "policy", kMaxPolicyBytes, ParsePolicy, weigh);
}

core::Result<Opened<core::Statement>> OpenGrant(std::string_view bytes) {
  return Open<core::Statement>(bytes, "grant", kMaxStatementBytes, ParseStatement);
}

core::Result<Opened<core::Statement>> OpenRequest(std::string_view bytes,
                                                  const PublicKey& host_key) {
  core::Result<Opened<core::Statement>> request =
      Open<core::Statement>(bytes, "request", kMaxStatementBytes, ParseStatement);
  if (!request) return request;
  for (const VerifiedSignature& signature : request->signatures) {
    if (signature.key.blob != host_key.blob) return UnknownSigner(signature.key, "the host's key");
  }
  return request;
}

core::Result<Opened<core::Status>> OpenStatus(std::string_view bytes,
                                              std::span<const core::PersonKey> status_keys) {
  core::Result<Opened<core::Status>> status =
      Open<core::Status>(bytes, "status", kMaxStatusBytes, ParseStatus);
  if (!status) return status;
  for (const VerifiedSignature& signature : status->signatures) {
    const bool known = std::any_of(
        status_keys.begin(), status_keys.end(),
        [&](const core::PersonKey& key) { return key.fingerprint == signature.key.fingerprint; });
    if (!known) return UnknownSigner(signature.key, "a status key of the policy");
  }
  return status;
}

core::Result<Opened<Signin>> OpenSignin(std::string_view bytes) {
  return Open<Signin>(bytes, "signin", kMaxSigninBytes, ParseSignin);
}

std::vector<std::string> Fingerprints(const std::vector<VerifiedSignature>& signatures) {
  std::vector<std::string> fingerprints;
  fingerprints.reserve(signatures.size());
  for (const VerifiedSignature& signature : signatures) {
    fingerprints.push_back(signature.key.fingerprint);
  }
  return fingerprints;
}

std::string Seal(const PrivateKey& key, std::string_view type, std::string_view payload) {
  return EncodeEnvelope(
      {std::string(type), std::string(payload), {Sign(key, NamespaceOf(type), payload)}});
}

}  // namespace daypass::wire
