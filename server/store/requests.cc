// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/requests.h"

#include <algorithm>
#include <array>

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {
namespace {

constexpr std::array<const char*, 5> kStateNames = {"pending", "approved", "denied", "expired",
                                                    "cancelled"};

RequestState ParseState(const std::string& name) {
  for (size_t i = 0; i < kStateNames.size(); ++i) {
    if (name == kStateNames[i]) return static_cast<RequestState>(i);
  }
  return RequestState::kCancelled;  // a damaged store grants nothing
}

RequestState StateAt(const std::string& name, core::Instant start_by, core::Instant now) {
  const RequestState state = ParseState(name);
  return state == RequestState::kPending && now >= start_by ? RequestState::kExpired : state;
}

/// Text of one column, each once.
std::set<std::string> FetchNames(Sql& query) {
  std::set<std::string> names;
  std::string name;
  query.Into(name);
  while (query.Fetch()) names.insert(name);
  return names;
}

constexpr const char* kSelect =
    "SELECT r.id, r.short_id, r.statement, r.vouched_by, r.requested_by, r.state, r.created_ms, "
    "r.start_by_ms, r.ends_ms, r.denied_by, r.denial, r.changed, r.asked_from, r.role, "
    "r.subject, r.host_count, r.risk, r.risk_why, r.not_automatic FROM requests r ";

std::vector<RequestRow> FetchAll(Tx& tx, Sql& query) {
  std::vector<RequestRow> rows;
  RequestRow row;
  std::string state;
  query.Into(row.id).Into(row.short_id).Into(row.statement).Into(row.vouched_by);
  query.Into(row.requested_by).Into(state).Into(row.created).Into(row.start_by).Into(row.ends);
  query.Into(row.denied_by).Into(row.denial).Into(row.changed).Into(row.asked_from);
  query.Into(row.role).Into(row.subject).Into(row.host_count).Into(row.risk).Into(row.risk_why);
  query.Into(row.not_automatic);
  while (query.Fetch()) {
    row.state = StateAt(state, row.start_by, tx.now);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string StateName(RequestState state) {
  return kStateNames.at(static_cast<size_t>(state));
}

Schema RequestsSchema() {
  return {"requests",
          {{"CREATE TABLE requests (id TEXT PRIMARY KEY, short_id TEXT NOT NULL UNIQUE, "
            "statement TEXT NOT NULL, vouched_by TEXT NOT NULL, requested_by TEXT NOT NULL, "
            "state TEXT NOT NULL, created_ms BIGINT NOT NULL, start_by_ms BIGINT NOT NULL, "
            "ends_ms BIGINT NOT NULL, denied_by TEXT NOT NULL, denial TEXT NOT NULL, "
            "changed BIGINT NOT NULL)",
            "CREATE INDEX requests_state ON requests (state, start_by_ms)",
            "CREATE TABLE request_hosts (request TEXT NOT NULL REFERENCES requests (id), "
            "host TEXT NOT NULL, PRIMARY KEY (host, request))"},
           {"ALTER TABLE requests ADD COLUMN asked_from TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE requests ADD COLUMN role TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE requests ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE requests ADD COLUMN host_count BIGINT NOT NULL DEFAULT 1",
            "ALTER TABLE requests ADD COLUMN risk BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE requests ADD COLUMN risk_why TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE requests ADD COLUMN not_automatic TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX requests_by ON requests (requested_by, created_ms)",
            "CREATE INDEX requests_role ON requests (role, created_ms)",
            "CREATE INDEX requests_granted ON requests (role, requested_by, created_ms)",
            "CREATE INDEX requests_subject ON requests (subject, created_ms)",
            "CREATE INDEX requests_created ON requests (created_ms)",
            "CREATE INDEX request_hosts_of ON request_hosts (request)"}}};
}

void Requests::Add(const RequestRow& row, const std::vector<std::string>& hosts) {
  Sql(tx_,
      "INSERT INTO requests (id, short_id, statement, vouched_by, requested_by, state, created_ms, "
      "start_by_ms, ends_ms, denied_by, denial, changed, asked_from, role, subject, host_count, "
      "risk, risk_why, not_automatic) VALUES (:id, :short, :statement, :vouched, :requested, "
      ":state, "
      ":created, :start_by, :ends, :denied_by, :denial, :changed, :from, :role, :subject, :hosts, "
      ":risk, "
      ":risk_why, :not_automatic)")
      .Bind(row.id)
      .Bind(row.short_id)
      .Bind(row.statement)
      .Bind(row.vouched_by)
      .Bind(row.requested_by)
      .Bind(StateName(row.state))
      .Bind(row.created)
      .Bind(row.start_by)
      .Bind(row.ends)
      .Bind(row.denied_by)
      .Bind(row.denial)
      .Bind(row.changed)
      .Bind(row.asked_from)
      .Bind(row.role)
      .Bind(row.subject)
      .Bind(row.host_count)
      .Bind(row.risk)
      .Bind(row.risk_why)
      .Bind(row.not_automatic)
      .Run();
  for (const std::string& host : hosts) {
    Sql(tx_, "INSERT INTO request_hosts (request, host) VALUES (:request, :host)")
        .Bind(row.id)
        .Bind(host)
        .Run();
  }
}

void Requests::SaveState(const RequestRow& row) {
  Sql(tx_,
      "UPDATE requests SET state = :state, denied_by = :by, denial = :denial, changed = :changed, "
      "not_automatic = :not_automatic WHERE id = :id")
      .Bind(StateName(row.state))
      .Bind(row.denied_by)
      .Bind(row.denial)
      .Bind(row.changed)
      .Bind(row.not_automatic)
      .Bind(row.id)
      .Run();
}

std::optional<RequestRow> Requests::Find(const std::string& id) {
  Sql query(tx_, std::string(kSelect) + "WHERE r.id = :id OR r.short_id = :short");
  query.Bind(id).Bind(id);
  std::vector<RequestRow> rows = FetchAll(tx_, query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<RequestRow> Requests::List(const Filter& filter) {
  std::string text = kSelect;
  if (!filter.host.empty()) text += "JOIN request_hosts h ON h.request = r.id AND h.host = :host ";
  text += "WHERE 1 = 1 ";
  if (filter.pending) text += "AND r.state = 'pending' AND r.start_by_ms > :now ";
  if (!filter.requested_by.empty()) {
    text += "AND (r.requested_by = :requested ";
    for (size_t i = 0; i < filter.subjects.size(); ++i) {
      text += "OR r.subject = :subject" + std::to_string(i) + " ";
    }
    text += ") ";
  }
  if (!filter.role.empty()) text += "AND r.role = :role ";
  if (filter.before) text += "AND r.created_ms < :before ";
  Sql query(tx_, text + "ORDER BY r.created_ms DESC, r.id LIMIT :most");
  if (!filter.host.empty()) query.Bind(filter.host);
  if (filter.pending) query.Bind(tx_.now);
  if (!filter.requested_by.empty()) {
    query.Bind(filter.requested_by);
    for (const std::string& subject : filter.subjects) query.Bind(subject);
  }
  if (!filter.role.empty()) query.Bind(filter.role);
  if (filter.before) query.Bind(*filter.before);
  query.Bind(std::min(filter.limit, kMaxListed));
  return FetchAll(tx_, query);
}

std::vector<RequestRow> Requests::Grants(const std::string& host) {
  const bool of_all = host.empty();
  Sql query(tx_, std::string(kSelect) +
                     (of_all ? "WHERE "
                             : "JOIN request_hosts h ON h.request = r.id "
                               "WHERE h.host = :host AND ") +
                     "r.state = 'approved' AND r.ends_ms > :now "
                     "ORDER BY r.created_ms DESC, r.id LIMIT :most");
  if (!of_all) query.Bind(host);
  query.Bind(tx_.now).Bind(kMaxListed);
  return FetchAll(tx_, query);
}

std::vector<RequestRow> Requests::GrantsToHold(const std::string& host, uint64_t after) {
  Sql query(tx_, std::string(kSelect) +
                     "JOIN request_hosts h ON h.request = r.id "
                     "WHERE h.host = :host AND r.state = 'approved' AND r.ends_ms > :now "
                     "AND r.changed > :after AND NOT EXISTS "
                     "(SELECT 1 FROM grant_revocations g WHERE g.request = r.id) "
                     "ORDER BY r.changed, r.id");
  query.Bind(host).Bind(tx_.now).Bind(after);
  return FetchAll(tx_, query);
}

uint64_t Requests::CountPending(const std::string& vouched_by, const std::string& requested_by) {
  uint64_t count = 0;
  Sql query(tx_,
            "SELECT COUNT(*) FROM requests WHERE state = 'pending' AND start_by_ms > :now "
            "AND vouched_by = :host AND requested_by = :requested");
  query.Bind(tx_.now).Bind(vouched_by).Bind(requested_by).Into(count).Fetch();
  return count;
}

uint64_t Requests::CountAsked(const std::string& requested_by, const std::string& subject,
                              const std::string& role, core::Instant since) {
  uint64_t count = 0;
  Sql query(tx_,
            "SELECT COUNT(*) FROM requests WHERE (requested_by = :requested OR subject = :subject) "
            "AND role = :role AND created_ms > :since");
  query.Bind(requested_by).Bind(subject).Bind(role).Bind(since).Into(count).Fetch();
  return count;
}

std::vector<Requests::Past> Requests::PastOf(const std::string& requested_by, core::Instant since) {
  Sql query(tx_,
            "SELECT created_ms, state, start_by_ms, role, asked_from, host_count FROM requests "
            "WHERE requested_by = :requested AND created_ms > :since "
            "ORDER BY created_ms DESC LIMIT :most");
  std::vector<Past> all;
  Past past;
  std::string state;
  core::Instant start_by;
  query.Bind(requested_by).Bind(since).Bind(kMaxListed);
  query.Into(past.created).Into(state).Into(start_by).Into(past.role).Into(past.asked_from);
  query.Into(past.host_count);
  while (query.Fetch()) {
    past.state = StateAt(state, start_by, tx_.now);
    all.push_back(past);
  }
  return all;
}

std::set<std::string> Requests::HostsOf(const std::string& requested_by, core::Instant since) {
  Sql query(tx_,
            "SELECT DISTINCT h.host FROM requests r JOIN request_hosts h ON h.request = r.id "
            "WHERE r.requested_by = :requested AND r.created_ms > :since "
            "AND r.state = 'approved'");
  query.Bind(requested_by).Bind(since);
  return FetchNames(query);
}

bool Requests::WasGranted(const std::string& requested_by, const std::string& role,
                          core::Instant since) {
  std::string id;
  Sql query(tx_,
            "SELECT id FROM requests WHERE role = :role AND requested_by = :requested "
            "AND created_ms > :since AND state = 'approved' LIMIT 1");
  return query.Bind(role).Bind(requested_by).Bind(since).Into(id).Fetch();
}

}  // namespace daypass::server
