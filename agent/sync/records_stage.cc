// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/records_stage.h"

#include <algorithm>

#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr int64_t kBatch = 100;
constexpr wire::Count kMaxRecords{0, 1000};
constexpr ServerLink::Limits kLimits{.timeout = core::Millis{30'000}};

core::Error Fault(std::string what) {
  return {core::Reason::kProtocol, std::move(what), {}};
}

}  // namespace

uint64_t RecordsStage::Sent() const {
  return sent_.value_or(ends_.state.records_acked);
}

void RecordsStage::Run(Done done) {
  if (!HasWork()) return done({});
  wire::ObjectBuilder parameters;
  parameters.Int("after", static_cast<int64_t>(Sent())).Int("max", kBatch);
  ends_.agent.Ask(
      "TakeRecords", parameters,
      [this, done = std::move(done)](const core::Result<wire::Json>& taken) { Send(taken, done); });
}

void RecordsStage::Send(const core::Result<wire::Json>& taken, Done done) {
  if (!taken) return done(taken.error());
  wire::ObjectReader in(taken->get(), wire::UnknownKeys::kIgnore);
  wire::ArrayBuilder records;
  uint64_t last = 0;
  in.Objects("records", kMaxRecords, [&](wire::ObjectReader& record) {
    last = static_cast<uint64_t>(record.Int("seq", 1, wire::kMaxJsonInt));
    wire::ObjectBuilder out;
    out.Int("seq", static_cast<int64_t>(last))
        .String("bytes", record.Bytes("bytes_b64", wire::kMaxRecordBytes))
        .OptString("signature",
                   record.OptString("signature", {0, wire::kMaxSignatureBytes}).value_or(""));
    records.Object(out);
  });
  if (auto read = in.Finish(); !read) return done(std::move(read).error());
  if (last == 0) return done(Fault("the decider has records, and gives none"));
  ends_.server.Post("/v1/host/records", wire::ObjectBuilder().Array("records", records), kLimits,
                    [this, last, done = std::move(done)](core::Result<ServerAnswer> answer) {
                      OnReceipt(last, std::move(answer), done);
                    });
}

void RecordsStage::OnReceipt(uint64_t last, core::Result<ServerAnswer> answer, const Done& done) {
  const core::Result<wire::Json> body = BodyOf(std::move(answer));
  if (!body) {
    // The server may have fewer than it had, after a copy was brought back: its next status says.
    Forget();
    return done(body.error());
  }
  wire::ObjectReader in(body->get(), wire::UnknownKeys::kIgnore);
  const auto seq = static_cast<uint64_t>(in.Int("seq", 0, wire::kMaxJsonInt));
  if (auto read = in.Finish(); !read) return done(std::move(read).error());
  if (seq <= Sent()) {
    return done(Fault("the server took none of the records that it was sent"));
  }
  if (seq > std::max(last, ends_.state.records_seq)) {
    return done(
        Fault("the server acknowledges records that this host does not have; if its store "
              "was lost, enrol it anew"));
  }
  sent_ = seq;
  if (on_sent) on_sent();
  done({});
}

}  // namespace daypass::agent
