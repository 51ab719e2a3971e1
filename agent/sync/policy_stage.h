// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Policies: when a status or a grant names a newer one, fetches it. Where the administrators have
// changed too much in between, the decider refuses the newest; then the versions are walked upwards
// one by one, as each may be what makes the next acceptable. A policy that is refused for good is
// not handed in again until something has changed, since each refusal is an alarm of its own.
#pragma once

#include <optional>

#include "agent/sync/stage.h"

namespace daypass::agent {

class PolicyStage : public Stage {
 public:
  /// `pinned`: the version that root has pinned, for a host that holds none.
  PolicyStage(Ends& ends, uint64_t pinned) : Stage(ends), pinned_(pinned) {}
  std::string_view Name() const override { return "policy"; }
  void Run(Done done) override;

  /// Somebody speaks of this version.
  void Hear(uint64_t version);
  /// Whether there is a version to fetch.
  bool HasWork() const { return Target() > ends_.state.policy_version; }
  /// The decider may judge otherwise now.
  void Forget() { refusal_.reset(); }

  /// The decider took a policy.
  std::function<void()> on_taken;

 private:
  using Verdict = AgentLink::Verdict;
  using OnVerdict = std::function<void(core::Result<Verdict>)>;

  uint64_t Target() const;
  void Fetch(uint64_t version, OnVerdict on_verdict);
  void HandOver(uint64_t version, core::Result<ServerAnswer> answer, OnVerdict on_verdict);
  void Walk(uint64_t version, uint64_t last, Done done);
  void Take(uint64_t version);
  void Refuse(const Verdict& verdict, const Done& done);

  uint64_t pinned_;
  uint64_t heard_ = 0;
  std::optional<core::Error> refusal_;  // of the target, for good
};

}  // namespace daypass::agent
