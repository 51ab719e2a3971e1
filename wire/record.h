// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Records: the durable audit events of one host, numbered and chained. Source:
// docs/formats/record.md.
//
//   1. MUST keep the bytes: a record's digest is that of what was stored, never of what was read.
//   2. MUST refuse a chain with a number missing, twice or out of order, another host's or realm's
//      record in it, or a `prev` that is not the digest of the record before.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "core/time.h"
#include "wire/keys.h"

namespace daypass::wire {

/// One event. Empty strings and lists are left out of the bytes. Bytes from outside stand in
/// `argv_b64` exactly; in every other string EncodeRecord makes them visible.
struct Record {
  // always
  std::string realm;
  uint64_t seq = 0;   ///< from 1
  core::Digest prev;  ///< of the record before; kNoPrev for the first
  std::string host;
  std::string boot_id;  ///< 32 hexadecimal digits
  core::Instant time;
  int64_t boot_ms = 0;            ///< CLOCK_BOOTTIME
  std::string clock;              ///< anchored, synced, hardware or unknown
  std::string event;              ///< "decision.allowed"
  std::string mode;               ///< permissive or enforce
  std::optional<int64_t> policy;  ///< version held
  std::string freshness;          ///< fresh, stale or offline
  // who
  std::string user;
  std::optional<int64_t> uid, loginuid;
  std::string requester, approvers;  ///< approvers: name:fingerprint,...
  std::optional<int64_t> pid;
  std::string session, tty, rhost;
  // what
  std::string door, service, command, argv;
  std::vector<std::string> argv_b64;  ///< base64 of each argument
  std::string cwd, runas;
  std::optional<int64_t> runas_uid;
  std::string role, rule;
  core::Digest grant;  ///< the whole id
  std::string ticket, why;
  // outcome
  std::string verdict, effect, reason, detail;
  std::optional<int64_t> until_ms, query;
  std::optional<int64_t> parent;  ///< number of the record in whose name this one is judged
  std::string exit, ended_by, scope, digest;
};

/// `prev` of the first record: 64 zeros.
extern const core::Digest kNoPrev;

/// The exact bytes to store and to sign: canonical JSON. What does not read as it is written
/// (controls, bad UTF-8, marks of direction) becomes \xNN. The caller keeps to kMaxRecordBytes, and
/// to kMaxRecordString for each string: whatever is longer, ParseRecord refuses.
std::string EncodeRecord(const Record& record);

/// Fails: kMalformed, kTooLarge, kUnknownField, kUnknownFormat, kWrongNamespace.
core::Result<Record> ParseRecord(std::string_view bytes);

/// Every field that is set, in the order above, as key and text: what journald and people are
/// shown. Lists are given once per element.
void ForEachField(const Record& record,
                  const std::function<void(std::string_view key, std::string_view text)>& visit);

/// A record as it is stored and carried. `signature`: armoured, empty inside a commit.
struct StoredRecord {
  uint64_t seq = 0;
  std::string bytes;
  std::string signature;
};

/// Where a chain ends.
struct ChainHead {
  uint64_t seq = 0;
  core::Digest digest;      ///< of the last record's bytes
  uint64_t signed_seq = 0;  ///< the last record that the host's key vouches for; 0: none yet
};

/// Whose chain it is, and from where it is continued.
struct ChainStart {
  std::string realm;
  std::string host;
  uint64_t seq = 0;               ///< of the last record before; 0: none
  core::Digest digest = kNoPrev;  ///< of the last record before
};

/// Checks that `records` continue the chain, and verifies each signature among them with the host's
/// key. The head's signed_seq is 0 if none of them is signed.
/// Fails: as ParseRecord; kMalformed (a link is wrong; the text names the number), kBadSignature,
/// kKeyUnknown (signed by another key).
core::Result<ChainHead> VerifyChain(const ChainStart& start, std::span<const StoredRecord> records,
                                    const PublicKey& host_key);

}  // namespace daypass::wire
