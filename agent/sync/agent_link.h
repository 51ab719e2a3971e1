// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The courier's way to the decider: questions one after the other on one connection, and on a
// second one the decider's state as it changes. A decider that restarts is found again; what was
// not asked yet waits for it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/sync/agent_connection.h"
#include "agent/sync/fault_log.h"
#include "agent/sync/host_state.h"
#include "core/result.h"
#include "platform/event_loop.h"
#include "wire/json_builder.h"

namespace daypass::agent {

class AgentLink {
 public:
  using Callback = std::function<void(core::Result<wire::Json> answer)>;

  /// `owner`: whose socket it must be. `answer_within`: then it counts as silent.
  AgentLink(platform::EventLoop& loop, std::string socket, uid_t owner, core::Millis answer_within,
            FaultLog& log);

  /// Connects, now and whenever the connection is lost.
  void Start();

  /// Asks org.daypass.Courier.<method>; calls back with the answer's parameters, or with what the
  /// decider says against it, or kAgentSilent if it went away meanwhile.
  void Ask(std::string_view method, const wire::ObjectBuilder& parameters, Callback callback);

  /// Hands in a document ("policy", "grant", "status").
  struct Verdict {
    bool is_taken = false;
    core::Reason reason = core::Reason::kInternal;  ///< why not
    std::string text;
  };
  using PutCallback = std::function<void(core::Result<Verdict>)>;
  void Put(std::string_view type, std::string_view envelope, PutCallback callback);

  /// The decider's state: at first, and at each change. `is_new`: it was silent before, so that it
  /// may have forgotten anything.
  std::function<void(const HostState& state, bool is_new)> on_state;

 private:
  struct Question {
    std::string frame;
    std::optional<platform::Fd> document;
    Callback callback;
  };

  using Opened = core::Result<std::unique_ptr<AgentConnection>>;
  Opened Open(void (AgentLink::*on_reply)(wire::Reply), AgentConnection::OnEnd on_end);
  void Connect();
  void OnState(wire::Reply reply);
  void OnAnswer(wire::Reply reply);
  void Enqueue(Question question);
  void AskNext();
  void Lose(const core::Error& error);
  void Finish(core::Result<wire::Json> answer);

  platform::EventLoop& loop_;
  std::string socket_;
  uid_t owner_;
  core::Millis answer_within_;
  FaultLog& log_;
  std::unique_ptr<AgentConnection> stream_;
  std::unique_ptr<AgentConnection>
      calls_;  // opened for a question: the decider hangs up on silence
  bool is_new_ = true;
  std::deque<Question> waiting_;
  std::optional<Callback> asked_;
  platform::EventLoop::Source silence_;
  platform::EventLoop::Source retry_;
};

/// Reads the answer to Put. Fails: kMalformed.
core::Result<AgentLink::Verdict> ReadVerdict(const wire::Json& answer);

}  // namespace daypass::agent
