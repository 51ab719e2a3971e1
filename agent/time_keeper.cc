// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/time_keeper.h"

#include <algorithm>
#include <iterator>

#include "platform/clock.h"
#include "wire/digest.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxDrawn = 8;  // statuses under way at once; the oldest gives way
constexpr size_t kMaxRemembered = 1024;
constexpr size_t kMaxFingerprint = 128;
constexpr core::Millis kJump{600'000};  // what no drift explains
constexpr core::Millis kSteady{86'400'000};

struct Remembered {
  core::Anchor anchor;
  core::Instant floor;
  std::string floor_key;
  core::Instant status_time;
};

std::string Encode(const Remembered& time) {
  return wire::ObjectBuilder()
      .String("boot_id", time.anchor.boot_id)
      .Int("boot_ms", time.anchor.boot.count())
      .Instant("lo_ms", time.anchor.lo)
      .Instant("hi_ms", time.anchor.hi)
      .Instant("floor_ms", time.floor)
      .OptString("floor_key", time.floor_key)
      .Instant("status_ms", time.status_time)
      .Dump();
}

core::Result<Remembered> Decode(std::string_view text) {
  core::Result<wire::Json> json = wire::ParseJson(text, {kMaxRemembered});
  if (!json) return std::move(json).error();
  wire::ObjectReader in(json->get());
  Remembered time;
  time.anchor.boot_id = in.String("boot_id", wire::kLine);
  time.anchor.boot = core::Millis{in.Int("boot_ms", 0, wire::kMaxJsonInt)};
  time.anchor.lo = in.Instant("lo_ms");
  time.anchor.hi = in.Instant("hi_ms");
  time.floor = in.Instant("floor_ms");
  time.floor_key =
      in.OptString("floor_key", wire::AtMost(wire::kLine, kMaxFingerprint)).value_or("");
  time.status_time = in.Instant("status_ms");
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return time;
}

}  // namespace

core::Result<TimeKeeper> TimeKeeper::Load(Store& store) {
  TimeKeeper keeper(store);
  core::Result<platform::ClockReading> clocks = platform::ReadClocks(/*with_hardware=*/true);
  if (!clocks) return std::move(clocks).error();
  keeper.boot_id_ = clocks->boot_id;
  keeper.hardware_at_start_ = clocks->hardware;
  keeper.boot_at_start_ = keeper.steady_since_ = clocks->boot;
  core::Result<std::optional<std::string>> text = store.Get("time");
  if (!text) return std::move(text).error();
  if (!*text) return keeper;
  core::Result<Remembered> time = Decode(**text);
  if (!time) return std::move(time).error();
  keeper.anchor_ = std::move(time->anchor);
  if (!time->floor_key.empty()) keeper.floor_ = time->floor;
  keeper.floor_key_ = std::move(time->floor_key);
  keeper.status_time_ = time->status_time;
  return keeper;
}

core::ClockReading TimeKeeper::Read() const {
  core::Result<platform::ClockReading> clocks = platform::ReadClocks();
  if (!clocks) return {};  // a boot id that no anchor has: the time is unknown
  core::ClockReading reading{clocks->boot_id, clocks->boot, clocks->wall, clocks->synchronised, {}};
  if (hardware_at_start_) reading.hardware = *hardware_at_start_ + (clocks->boot - boot_at_start_);
  return reading;
}

core::TimeView TimeKeeper::View() const {
  core::TimeView view = core::ViewTime(anchor_, floor_, Read());
  if (!view.now) return view;
  const auto ahead = passed_.upper_bound(view.now->hi);
  if (ahead != passed_.begin()) view.now->lo = std::max(view.now->lo, *std::prev(ahead));
  return view;
}

core::Instant TimeKeeper::BestGuess() const {
  const core::TimeView view = View();
  if (!view.now) return platform::WallTime();
  return view.now->lo + (view.now->hi - view.now->lo) / 2;
}

bool TimeKeeper::IsSteady() const {
  return platform::BootTime() - steady_since_ >= kSteady;
}

std::string TimeKeeper::DrawNumber() {
  if (drawn_.size() >= kMaxDrawn) drawn_.erase(drawn_.begin());
  drawn_.push_back({wire::RandomHex(16), platform::BootTime()});
  return drawn_.back().number;
}

core::Result<TimeKeeper::Taken> TimeKeeper::Judge(const std::string& number,
                                                  core::Instant signed_time,
                                                  const std::string& key_fingerprint) {
  auto drawn = std::ranges::find(drawn_, number, &Drawn::number);
  if (drawn == drawn_.end()) {
    return core::Error{
        core::Reason::kRollback,
        "number: is none that this host drew lately; an old status, repeated (freeze)", "number"};
  }
  const core::Millis at = drawn->boot;
  drawn_.erase(drawn);
  const std::optional<core::Instant> floor =
      floor_key_ == key_fingerprint ? floor_ : std::optional<core::Instant>{};
  core::Result<core::Anchor> anchor = core::NextAnchor(anchor_, floor, signed_time, at, Read());
  if (!anchor) return std::move(anchor).error();
  return Taken{std::move(*anchor), core::NextFloor(floor, signed_time)};
}

core::Result<void> TimeKeeper::Save(const Taken& taken, core::Instant status_time,
                                    const std::string& key_fingerprint) {
  return store_->Set("time", Encode({taken.anchor, taken.floor, key_fingerprint, status_time}));
}

void TimeKeeper::Adopt(const Taken& taken, core::Instant status_time,
                       const std::string& key_fingerprint) {
  anchor_ = taken.anchor;
  floor_ = taken.floor;
  floor_key_ = key_fingerprint;
  status_time_ = status_time;
}

core::Result<void> TimeKeeper::KeepFloorOnlyFor(const core::Policy& policy) {
  const bool is_named =
      std::ranges::find(policy.status_keys, floor_key_, &core::PersonKey::fingerprint) !=
      policy.status_keys.end();
  if (is_named || !floor_ || !anchor_ || !status_time_) return {};
  floor_.reset();
  floor_key_.clear();
  return store_->Set("time", Encode({*anchor_, *status_time_, {}, *status_time_}));
}

}  // namespace daypass::agent
