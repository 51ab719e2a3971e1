// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Status: a number that the decider draws, to the server; the server's signed word on it, back.
// Without one the decider holds the host for offline, and after the role's max_offline denies.
#pragma once

#include "agent/sync/stage.h"

namespace daypass::agent {

class StatusStage : public Stage {
 public:
  using Stage::Stage;
  std::string_view Name() const override { return "status"; }
  void Run(Done done) override;

  /// The newest policy that a status names, before the decider is given it: it may be signed with a
  /// key that only this policy knows.
  std::function<void(uint64_t policy_version)> on_policy_named;
  /// The decider took one.
  std::function<void()> on_taken;

 private:
  void AskServer(const core::Result<wire::Json>& drawn, Done done);
  void HandOver(core::Result<ServerAnswer> answer, Done done);
};

}  // namespace daypass::agent
