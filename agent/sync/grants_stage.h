// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Grants: asks the server for what was approved since the last time, and hands each one to the
// decider, which verifies it. What it refuses is not handed in again before something has changed
// that the refusal may rest on, the policy or the time: each refusal is an alarm of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/sync/stage.h"
#include "core/policy.h"

namespace daypass::agent {

class GrantsStage : public Stage {
 public:
  using Stage::Stage;
  std::string_view Name() const override { return "grants"; }
  void Run(Done done) override;

  /// Starts over: the decider may have forgotten what it was given.
  void Forget();
  /// Another policy is held, so that every refusal may be none now. True if there is one.
  bool Reconsider();
  /// A status was taken, and time has passed: so may some. True if there is one.
  bool ReconsiderPassing();

  /// A grant that the decider refused was asked for under this policy.
  std::function<void(uint64_t policy_version)> on_policy_named;

 private:
  struct Grant {
    core::Digest digest;  ///< of the envelope: one approval more makes another one
    std::string envelope;
  };
  /// What became of an envelope.
  struct Outcome {
    bool is_taken = false;
    core::Reason reason = core::Reason::kGranted;  ///< why not
    unsigned tries = 0;
    bool is_due = false;  ///< to be handed in once more
  };

  void OnList(core::Result<ServerAnswer> answer, const Done& done);
  core::Result<std::vector<Grant>> ReadList(const wire::Json& body, uint64_t& cursor) const;
  void HandOver(size_t index, Done done);
  void Note(const Grant& grant, const AgentLink::Verdict& verdict);
  bool MakeDue(bool (*is_due)(const Outcome& outcome));

  uint64_t cursor_ = 0;
  uint64_t cursor_after_list_ = 0;
  std::vector<Grant> list_;
  std::map<core::Digest, Outcome> known_;
};

}  // namespace daypass::agent
