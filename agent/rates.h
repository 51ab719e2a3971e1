// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How often one account may knock: for each uid a bucket of tokens that fills again as time passes.
// Pure: the time is an argument. Remembers only uids whose bucket is not full.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>

#include "core/time.h"

namespace daypass::agent {

struct Rate {
  int burst = 0;              ///< tokens in a full bucket
  core::Millis per_token{0};  ///< how long one takes to come back
};

class Rates {
 public:
  explicit Rates(Rate rate) : rate_(rate) {}

  /// Takes a token of this uid's; false: none is left. `now`: of a clock that is never set.
  bool Take(uid_t uid, core::Millis now);

  size_t remembered() const { return full_at_.size(); }

 private:
  void ForgetFull(core::Millis now);

  Rate rate_;
  std::map<uid_t, core::Millis> full_at_;  // when the bucket is full again
  size_t forget_at_ = 0;                   // so many remembered: look which can be forgotten
};

}  // namespace daypass::agent
