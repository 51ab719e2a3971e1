// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Records, to the server: in order, a batch at a time, from the first that the server has no
// receipt for. They are numbered, chained and signed by the host, so that nothing can be left out
// here.
#pragma once

#include <optional>

#include "agent/sync/stage.h"

namespace daypass::agent {

class RecordsStage : public Stage {
 public:
  using Stage::Stage;
  std::string_view Name() const override { return "records"; }
  /// One batch; HasWork says whether there are more.
  void Run(Done done) override;

  bool HasWork() const { return ends_.state.records_seq > Sent(); }
  /// Starts over from the receipt in the decider's state.
  void Forget() { sent_.reset(); }

  /// The server has taken a batch.
  std::function<void()> on_sent;

 private:
  uint64_t Sent() const;
  void Send(const core::Result<wire::Json>& taken, Done done);
  void OnReceipt(uint64_t last, core::Result<ServerAnswer> answer, const Done& done);

  std::optional<uint64_t> sent_;  // what the server has said that it has
};

}  // namespace daypass::agent
