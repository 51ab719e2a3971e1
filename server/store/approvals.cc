// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/approvals.h"

#include "server/store/schema.h"
#include "server/store/sql.h"

namespace daypass::server {

Schema ApprovalsSchema() {
  return {"approvals",
          {{"CREATE TABLE approvals (request TEXT NOT NULL REFERENCES requests (id), "
            "person TEXT NOT NULL, fingerprint TEXT NOT NULL, signature TEXT NOT NULL, "
            "at_ms BIGINT NOT NULL, PRIMARY KEY (request, person))"}}};
}

void Approvals::Save(const ApprovalRow& row) {
  Sql(tx_,
      "INSERT INTO approvals (request, person, fingerprint, signature, at_ms) "
      "VALUES (:request, :person, :fingerprint, :signature, :at) "
      "ON CONFLICT (request, person) DO UPDATE SET fingerprint = excluded.fingerprint, "
      "signature = excluded.signature, at_ms = excluded.at_ms")
      .Bind(row.request)
      .Bind(row.person)
      .Bind(row.fingerprint)
      .Bind(row.signature)
      .Bind(row.at)
      .Run();
}

std::vector<ApprovalRow> Approvals::Of(const std::string& request) {
  std::vector<ApprovalRow> rows;
  ApprovalRow row;
  Sql query(tx_,
            "SELECT request, person, fingerprint, signature, at_ms FROM approvals "
            "WHERE request = :request ORDER BY at_ms, person");
  query.Bind(request);
  query.Into(row.request).Into(row.person).Into(row.fingerprint).Into(row.signature).Into(row.at);
  while (query.Fetch()) rows.push_back(row);
  return rows;
}

uint64_t Approvals::CountAutomatic(const std::string& role, const std::string& subject,
                                   const std::string& host, core::Instant since) {
  uint64_t count = 0;
  Sql query(tx_,
            "SELECT COUNT(*) FROM requests r JOIN approvals a ON a.request = r.id "
            "JOIN request_hosts h ON h.request = r.id WHERE r.role = :role "
            "AND r.created_ms > :since AND r.subject = :subject AND h.host = :host "
            "AND a.person = ''");
  query.Bind(role).Bind(since).Bind(subject).Bind(host).Into(count).Fetch();
  return count;
}

}  // namespace daypass::server
