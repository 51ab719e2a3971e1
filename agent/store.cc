// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One function for each thing that is kept. The tables are store_open.cc's.
#include "agent/store.h"

#include "agent/store_seal.h"

namespace daypass::agent {
namespace {

std::optional<core::Instant> OptInstant(const platform::Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return core::FromMillis(row.Int64(column));
}

std::optional<int64_t> OptMillis(const std::optional<core::Instant>& instant) {
  return instant ? std::optional(core::ToMillis(*instant)) : std::nullopt;
}

std::string LatchSeal(const core::Digest& id, const core::Latch& latch) {
  return Seal("latch", id, OptMillis(latch.started), latch.ended, latch.dropped, latch.uses_spent);
}

core::Result<void> Done(core::Result<int64_t> changed) {
  if (!changed) return std::move(changed).error();
  return {};
}

core::Result<void> Each(core::Result<platform::Statement> query, auto visit) {
  if (!query) return std::move(query).error();
  while (true) {
    core::Result<bool> row = query->Step();
    if (!row) return std::move(row).error();
    if (!*row) return {};
    visit(*query);
  }
}

/// Every row of a query, each turned into a T.
template <typename T, typename Read>
core::Result<std::vector<T>> All(core::Result<platform::Statement> query, Read read) {
  std::vector<T> rows;
  auto read_all =
      Each(std::move(query), [&](const platform::Statement& row) { rows.push_back(read(row)); });
  if (!read_all) return std::move(read_all).error();
  return rows;
}

wire::StoredRecord ReadRecord(const platform::Statement& row) {
  return {row.Uint64(0), row.Text(1), row.Text(2)};
}

}  // namespace

core::Result<std::optional<std::string>> Store::Get(std::string_view key) {
  auto query = database_.Prepare("SELECT value FROM meta WHERE key = ?");
  if (!query) return std::move(query).error();
  query->BindAll(key);
  core::Result<bool> row = query->Step();
  if (!row) return std::move(row).error();
  return *row ? std::optional(query->Text(0)) : std::nullopt;
}

core::Result<void> Store::Set(std::string_view key, std::string_view value) {
  return Done(database_.Run(
      "INSERT INTO meta VALUES(?, ?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value, "
      "seal = excluded.seal",
      key, value, Seal("meta", key, value)));
}

core::Result<void> Store::Clear(std::string_view key) {
  return Done(database_.Run("DELETE FROM meta WHERE key = ?", key));
}

core::Result<void> Store::ForEachGrant(const std::function<void(GrantRow)>& visit) {
  return Each(database_.Prepare(
                  "SELECT id, envelope, uid, started_ms, ended, dropped, uses_spent FROM grants"),
              [&](const platform::Statement& row) {
                const core::Latch latch{OptInstant(row, 3), row.Int64(4) != 0, row.Int64(5) != 0,
                                        static_cast<uint32_t>(row.Int64(6))};
                visit({row.Text(0), row.Text(1), static_cast<uint32_t>(row.Int64(2)), latch});
              });
}

core::Result<void> Store::AddGrant(const GrantRow& grant, const std::string& short_id,
                                   core::Instant last_end) {
  const int64_t end_ms = core::ToMillis(last_end);
  return Done(database_.Run(
      "INSERT INTO grants(id, short_id, envelope, uid, started_ms, last_end_ms, seal, latch_seal) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
      grant.id, short_id, platform::Blob{grant.envelope}, grant.uid, OptMillis(grant.latch.started),
      end_ms, Seal("grant", grant.id, short_id, grant.uid, end_ms),
      LatchSeal(grant.id, {.started = grant.latch.started})));
}

core::Result<void> Store::UpdateGrant(const core::Digest& id, const std::string& envelope) {
  return Done(
      database_.Run("UPDATE grants SET envelope = ? WHERE id = ?", platform::Blob{envelope}, id));
}

core::Result<void> Store::SetLatch(const core::Digest& id, const core::Latch& latch) {
  return Done(database_.Run(
      "UPDATE grants SET started_ms = ?, ended = ?, dropped = ?, uses_spent = ?, latch_seal = ? "
      "WHERE id = ?",
      OptMillis(latch.started), latch.ended, latch.dropped, latch.uses_spent, LatchSeal(id, latch),
      id));
}

core::Result<void> Store::RemoveGrantsEndedBefore(core::Instant before) {
  return Done(database_.Run("DELETE FROM grants WHERE last_end_ms < ?", core::ToMillis(before)));
}

core::Result<std::vector<core::Revocation>> Store::LoadRevocations() {
  return All<core::Revocation>(database_.Prepare("SELECT id, person, at_ms FROM revocations"),
                               [](const platform::Statement& row) {
                                 return core::Revocation{row.Text(0), row.Text(1),
                                                         core::FromMillis(row.Int64(2))};
                               });
}

core::Result<void> Store::AddRevocation(const core::Revocation& revocation) {
  const int64_t at_ms = core::ToMillis(revocation.at);
  return Done(
      database_.Run("INSERT INTO revocations VALUES(?, ?, ?, ?) ON CONFLICT(id, person) DO UPDATE "
                    "SET at_ms = excluded.at_ms, seal = excluded.seal WHERE excluded.at_ms > at_ms",
                    revocation.id, revocation.person, at_ms,
                    Seal("revocation", revocation.id, revocation.person, at_ms)));
}

core::Result<std::vector<LiveRow>> Store::LoadLive() {
  return All<LiveRow>(
      database_.Prepare("SELECT query, grant_id, scope, user, uid, pid, start_ticks, boot_id, "
                        "until_ms, ended_at_end, started FROM live ORDER BY query"),
      [](const platform::Statement& row) {
        return LiveRow{row.Uint64(0),
                       row.Text(1),
                       row.Text(2),
                       row.Text(3),
                       static_cast<uint32_t>(row.Int64(4)),
                       row.Int64(5),
                       row.Uint64(6),
                       row.Text(7),
                       core::FromMillis(row.Int64(8)),
                       row.Int64(9) != 0,
                       row.Int64(10) != 0};
      });
}

core::Result<void> Store::AddLive(const LiveRow& live) {
  const int64_t until_ms = core::ToMillis(live.until);
  return Done(
      database_.Run("INSERT INTO live VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", live.query,
                    live.grant, live.scope, live.user, live.uid, live.pid, live.start_ticks,
                    live.boot_id, until_ms, live.is_ended_at_end, live.has_started,
                    Seal("live", live.query, live.grant, live.scope, live.user, live.uid, live.pid,
                         live.start_ticks, live.boot_id, until_ms, live.is_ended_at_end)));
}

core::Result<void> Store::MarkStarted(uint64_t query) {
  return Done(database_.Run("UPDATE live SET started = 1 WHERE query = ?", query));
}

core::Result<void> Store::RemoveLive(uint64_t query) {
  return Done(database_.Run("DELETE FROM live WHERE query = ?", query));
}

core::Result<std::vector<RequestRow>> Store::LoadRequests() {
  return All<RequestRow>(
      database_.Prepare(
          "SELECT id, envelope, uid, state, text, delivered, start_by_ms FROM requests"),
      [](const platform::Statement& row) {
        return RequestRow{
            row.Text(0), row.Text(1),       static_cast<uint32_t>(row.Int64(2)), row.Text(3),
            row.Text(4), row.Int64(5) != 0, core::FromMillis(row.Int64(6))};
      });
}

core::Result<void> Store::PutRequest(const RequestRow& request) {
  return Done(database_.Run(
      "INSERT INTO requests VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
      "state = excluded.state, text = excluded.text, delivered = excluded.delivered",
      request.id, platform::Blob{request.envelope}, request.uid, request.state, request.text,
      request.is_delivered, core::ToMillis(request.start_by)));
}

core::Result<void> Store::RemoveRequest(const core::Digest& id) {
  return Done(database_.Run("DELETE FROM requests WHERE id = ?", id));
}

core::Result<void> Store::AddRecord(const wire::StoredRecord& record) {
  return Done(database_.Run("INSERT INTO records(seq, bytes, signature) VALUES(?, ?, ?)",
                            record.seq, platform::Blob{record.bytes}, record.signature));
}

core::Result<std::optional<wire::StoredRecord>> Store::LastRecord() {
  auto rows = All<wire::StoredRecord>(
      database_.Prepare("SELECT seq, bytes, signature FROM records ORDER BY seq DESC LIMIT 1"),
      ReadRecord);
  if (!rows) return std::move(rows).error();
  return rows->empty() ? std::nullopt : std::optional(std::move(rows->front()));
}

core::Result<std::vector<wire::StoredRecord>> Store::RecordsAfter(uint64_t seq, size_t max) {
  auto query = database_.Prepare(
      "SELECT seq, bytes, signature FROM records WHERE seq > ? ORDER BY seq LIMIT ?");
  if (query) query->BindAll(seq, static_cast<uint64_t>(max));
  return All<wire::StoredRecord>(std::move(query), ReadRecord);
}

core::Result<void> Store::KeepEvidence(std::string_view reason, std::string_view envelope,
                                       core::Instant at) {
  // A flood of refused documents does not fill the disk: the oldest go.
  constexpr int64_t kMostKept = 1000;
  constexpr int64_t kMostBytes = int64_t{64} << 20;
  auto kept = database_.Run(
      "DELETE FROM evidence WHERE number IN (SELECT number FROM (SELECT number, "
      "sum(length(envelope)) OVER newer AS bytes, count(*) OVER newer AS count FROM evidence "
      "WINDOW newer AS (ORDER BY number DESC)) WHERE bytes > ? OR count >= ?)",
      kMostBytes, kMostKept);
  if (!kept) return std::move(kept).error();
  return Done(database_.Run("INSERT INTO evidence(reason, at_ms, envelope) VALUES(?, ?, ?)", reason,
                            core::ToMillis(at), platform::Blob{envelope}));
}

}  // namespace daypass::agent
