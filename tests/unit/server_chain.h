// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A host's records, made without a host, and what a server.db holds of them, read without the
// server.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "platform/database.h"
#include "wire/digest.h"
#include "wire/json_builder.h"
#include "wire/keys.h"
#include "wire/record.h"
#include "wire/sshsig.h"
#include "wire_fixture.h"

namespace daypass::server {

/// Numbers `first` to `last` behind the record with digest `prev`; the last one is signed.
inline std::vector<wire::StoredRecord> MakeChain(const wire::PrivateKey& key, uint64_t first,
                                                 uint64_t last, std::string prev) {
  std::vector<wire::StoredRecord> records;
  for (uint64_t seq = first; seq <= last; ++seq) {
    wire::Record record;
    record.realm = wire::kRealm;
    record.seq = seq;
    record.prev = prev;
    record.host = "web-1";
    record.boot_id = std::string(32, 'b');
    record.time = core::FromMillis(1'800'000'000'000);
    record.clock = "anchored";
    record.event = "decision.allowed";
    record.mode = "enforce";
    record.policy = 1;
    record.freshness = "fresh";
    record.user = "alice";
    record.command = "/usr/bin/systemctl";
    records.push_back({seq, wire::EncodeRecord(record), ""});
    prev = wire::Sha256Hex(records.back().bytes);
  }
  records.back().signature = wire::Sign(key, "record@daypass", records.back().bytes);
  return records;
}

/// The body of POST /v1/host/records.
inline wire::ObjectBuilder RecordsBody(const std::vector<wire::StoredRecord>& records) {
  wire::ArrayBuilder list;
  for (const wire::StoredRecord& record : records) {
    list.Object(wire::ObjectBuilder()
                    .Int("seq", static_cast<int64_t>(record.seq))
                    .String("bytes", record.bytes)
                    .OptString("signature", record.signature));
  }
  wire::ObjectBuilder body;
  body.Array("records", std::move(list));
  return body;
}

/// Every record of server.db, in order.
inline std::vector<wire::StoredRecord> StoredIn(const std::string& path) {
  std::vector<wire::StoredRecord> records;
  std::filesystem::permissions(path, std::filesystem::perms(0600));  // a test has another umask
  auto database = platform::Database::Open(path);
  EXPECT_TRUE(database) << database.error().what;
  if (!database) return records;
  auto rows = database->Prepare("SELECT seq, bytes, signature FROM records ORDER BY seq");
  EXPECT_TRUE(rows) << rows.error().what;
  while (rows && *rows->Step()) {
    records.push_back({rows->Uint64(0), rows->Text(1), rows->Text(2)});
  }
  return records;
}

/// SQLite finds the whole file in order.
inline void ExpectSound(const std::string& path) {
  auto database = platform::Database::Open(path);
  ASSERT_TRUE(database) << database.error().what;
  auto check = database->Prepare("PRAGMA integrity_check");
  ASSERT_TRUE(check && *check->Step());
  EXPECT_EQ(check->Text(0), "ok");
}

/// `records` are numbers 1 to `count` of the host, an unbroken chain signed up to its end.
inline void ExpectWholeChain(const std::vector<wire::StoredRecord>& records, uint64_t count,
                             const wire::PrivateKey& key) {
  ASSERT_EQ(records.size(), count);
  auto head =
      wire::VerifyChain({wire::kRealm, "web-1", 0, wire::kNoPrev}, records, key.public_key());
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->seq, count);
  EXPECT_EQ(head->signed_seq, count);
}

}  // namespace daypass::server
