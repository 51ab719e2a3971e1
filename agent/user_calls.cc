// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/user_calls.h"

#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr wire::StringRule kAnyId = wire::AtMost(wire::kLine, 64);

}  // namespace

core::Result<Ask> ParseRequestCall(const json_t* parameters) {
  wire::ObjectReader in(parameters);
  Ask ask;
  ask.role = in.String("role", wire::kName);
  ask.duration = in.Duration("duration_s", core::Seconds{1}, wire::kMaxDuration);
  ask.reason = in.String("reason", wire::AtMost(wire::kLine, wire::kMaxReasonBytes));
  ask.ticket =
      in.OptString("ticket", wire::AtMost(wire::kOptionalLine, wire::kMaxTicketBytes)).value_or("");
  ask.uses = static_cast<uint32_t>(in.OptInt("uses", 0, 1000).value_or(0));
  if (in.Has("start")) {
    ask.start = in.Enum<core::StartRule>("start", {{"approval", core::StartRule::kApproval},
                                                   {"first_use", core::StartRule::kFirstUse},
                                                   {"scheduled", core::StartRule::kScheduled}});
  }
  ask.start_at = in.OptInstant("at_ms");
  ask.extends = in.OptString("extends", wire::kDigest).value_or("");
  if (ask.start_at.has_value() != (ask.start == core::StartRule::kScheduled)) {
    in.Fail(core::Reason::kMalformed, "at_ms", "goes with start \"scheduled\", and only with it");
  }
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return ask;
}

core::Result<std::string> ParseIdCall(const json_t* parameters) {
  wire::ObjectReader in(parameters);
  std::string id = in.String("id", kAnyId);
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return id;
}

}  // namespace daypass::agent
