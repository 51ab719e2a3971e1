// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The time as this host knows it: core/clock's rules applied to real clocks, with anchor and floor
// kept in the store. Draws the numbers that a status must echo, so that an old one proves nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/store.h"
#include "core/clock.h"
#include "core/policy.h"

namespace daypass::agent {

class TimeKeeper {
 public:
  /// Reads the clocks and what the store remembers. Fails: kStoreUnavailable, kInternal.
  static core::Result<TimeKeeper> Load(Store& store);

  core::TimeView View() const;
  /// A start that this host has latched: it has passed, however wide the clock is after a boot.
  /// Unless the clock says that it lies ahead: then a wrong clock had latched it.
  void HasPassed(core::Instant instant) { passed_.insert(instant); }
  /// The best single guess for records: the middle of what is known, else the wall clock.
  core::Instant BestGuess() const;
  /// The time has neither been lost nor jumped for a day of this run: only then is anything
  /// forgotten for its age, since whoever moves the clock for a minute would make us forget it.
  bool IsSteady() const;
  const std::string& boot_id() const { return boot_id_; }
  std::optional<core::Instant> status_time() const { return status_time_; }

  /// A number for one status, good for one answer.
  std::string DrawNumber();

  /// A status that echoes one of our numbers, signed by `key_fingerprint`.
  struct Taken {
    core::Anchor anchor;
    core::Instant floor;
  };
  /// What taking it would mean. Uses the number up, whatever the outcome.
  /// Fails: kRollback (a number that we did not draw, or not lately), kTimeUnknown (clocks
  /// disagree).
  core::Result<Taken> Judge(const std::string& number, core::Instant signed_time,
                            const std::string& key_fingerprint);
  /// Inside a transaction.
  core::Result<void> Save(const Taken& taken, core::Instant status_time,
                          const std::string& key_fingerprint);
  /// After the commit.
  void Adopt(const Taken& taken, core::Instant status_time, const std::string& key_fingerprint);

  /// The floor belongs to the status key: a policy that no longer names it drops it.
  core::Result<void> KeepFloorOnlyFor(const core::Policy& policy);

 private:
  explicit TimeKeeper(Store& store) : store_(&store) {}
  core::ClockReading Read() const;

  struct Drawn {
    std::string number;
    core::Millis boot{0};
  };

  Store* store_;
  std::string boot_id_;
  std::optional<core::Instant> hardware_at_start_;
  core::Millis boot_at_start_{0};
  core::Millis steady_since_{0};
  std::optional<core::Anchor> anchor_;
  std::optional<core::Instant> floor_;
  std::string floor_key_;
  std::optional<core::Instant> status_time_;
  std::vector<Drawn> drawn_;
  std::set<core::Instant> passed_;
};

}  // namespace daypass::agent
