// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Refusals: documents that were not taken. Each is an alarm in the records; one whose signatures
// hold is kept too, as it proves something about who signed it.
//
//   1. MUST NOT let anybody fill the disk by handing in rubbish: a flood is counted, not recorded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/ledger.h"
#include "agent/store.h"
#include "agent/time_keeper.h"
#include "core/result.h"

namespace daypass::agent {

class Refusals {
 public:
  Refusals(Store& store, Ledger& ledger, const TimeKeeper& time)
      : store_(store), ledger_(ledger), time_(time) {}

  /// Records that `bytes` were refused; `event`: "grant.refused". Returns `why`, for whoever handed
  /// them in.
  core::Error Note(std::string event, std::string_view bytes, core::Error why);

 private:
  bool IsFlood();

  Store& store_;
  Ledger& ledger_;
  const TimeKeeper& time_;
  core::Millis minute_{0};  // boot time at which the present one began
  int recorded_ = 0;        // in it
  uint64_t unrecorded_ = 0;
};

}  // namespace daypass::agent
