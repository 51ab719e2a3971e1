// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The policy that this CLI verified itself, and shows roles from. The first one is known by the
// digest that an administrator gave; every later one must be signed by enough administrators of the
// one before. The server only carries them.
//
//   1. MUST NOT take a first policy for any other reason than its digest.
//   2. MUST refuse an older version, another document of the same version, another realm, and too
//      few signatures, and then keep what is held.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/config.h"
#include "cli/server_client.h"
#include "core/policy.h"
#include "core/result.h"

namespace daypass::cli {

/// Where envelopes of policies come from: a version, or the newest.
using PolicySource = std::function<core::Result<std::string>(std::optional<uint64_t> version)>;
PolicySource PoliciesOf(const ServerClient& server);
/// The same for a host, which asks by number. `newest`: by the server's word.
PolicySource HostPoliciesOf(const ServerClient& server, uint64_t newest);

/// A policy that has been verified, and the envelope to keep.
struct HeldPolicy {
  core::Policy policy;
  std::string envelope;
};

/// Judges an envelope against what is held. Fails as core::JudgePolicyUpdate, kBadSignature...
core::Result<HeldPolicy> TakePolicy(const core::Policy& held, std::string_view envelope);

/// The policy of exactly this digest: the newest, `version` if given, or an earlier one.
/// Fails: kDigest, when the source has none (or `version` is another document).
core::Result<HeldPolicy> FindPinned(const PolicySource& source, const core::Digest& digest,
                                    std::optional<uint64_t> version);

/// From `held` to the newest; where administrators changed meanwhile, version by version.
core::Result<HeldPolicy> FollowToNewest(HeldPolicy held, const PolicySource& source);

/// What is beside cli.toml, verified again. Fails: kPolicyMissing, and kDigest or kWrongRealm if it
/// does not follow from the pin.
core::Result<HeldPolicy> LoadHeldPolicy(const Config& config);
core::Result<void> SavePolicy(const Config& config, const HeldPolicy& held);

/// The newest policy, followed from what is held (or from the pin, if that was lost) and kept.
core::Result<core::Policy> RefreshPolicy(const Config& config, const ServerClient& server);

}  // namespace daypass::cli
