// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/courier_service.h"

#include <algorithm>

#include "platform/memfd.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxRecordsAtOnce = 100;
constexpr size_t kMaxRequestsAtOnce = 10;
constexpr size_t kMaxReplyBytes = 40 * 1024;  // of record bytes; base64 and names come on top
constexpr size_t kMaxDocument = wire::kMaxPolicyBytes + wire::kMaxPolicyBytes / 8;
constexpr core::Millis kGather{20};

core::Error Fault(core::Reason code, std::string what) {
  return {code, std::move(what), {}};
}

void Answer(Connection& connection, const core::Result<Imported>& imported) {
  wire::ObjectBuilder out;
  out.Bool("ok", static_cast<bool>(imported));
  if (imported) {
    out.String("text", imported->text);
  } else {
    out.String("reason", core::ReasonName(imported.error().code))
        .String("text", imported.error().what);
  }
  connection.Reply(out.Take().get());
}

/// As many of `records` as a message should hold, ending with a signed one, so that whoever gets
/// them can tell that they are the host's; and up to the first signed one, whatever its size, or
/// they would never leave.
size_t CountThatFit(const std::vector<wire::StoredRecord>& records) {
  size_t bytes = 0;
  size_t fit = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    bytes += records[i].bytes.size() + records[i].signature.size();
    if (bytes > kMaxReplyBytes && fit > 0) break;
    if (!records[i].signature.empty()) fit = i + 1;
  }
  return fit;
}

}  // namespace

CourierService::CourierService(platform::EventLoop& loop, Store& store, Ledger& ledger,
                               const Holdings& holdings, TimeKeeper& time, Importer& importer,
                               Requests& requests, const wire::PrivateKey& host_key)
    : loop_(loop),
      store_(store),
      ledger_(ledger),
      holdings_(holdings),
      time_(time),
      importer_(importer),
      requests_(requests),
      host_key_(host_key) {}

std::vector<Method> CourierService::Methods() {
  auto on = [this](void (CourierService::*handler)(const ConnectionPtr&, wire::Call)) {
    return [this, handler](const ConnectionPtr& connection, wire::Call call) {
      (this->*handler)(connection, std::move(call));
    };
  };
  return {
      {.name = "org.daypass.Courier.State", .handler = on(&CourierService::OnState)},
      {.name = "org.daypass.Courier.Nonce", .handler = on(&CourierService::OnNonce)},
      {.name = "org.daypass.Courier.Put", .handler = on(&CourierService::OnPut)},
      {.name = "org.daypass.Courier.TakeRecords", .handler = on(&CourierService::OnTakeRecords)},
      {.name = "org.daypass.Courier.TakeRequests", .handler = on(&CourierService::OnTakeRequests)},
      {.name = "org.daypass.Courier.Answered", .handler = on(&CourierService::OnAnswered)},
      {.name = "org.daypass.Courier.PublicKey", .handler = on(&CourierService::OnPublicKey)},
  };
}

wire::Json CourierService::EncodeState() const {
  const core::Policy* policy = holdings_.policy();
  const auto pending = std::ranges::count_if(
      requests_.rows(), [](const auto& entry) { return !entry.second.is_delivered; });
  return wire::ObjectBuilder()
      .String("realm", holdings_.host().realm)
      .String("host", holdings_.host().name)
      .Int("policy_version", policy != nullptr ? static_cast<int64_t>(policy->version) : 0)
      .OptString("policy_digest", policy != nullptr ? policy->digest : "")
      .Int("policy_wanted", static_cast<int64_t>(importer_.newest_policy()))
      .Int("records_seq", static_cast<int64_t>(ledger_.last_seq()))
      .Int("records_acked", static_cast<int64_t>(importer_.receipt().seq))
      .Int("requests_pending", pending)
      .Bool("status_wanted", !time_.status_time().has_value())
      .Take();
}

void CourierService::OnState(const ConnectionPtr& connection, wire::Call call) {
  connection->Reply(EncodeState().get(), call.more);
  const bool is_told = std::ranges::find(told_, connection) != told_.end();
  if (call.more && !is_told) told_.push_back(connection);
}

void CourierService::OnChange() {
  if (told_.empty() || tell_) return;
  auto timer = loop_.AfterMonotonic(kGather, [this] { Tell(); });
  if (timer) tell_ = std::move(*timer);
}

void CourierService::Tell() {
  tell_ = {};
  std::erase_if(told_, [](const ConnectionPtr& connection) { return !connection->is_open(); });
  const wire::Json state = EncodeState();
  for (const ConnectionPtr& connection : std::vector(told_)) connection->Reply(state.get(), true);
}

void CourierService::OnNonce(const ConnectionPtr& connection, wire::Call /*call*/) {
  connection->Reply(wire::ObjectBuilder().String("number", time_.DrawNumber()).Take().get());
}

void CourierService::OnPut(const ConnectionPtr& connection, wire::Call call) {
  std::vector<platform::Fd> fds = connection->TakeFds();
  wire::ObjectReader in(call.parameters.get(), wire::UnknownKeys::kIgnore);
  const std::string type = in.String("type", wire::kName);
  if (auto done = in.Finish(); !done) return connection->Fail(done.error());
  if (fds.size() != 1)
    return connection->Fail(Fault(core::Reason::kProtocol, "Put: one descriptor"));
  core::Result<std::string> bytes = platform::ReadSealedMemfd(fds[0].get(), kMaxDocument);
  if (!bytes) return Answer(*connection, std::move(bytes).error());
  if (type == "policy") return Answer(*connection, importer_.ImportPolicy(*bytes));
  if (type == "status") return Answer(*connection, importer_.ImportStatus(*bytes));
  if (type == "grant") {
    return importer_.ImportGrant(
        std::move(*bytes),
        [connection](const core::Result<Imported>& imported) { Answer(*connection, imported); });
  }
  connection->Fail(
      Fault(core::Reason::kProtocol, "Put: type is policy, status or grant, not " + type));
}

void CourierService::OnTakeRecords(const ConnectionPtr& connection, wire::Call call) {
  wire::ObjectReader in(call.parameters.get(), wire::UnknownKeys::kIgnore);
  const int64_t after = in.Int("after", 0, wire::kMaxJsonInt);
  const int64_t max = in.OptInt("max", 1, kMaxRecordsAtOnce).value_or(kMaxRecordsAtOnce);
  if (auto done = in.Finish(); !done) return connection->Fail(done.error());
  core::Result<std::vector<wire::StoredRecord>> records =
      store_.RecordsAfter(static_cast<uint64_t>(after), static_cast<size_t>(max));
  if (!records) return connection->Fail(records.error());
  wire::ArrayBuilder out;
  const size_t fit = CountThatFit(*records);
  for (size_t i = 0; i < fit; ++i) {
    const wire::StoredRecord& record = (*records)[i];
    out.Object(wire::ObjectBuilder()
                   .Int("seq", static_cast<int64_t>(record.seq))
                   .Bytes("bytes_b64", record.bytes)
                   .OptString("signature", record.signature));
  }
  connection->Reply(wire::ObjectBuilder().Array("records", std::move(out)).Take().get());
}

void CourierService::OnTakeRequests(const ConnectionPtr& connection, wire::Call /*call*/) {
  wire::ArrayBuilder out;
  wire::ArrayBuilder open;  // delivered and not answered yet: a courier that restarts asks on
  size_t taken = 0;
  for (const auto& [id, row] : requests_.rows()) {
    if (row.is_delivered) {
      if (row.state == "pending") open.String(id);
    } else if (taken < kMaxRequestsAtOnce) {
      out.Object(wire::ObjectBuilder().String("id", id).Bytes("envelope_b64", row.envelope));
      ++taken;
    }
  }
  connection->Reply(wire::ObjectBuilder().Array("requests", out).Array("open", open).Take().get());
}

void CourierService::OnAnswered(const ConnectionPtr& connection, wire::Call call) {
  wire::ObjectReader in(call.parameters.get(), wire::UnknownKeys::kIgnore);
  const std::string id = in.String("id", wire::kDigest);
  const std::string state = in.String("state", wire::kName);
  const std::string text =
      in.OptString("text", wire::AtMost(wire::kText, wire::kMaxReasonBytes)).value_or("");
  if (auto done = in.Finish(); !done) return connection->Fail(done.error());
  if (auto set = requests_.SetState(id, state, text); !set) return connection->Fail(set.error());
  connection->Reply(wire::ObjectBuilder().Take().get());
}

void CourierService::OnPublicKey(const ConnectionPtr& connection, wire::Call /*call*/) {
  connection->Reply(wire::ObjectBuilder().String("line", host_key_.public_key().line).Take().get());
}

}  // namespace daypass::agent
