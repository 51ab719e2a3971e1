// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/clock.h"

#include <algorithm>
#include <array>

namespace daypass::core {
namespace {

constexpr int64_t kDriftPerMillion = 200;   // of a boot clock that nothing disciplines
constexpr Millis kSynchronisedError{1000};  // of a wall clock that calls itself synchronised
constexpr Millis kHardwareError{450'000};   // either way: fifteen minutes wide
constexpr Millis kTolerance{600'000};       // signed time may move a running clock by this much

/// By how much less than `elapsed` may have passed, and by how much more: of a clock that is slow a
/// millionth is a little longer.
Millis DriftBehind(Millis elapsed) {
  return Millis{elapsed.count() * kDriftPerMillion / 1'000'000};
}
Millis DriftAhead(Millis elapsed) {
  return Millis{elapsed.count() * kDriftPerMillion / (1'000'000 - kDriftPerMillion)};
}

bool Agree(Instant left, Instant right) {
  return left - right <= kTolerance && right - left <= kTolerance;
}

bool IsOfThisBoot(const std::optional<Anchor>& anchor, const ClockReading& reading) {
  return anchor && anchor->boot_id == reading.boot_id && reading.boot >= anchor->boot;
}

/// The anchor, carried on by the boot clock. `lo` is rounded up and `hi` too: a millisecond lost at
/// every status would let a server that asks for many of them hold the time still.
Now Carry(const Anchor& anchor, const ClockReading& reading) {
  const Millis elapsed = reading.boot - anchor.boot;
  const Millis rounding{elapsed > Millis{0} ? 1 : 0};
  return {anchor.lo + elapsed - DriftBehind(elapsed),
          anchor.hi + elapsed + DriftAhead(elapsed) + rounding};
}

bool IsBehind(Instant clock, std::optional<Instant> floor) {
  return floor && clock < *floor;
}

/// The clock that runs at present, before any new signed time; an anchored one with its own doubt,
/// since a host that was alone for months must follow whatever it holds possible itself.
std::optional<Now> RunningClock(const std::optional<Anchor>& anchor, std::optional<Instant> floor,
                                const ClockReading& reading) {
  if (IsOfThisBoot(anchor, reading)) return Carry(*anchor, reading);
  if (reading.wall_synchronised && !IsBehind(reading.wall, floor)) {
    return Now{reading.wall, reading.wall};
  }
  if (reading.hardware && !IsBehind(*reading.hardware, floor)) {
    return Now{*reading.hardware, *reading.hardware};
  }
  return std::nullopt;
}

bool IsNear(Instant instant, const Now& clock) {
  return clock.lo - kTolerance <= instant && instant <= clock.hi + kTolerance;
}

/// A synchronised wall clock that says otherwise widens what we believe: it may end a window sooner
/// and start one later, never the other way round. Backwards at most by the tolerance.
TimeView Widen(Now now, const ClockReading& reading) {
  TimeView view{now, ClockState::kAnchored, false};
  if (!reading.wall_synchronised) return view;
  const bool ahead = reading.wall > now.hi + kSynchronisedError;
  const bool behind = reading.wall + kSynchronisedError < now.lo;
  view.disagrees = ahead || behind;
  if (ahead) view.now->hi = reading.wall;
  if (behind && now.lo - reading.wall <= kTolerance) view.now->lo = reading.wall;
  return view;
}

}  // namespace

std::string_view ClockStateName(ClockState state) {
  constexpr std::array<std::string_view, 4> kNames = {"anchored", "synced", "hardware", "unknown"};
  return kNames.at(static_cast<size_t>(state));
}

TimeView ViewTime(const std::optional<Anchor>& anchor, std::optional<Instant> floor,
                  const ClockReading& reading) {
  if (IsOfThisBoot(anchor, reading)) return Widen(Carry(*anchor, reading), reading);
  if (reading.wall_synchronised && !IsBehind(reading.wall, floor)) {
    return {Now{reading.wall - kSynchronisedError, reading.wall + kSynchronisedError},
            ClockState::kSynced, false};
  }
  if (reading.hardware && !IsBehind(*reading.hardware, floor)) {
    return {Now{*reading.hardware - kHardwareError, *reading.hardware + kHardwareError},
            ClockState::kHardware, false};
  }
  return {};
}

Result<Anchor> NextAnchor(const std::optional<Anchor>& held, std::optional<Instant> floor,
                          Instant signed_time, Millis drawn, const ClockReading& reading) {
  const std::optional<Now> running = RunningClock(held, floor, reading);
  const bool another_agrees = (reading.wall_synchronised && Agree(signed_time, reading.wall)) ||
                              (reading.hardware && Agree(signed_time, *reading.hardware));
  const Instant expected = running ? running->lo : floor.value_or(signed_time);
  const bool is_before_floor = IsBehind(signed_time + kTolerance, floor);
  const bool is_far = running ? !IsNear(signed_time, *running) : is_before_floor;
  if ((is_far || is_before_floor) && !another_agrees) {
    const auto off = std::chrono::duration_cast<Seconds>(signed_time - expected).count();
    return Error{Reason::kTimeUnknown,
                 "time_ms: the server's time is " + std::to_string(off) +
                     " s off this host's clock; at most 600 are followed",
                 "time_ms"};
  }
  Anchor next{reading.boot_id, reading.boot, signed_time, signed_time + (reading.boot - drawn)};
  if (IsOfThisBoot(held, reading) && !is_far) next.lo = std::max(next.lo, Carry(*held, reading).lo);
  next.hi = std::max(next.hi, next.lo);
  return next;
}

Instant NextFloor(std::optional<Instant> floor, Instant signed_time) {
  // So far behind the floor signed time is taken only with another clock's word for it. The floor
  // of a server that once said 2100 would otherwise keep every clock out for ever.
  if (!floor || IsBehind(signed_time + kTolerance, floor)) return signed_time;
  return std::max(signed_time, *floor);
}

}  // namespace daypass::core
