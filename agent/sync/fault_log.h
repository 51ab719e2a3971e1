// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the courier tells its operator: each fault once, again after an hour if it lasts, and once
// more when it is over. A server that is down for a night must not fill the journal.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace daypass::agent {

class FaultLog {
 public:
  using Write = std::function<void(const std::string& line)>;
  using Clock = std::function<core::Millis()>;

  FaultLog(Write write, Clock clock) : write_(std::move(write)), clock_(std::move(clock)) {}

  /// `source`: what could not be done. A fault is the same as before if its code is; its text may
  /// hold numbers that change. `next`: what happens now.
  void Fault(const std::string& source, const core::Error& error, const std::string& next);
  /// It can be done.
  void Fine(const std::string& source);

 private:
  Write write_;
  Clock clock_;
  std::map<std::string, std::map<core::Reason, core::Millis>> told_;  // by source: what, and when
};

}  // namespace daypass::agent
