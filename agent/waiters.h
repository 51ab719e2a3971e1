// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Those who wait for the answer to a request: told at each change and once a second, until it is
// settled.
#pragma once

#include <memory>
#include <vector>

#include "agent/connection.h"
#include "agent/holdings.h"
#include "agent/requests.h"
#include "agent/time_keeper.h"
#include "platform/event_loop.h"

namespace daypass::agent {

class Waiters {
 public:
  Waiters(platform::EventLoop& loop, const Holdings& holdings, const Requests& requests,
          const TimeKeeper& time);

  /// Tells how request `id` stands, now and from now on. A connection waits for one at a time.
  void Add(const std::shared_ptr<Connection>& connection, const core::Digest& id);

  /// Something may have changed.
  void TellAll();

 private:
  struct Waiting {
    std::shared_ptr<Connection> connection;
    core::Digest id;
  };
  bool Tell(const Waiting& waiting);
  void TellEachSecond();

  platform::EventLoop& loop_;
  const Holdings& holdings_;
  const Requests& requests_;
  const TimeKeeper& time_;
  std::vector<Waiting> waiting_;
  platform::EventLoop::Source second_;
};

}  // namespace daypass::agent
