// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Pinning and following policies.
#include "cli/policy_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/authority.h"
#include "platform/file.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/open.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxEnvelopeBytes = wire::kMaxPolicyBytes + 17 * wire::kMaxSignatureBytes;
/// How far back a pin may lie behind the newest version: a login asks for at most so many.
constexpr uint64_t kMaxStepsBack = 200;

core::Error NotThePin(const core::Digest& digest, const std::string& what) {
  return {
      core::Reason::kDigest,
      fmt::format("{}\nThe administrator's digest is {}. Ask the administrator, not the server: "
                  "`daypass policy digest FILE` prints it.",
                  what, digest),
      "--policy-digest"};
}

/// Reads an envelope of which nothing is known yet but the digest of its payload.
core::Result<HeldPolicy> OpenPinned(std::string envelope, const core::Digest& digest) {
  core::Result<wire::Opened<core::Policy>> opened = wire::OpenPolicy(envelope);
  if (!opened) return std::move(opened).error();
  if (opened->document.digest != digest) {
    return NotThePin(digest, fmt::format("policy version {} has the digest {}",
                                         opened->document.version, opened->document.digest));
  }
  const std::vector<core::Approval> signers = wire::ToApprovals(opened->signatures);
  core::Result<void> judged = core::JudgePolicyUpdate(nullptr, opened->document, signers);
  if (!judged) return std::move(judged).error();
  return HeldPolicy{std::move(opened->document), std::move(envelope)};
}

core::Result<std::string> FetchEnvelope(const ServerClient& server, const std::string& path) {
  core::Result<wire::Json> json = server.Get(path);
  if (!json) return std::move(json).error();
  wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
  std::string envelope = in.String("envelope", {1, kMaxEnvelopeBytes, nullptr, "an envelope"});
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return envelope;
}

}  // namespace

PolicySource PoliciesOf(const ServerClient& server) {
  return [&server](std::optional<uint64_t> version) {
    return FetchEnvelope(server, "/v1/policies/" + (version ? std::to_string(*version) : "newest"));
  };
}

PolicySource HostPoliciesOf(const ServerClient& server, uint64_t newest) {
  return [&server, newest](std::optional<uint64_t> version) {
    return FetchEnvelope(server, "/v1/host/policies/" + std::to_string(version.value_or(newest)));
  };
}

core::Result<HeldPolicy> TakePolicy(const core::Policy& held, std::string_view envelope) {
  core::Result<wire::Opened<core::Policy>> opened = wire::OpenPolicy(envelope);
  if (!opened) return std::move(opened).error();
  const std::vector<core::Approval> signers = wire::ToApprovals(opened->signatures);
  core::Result<void> judged = core::JudgePolicyUpdate(&held, opened->document, signers);
  if (!judged) return std::move(judged).error();
  return HeldPolicy{std::move(opened->document), std::string(envelope)};
}

core::Result<HeldPolicy> FindPinned(const PolicySource& source, const core::Digest& digest,
                                    std::optional<uint64_t> version) {
  core::Result<std::string> envelope = source(version);
  if (!envelope) return std::move(envelope).error();
  core::Result<HeldPolicy> found = OpenPinned(*envelope, digest);
  if (found || version || found.error().code != core::Reason::kDigest) return found;
  // The administrator's digest may be of an earlier version: it is as good a beginning.
  core::Result<wire::Opened<core::Policy>> newest = wire::OpenPolicy(*envelope);
  if (!newest) return std::move(newest).error();
  const uint64_t first = newest->document.version;
  for (uint64_t step = 1; step < first && step <= kMaxStepsBack; ++step) {
    envelope = source(first - step);
    if (!envelope) return std::move(envelope).error();
    core::Result<HeldPolicy> earlier = OpenPinned(*std::move(envelope), digest);
    if (earlier) return earlier;
  }
  return NotThePin(digest,
                   fmt::format("none of the server's policies, the newest being version {}, "
                               "is the one that the administrator named",
                               first));
}

core::Result<HeldPolicy> FollowToNewest(HeldPolicy held, const PolicySource& source) {
  core::Result<std::string> envelope = source(std::nullopt);
  if (!envelope) return std::move(envelope).error();
  core::Result<HeldPolicy> newest = TakePolicy(held.policy, *envelope);
  if (newest || newest.error().code != core::Reason::kBelowThreshold) return newest;
  // Administrators may have changed on the way: each version is judged by the one before.
  core::Result<wire::Opened<core::Policy>> goal = wire::OpenPolicy(*envelope);
  if (!goal) return std::move(goal).error();
  while (held.policy.version + 1 < goal->document.version) {
    core::Result<std::string> next = source(held.policy.version + 1);
    if (!next) return std::move(next).error();
    core::Result<HeldPolicy> step = TakePolicy(held.policy, *next);
    if (!step) return std::move(step).error();
    if (step->policy.version <= held.policy.version) return newest;  // no way forward
    held = *std::move(step);
  }
  return TakePolicy(held.policy, *envelope);
}

core::Result<HeldPolicy> LoadHeldPolicy(const Config& config) {
  const std::string file = PolicyFile(config.folder);
  if (!platform::FileExists(file)) {
    return core::Error{core::Reason::kPolicyMissing,
                       file + ": no policy is held yet\nType: daypass login", file};
  }
  core::Result<std::string> envelope =
      platform::ReadTrustedFile(file, kMaxEnvelopeBytes, geteuid());
  if (!envelope) return std::move(envelope).error();
  core::Result<wire::Opened<core::Policy>> opened = wire::OpenPolicy(*envelope);
  if (!opened) return std::move(opened).error();
  const core::Policy& policy = opened->document;
  const bool follows =
      config.pin && policy.realm == config.pin->realm &&
      (policy.version > config.pin->version || policy.digest == config.pin->digest);
  if (!follows) {
    return core::Error{core::Reason::kDigest,
                       fmt::format("{}: is not the policy that cli.toml pins, nor a later one\n"
                                   "Remove it, and log in again.",
                                   file),
                       file};
  }
  return HeldPolicy{std::move(opened->document), *std::move(envelope)};
}

core::Result<void> SavePolicy(const Config& config, const HeldPolicy& held) {
  return platform::WriteFileDurably(PolicyFile(config.folder), held.envelope);
}

core::Result<core::Policy> RefreshPolicy(const Config& config, const ServerClient& server) {
  const PolicySource source = PoliciesOf(server);
  core::Result<HeldPolicy> held = LoadHeldPolicy(config);
  if (!held && held.error().code == core::Reason::kPolicyMissing && config.pin) {
    held = FindPinned(source, config.pin->digest, config.pin->version);
  }
  if (!held) return std::move(held).error();
  const core::Digest before = held->policy.digest;
  core::Result<HeldPolicy> newest = FollowToNewest(*std::move(held), source);
  if (!newest) return std::move(newest).error();
  if (newest->policy.digest != before || !platform::FileExists(PolicyFile(config.folder))) {
    if (auto saved = SavePolicy(config, *newest); !saved) return std::move(saved).error();
  }
  return std::move(newest->policy);
}

}  // namespace daypass::cli
