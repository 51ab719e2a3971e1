// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a host's courier asks again and again: has something changed, the status, the grants; and
// what it brings: records.
#include "server/api/handlers.h"
#include "server/http/error.h"
#include "server/store/changes.h"
#include "server/workflow/grants.h"
#include "server/workflow/records.h"
#include "server/workflow/status.h"
#include "wire/envelope.h"

namespace daypass::server {
namespace {

constexpr uint64_t kMaxWaitSeconds = 60;
constexpr uint64_t kUsualWaitSeconds = 25;
constexpr uint64_t kMaxCursor = wire::kMaxJsonInt;
constexpr wire::Count kBatch{1, 1000};

Answer ReplyReceipt(const core::Receipt& receipt) {
  return Reply(wire::ObjectBuilder()
                   .Int("seq", static_cast<int64_t>(receipt.seq))
                   .String("digest", receipt.digest));
}

}  // namespace

Answer PostStatus(Call& call) {
  auto number = ReadOnly(call.request, "number", wire::kHex128);
  if (!number) return std::move(number).error();

  auto envelope = SignStatus(call.tx, call.context, *call.host, *number);
  if (!envelope) return std::move(envelope).error();
  return Reply(wire::ObjectBuilder().String("envelope", *envelope));
}

Answer GetChanges(Call& call) {
  if (auto checked = CheckQuery(call.request, {"after", "wait"}); !checked) {
    return std::move(checked).error();
  }
  auto after = QueryNumber(call.request, "after", 0, 0, kMaxCursor);
  if (!after) return std::move(after).error();
  auto wait = QueryNumber(call.request, "wait", kUsualWaitSeconds, 0, kMaxWaitSeconds);
  if (!wait) return std::move(wait).error();

  const uint64_t cursor = Changes(call.tx).CursorOf(call.host->name);
  Response response = Reply(wire::ObjectBuilder().Int("cursor", static_cast<int64_t>(cursor)));
  // A cursor below the host's means that the store was brought back from a copy: tell it too.
  if (cursor == *after && *wait > 0) {
    response.wait = Wait{call.host->name, std::chrono::seconds(*wait)};
  }
  return response;
}

Answer GetHostGrants(Call& call) {
  if (auto checked = CheckQuery(call.request, {"after"}); !checked) {
    return std::move(checked).error();
  }
  auto after = QueryNumber(call.request, "after", 0, 0, kMaxCursor);
  if (!after) return std::move(after).error();

  const uint64_t cursor = Changes(call.tx).CursorOf(call.host->name);
  wire::ArrayBuilder grants;
  const uint64_t from = *after > cursor ? 0 : *after;  // after a restored copy: everything
  for (const RequestRow& row : Requests(call.tx).GrantsToHold(call.host->name, from)) {
    grants.Object(
        wire::ObjectBuilder().String("id", row.id).String("envelope", EncodeGrant(call.tx, row)));
  }
  return Reply(
      wire::ObjectBuilder().Int("cursor", static_cast<int64_t>(cursor)).Array("grants", grants));
}

Answer PostRecords(Call& call) {
  auto body = ParseBody(call.request);
  if (!body) return std::move(body).error();
  wire::ObjectReader in(body->get());
  std::vector<wire::StoredRecord> records;
  in.Objects("records", kBatch, [&](wire::ObjectReader& record) {
    wire::StoredRecord& stored = records.emplace_back();
    stored.seq = static_cast<uint64_t>(record.Int("seq", 1, wire::kMaxJsonInt));
    stored.bytes = record.String("bytes", {1, wire::kMaxRecordBytes});
    stored.signature = record.OptString("signature", {0, wire::kMaxSignatureBytes}).value_or("");
  });
  if (auto done = in.Finish(); !done) return std::move(done).error();

  auto taken = TakeRecords(call.tx, call.context, *call.host, records);
  if (!taken) return std::move(taken).error();
  // Answered, not returned as an Error: the evidence is to be committed.
  if (taken->chain_fault) return ErrorResponse(*taken->chain_fault);
  return ReplyReceipt(taken->receipt);
}

}  // namespace daypass::server
