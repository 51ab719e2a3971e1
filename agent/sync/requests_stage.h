// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Requests that people make on this host, to the server; and what becomes of them, back, so that
// whoever waits there is told.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/sync/stage.h"
#include "core/policy.h"

namespace daypass::agent {

class RequestsStage : public Stage {
 public:
  using Stage::Stage;
  std::string_view Name() const override { return "requests"; }
  void Run(Done done) override;

  /// Something changed at the server: the next run asks how the open ones stand.
  void AskAgain() { asks_again_ = true; }

 private:
  struct Request {
    core::Digest id;
    std::string envelope;
  };

  /// How the server sees a request.
  struct Standing {
    std::string state;
    std::string text;
  };

  static core::Result<Standing> ReadStanding(const wire::Json& body);
  void OnTaken(const core::Result<wire::Json>& taken, Done done);
  void Deliver(size_t index, Done done);
  void OnDelivered(size_t index, core::Result<ServerAnswer> answer, const Done& done);
  void AskOpen(const Done& done);
  void AskNext(std::vector<core::Digest> ids, const Done& done);
  void Tell(const core::Digest& id, const Standing& standing, Done done);

  std::vector<Request> to_deliver_;
  std::map<core::Digest, std::string> open_;  // delivered and without an end; and what was told
  bool asks_again_ = true;
};

}  // namespace daypass::agent
