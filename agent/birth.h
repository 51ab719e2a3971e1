// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// When this store was begun. A store that is new, because the host is or because the one before was
// lost, knows nothing of what was started, used up, dropped or ended before: what was asked for
// before it began is not taken, and people ask anew.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/store.h"
#include "agent/time_keeper.h"

namespace daypass::agent {

/// What a store that is made now notes about it, under this key. Fails: kInternal (no boot id).
inline constexpr std::string_view kBornKey = "born";
core::Result<std::string> DescribeBirth();

class Birth {
 public:
  /// Reads what the store noted when it was made. Fails: kStoreUnavailable.
  core::Result<void> Load(Store& store);

  /// Counts back to the beginning from the late end of now, if the time is known: call it when that
  /// may have got better. The soonest result stands, so that a clock that was ahead for a while
  /// does no lasting harm.
  void Learn(Store& store, const TimeKeeper& time);

  /// Whether something made at `created` may have a past that this store does not know.
  bool IsAfter(core::Instant created) const { return !began_ || created < *began_; }

 private:
  std::string boot_id_;
  core::Millis boot_{0};
  std::optional<core::Instant> began_;
};

}  // namespace daypass::agent
