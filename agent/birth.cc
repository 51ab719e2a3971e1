// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/birth.h"

#include "platform/clock.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxBytes = 256;
constexpr core::Millis kWorthWriting{1000};

std::string Encode(const std::string& boot_id, core::Millis boot,
                   const std::optional<core::Instant>& began) {
  wire::ObjectBuilder out;
  out.String("boot_id", boot_id).Int("boot_ms", boot.count());
  if (began) out.Instant("at_ms", *began);
  return out.Dump();
}

}  // namespace

core::Result<std::string> DescribeBirth() {
  core::Result<platform::ClockReading> clocks = platform::ReadClocks();
  if (!clocks) return std::move(clocks).error();
  return Encode(clocks->boot_id, clocks->boot, {});
}

core::Result<void> Birth::Load(Store& store) {
  core::Result<std::optional<std::string>> text = store.Get(kBornKey);
  if (!text) return std::move(text).error();
  core::Result<wire::Json> json = wire::ParseJson(text->value_or(""), {kMaxBytes});
  if (!json) return std::move(json).error();
  wire::ObjectReader in(json->get());
  boot_id_ = in.String("boot_id", wire::kLine);
  boot_ = core::Millis{in.Int("boot_ms", 0, wire::kMaxJsonInt)};
  began_ = in.OptInstant("at_ms");
  return in.Finish();
}

void Birth::Learn(Store& store, const TimeKeeper& time) {
  const core::TimeView view = time.View();
  if (!view.now || view.state == core::ClockState::kHardware) return;
  // In a later boot only this is known: it was begun before that.
  const core::Millis since = time.boot_id() == boot_id_ ? boot_ : core::Millis{0};
  const core::Instant began = view.now->hi - (platform::BootTime() - since);
  if (began_ && began + kWorthWriting > *began_) return;
  began_ = began;
  // If it cannot be written it is counted again after a restart, from the same facts.
  (void)store.Set(kBornKey, Encode(boot_id_, boot_, began_));
}

}  // namespace daypass::agent
