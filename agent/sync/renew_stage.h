// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Renewal: a new certificate for the host's TLS key when the one in use ends within 30 days. The
// key stays, so that there is one file to replace and no moment in which key and certificate do not
// fit. The authority stays too: a server that could change it could change everything about itself.
#pragma once

#include "agent/sync/config.h"
#include "agent/sync/stage.h"

namespace daypass::agent {

class RenewStage : public Stage {
 public:
  RenewStage(Ends& ends, std::string certificate_file, std::string key_file)
      : Stage(ends),
        certificate_file_(std::move(certificate_file)),
        key_file_(std::move(key_file)) {}
  std::string_view Name() const override { return "renew"; }
  void Run(Done done) override;

 private:
  core::Result<bool> IsDue() const;
  core::Result<std::string> MakeRequest() const;
  core::Result<void> Keep(core::Result<ServerAnswer> answer) const;

  std::string certificate_file_;
  std::string key_file_;
};

}  // namespace daypass::agent
