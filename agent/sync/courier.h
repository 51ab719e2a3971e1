// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass-sync: carries between the decider on this host and the server. It is trusted for nothing:
// it can withhold, and nothing else, since everything that it carries is signed past it. Here is
// what leads to what; how each thing is carried is in the stages.
#pragma once

#include <memory>
#include <vector>

#include "agent/sync/agent_link.h"
#include "agent/sync/changes.h"
#include "agent/sync/config.h"
#include "agent/sync/fault_log.h"
#include "agent/sync/grants_stage.h"
#include "agent/sync/policy_stage.h"
#include "agent/sync/records_stage.h"
#include "agent/sync/renew_stage.h"
#include "agent/sync/requests_stage.h"
#include "agent/sync/schedule.h"
#include "agent/sync/server_link.h"
#include "agent/sync/status_stage.h"
#include "platform/event_loop.h"

namespace daypass::agent {

/// What tests choose differently.
struct CourierOptions {
  FaultLog::Write write;               ///< one line for the operator
  uid_t socket_owner = 0;              ///< whose courier.sock must be
  core::Millis answer_within{10'000};  ///< the decider; a large policy takes a while
  core::Seconds poll_wait{25};         ///< how long the server may hold the long-poll
  core::Millis poll_silence{10'000};   ///< beyond that wait, the line is dead
};

class Courier {
 public:
  static core::Result<std::unique_ptr<Courier>> Make(platform::EventLoop& loop,
                                                     const SyncConfig& config,
                                                     CourierOptions options);
  void Start();

 private:
  Courier(platform::EventLoop& loop, const SyncConfig& config, const CourierOptions& options,
          std::unique_ptr<FaultLog> log, std::unique_ptr<ServerLink> server);
  void Connect();
  void OnState(const HostState& state, bool is_new);
  void OnPolicy();
  void Repeat(core::Millis every, platform::EventLoop::Source& timer, const Stage& stage);

  platform::EventLoop& loop_;
  SyncConfig config_;
  std::unique_ptr<FaultLog> log_;
  std::unique_ptr<ServerLink> server_;
  AgentLink agent_;
  Ends ends_;
  PolicyStage policy_;
  StatusStage status_;
  GrantsStage grants_;
  RequestsStage requests_;
  RecordsStage records_;
  RenewStage renew_;
  Schedule schedule_;
  ChangePoll changes_;
  platform::EventLoop::Source status_timer_;
  platform::EventLoop::Source renew_timer_;
};

/// Runs the courier until it is told to stop. `root`: prefix of every path.
core::Result<int> RunCourier(const std::string& root);

}  // namespace daypass::agent
