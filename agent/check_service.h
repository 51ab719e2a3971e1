// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// org.daypass.Check: the questions of the shims, on check.sock. Gathers the facts, decides, makes
// the decision durable, contains, and only then answers. Queries that arrive together share one
// commit.
//
//   1. MUST answer allow only after its record is durable and the asker lies in a scope.
//   2. MUST believe /proc, not the message, about who the asker is.
//   3. MUST deny on any fault, save for root itself and accounts that root has exempted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/connection.h"
#include "agent/enforcer.h"
#include "agent/gate_file.h"
#include "agent/holdings.h"
#include "agent/ledger.h"
#include "agent/requests.h"
#include "agent/resolver.h"
#include "agent/time_keeper.h"
#include "agent/waiters.h"
#include "wire/ipc_check.h"

namespace daypass::agent {

class CheckService {
 public:
  CheckService(platform::EventLoop& loop, Store& store, Ledger& ledger, Holdings& holdings,
               TimeKeeper& time, Resolver& resolver, Requests& requests, Waiters& waiters,
               Enforcer& enforcer, GateFile& gate);

  /// The table of what check.sock takes.
  std::vector<Method> Methods();

 private:
  using ConnectionPtr = std::shared_ptr<Connection>;

  /// On whose word somebody may pass. Hardened, as verdicts are: what is none of these is judged.
  enum class Word : uint32_t {
    kGrant = 0x35CA39A6,    ///< only approvers'
    kRoot = 0xC93516D8,     ///< root asks for itself
    kSession = 0x5A96C36C,  ///< only reported, not decided
  };

  /// One question that has its facts and waits for the commit.
  struct Pending {
    ConnectionPtr connection;
    core::Query query;
    wire::Record record;
    Word word = Word::kGrant;
    bool contains = false;  ///< an allow must be contained
    core::Decision decision;
    wire::VerdictReply reply;
    std::optional<LiveRow> live;
  };

  void OnWatch(const ConnectionPtr& connection, wire::Call call);
  void OnCommand(const ConnectionPtr& connection, wire::Call call);
  void OnAccount(const ConnectionPtr& connection, wire::Call call);
  void OnAsk(const ConnectionPtr& connection, wire::Call call);
  void OnStarted(const ConnectionPtr& connection, wire::Call call);
  void OnEnded(const ConnectionPtr& connection, wire::Call call);

  void DecideCommand(const ConnectionPtr& connection, wire::CommandCall call,
                     std::vector<platform::Fd> fds);
  core::Result<void> CheckCaller(const Connection& connection, const wire::CommandCall& call) const;
  core::Parent FindParent(const wire::CommandCall& call, const platform::ProcessHandle& process);
  void Offer(Pending& pending, const std::vector<const core::Role*>& roles) const;
  void Queue(Pending pending);
  void Flush();
  void Refuse(Pending& pending, const core::Error& why);
  std::optional<core::Reason> FreePass(const Pending& pending);
  core::Decision DecideFor(const Pending& pending, const core::Snapshot& snapshot);
  core::Result<void> DecideAndRecord(Pending& pending);
  core::Result<void> Latch(const core::Decision& decision);
  void ApplyMode(Pending& pending);
  void Prepare(Pending& pending);
  void Answer(Pending pending);
  void Send(const Pending& pending);
  void Deny(const ConnectionPtr& connection, const core::Error& error);

  platform::EventLoop& loop_;
  Store& store_;
  Ledger& ledger_;
  Holdings& holdings_;
  TimeKeeper& time_;
  Resolver& resolver_;
  Requests& requests_;
  Waiters& waiters_;
  Enforcer& enforcer_;
  GateFile& gate_;
  std::vector<Pending> pending_;
  std::vector<std::pair<core::Grant*, core::Latch>> undo_;
  platform::EventLoop::Source flush_;
};

}  // namespace daypass::agent
