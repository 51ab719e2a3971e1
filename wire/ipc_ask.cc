// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/ipc_ask.h"

#include <utility>

#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr core::Seconds kLongest{10 * 366 * 86'400};
constexpr StringRule kShortText = AtMost(kText, 4096);
constexpr StringRule kOptionalWord = OrEmpty(AtMost(kLine, kMaxGuardBytes + 8));

template <typename T>
Result<T> Finished(ObjectReader& in, T value) {
  Result<void> done = in.Finish();
  if (done) return value;
  Error fault = std::move(done).error();
  fault.code = Reason::kProtocol;
  return fault;
}

}  // namespace

Json EncodeOffers(const std::vector<Offer>& offers) {
  ArrayBuilder list;
  for (const Offer& offer : offers) {
    list.Object(ObjectBuilder()
                    .String("role", offer.role)
                    .Duration("longest_s", offer.longest)
                    .String("guarded_by", offer.guarded_by)
                    .OptString("ticket", offer.ticket)
                    .OptString("pending", offer.pending));
  }
  return list.Take();
}

std::vector<Offer> ReadOffers(ObjectReader& in) {
  std::vector<Offer> offers;
  if (!in.Has("offers")) return offers;
  in.Objects("offers", {0, kMaxOffers}, [&](ObjectReader& item) {
    Offer offer;
    offer.role = item.String("role", kName);
    offer.longest = item.Duration("longest_s", core::Seconds{1}, kLongest);
    offer.guarded_by = item.String("guarded_by", kOptionalWord);
    offer.ticket = item.OptString("ticket", kOptionalLine).value_or("");
    offer.pending = item.OptString("pending", kOptionalWord).value_or("");
    offers.push_back(std::move(offer));
  });
  return offers;
}

Json EncodeAsk(const AskCall& call) {
  ObjectBuilder out;
  out.Int("query", static_cast<int64_t>(call.query));
  if (!call.pending.empty()) return out.String("pending", call.pending).Take();
  return out.String("role", call.role)
      .Duration("duration_s", call.duration)
      .String("reason", ReplaceBadBytes(call.reason))
      .OptString("ticket", ReplaceBadBytes(call.ticket))
      .Take();
}

Result<AskCall> ParseAsk(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  AskCall call;
  call.query = static_cast<uint64_t>(in.Int("query", 1, kMaxJsonInt));
  call.pending = in.OptString("pending", kOptionalWord).value_or("");
  if (!call.pending.empty()) return Finished(in, std::move(call));
  call.role = in.String("role", kName);
  call.duration = in.Duration("duration_s", core::Seconds{1}, kLongest);
  call.reason = in.String("reason", AtMost(kLine, kMaxReasonBytes));
  call.ticket = in.OptString("ticket", AtMost(kOptionalLine, kMaxTicketBytes)).value_or("");
  return Finished(in, std::move(call));
}

Result<AskState> ParseAskState(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  AskState state;
  state.id = in.String("short", kOptionalWord);
  state.state = in.String("state", kOptionalWord);
  state.text = in.OptString("text", kShortText).value_or("");
  if (in.Has("wait_ms")) state.wait = core::Millis{in.Int("wait_ms", 0, kMaxJsonInt)};
  return Finished(in, std::move(state));
}

}  // namespace daypass::wire
