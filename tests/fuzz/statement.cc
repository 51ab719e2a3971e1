// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Statements: the canonical text of what was read is what would be signed.
#include "wire/statement.h"

#include "tests/fuzz/json_view.h"
#include "tests/fuzz/sealed.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxStatementBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseStatement(input); }};

namespace {

constexpr wire::JsonLimits kLimits{.max_bytes = wire::kMaxStatementBytes};

void RequireSense(const core::Statement& statement) {
  Require(!statement.hosts.empty() && statement.hosts.size() <= wire::kMaxHostsOfStatement,
          "a statement names 1 to 500 hosts");
  Require(statement.duration > core::Seconds{0} && statement.duration <= wire::kMaxDuration,
          "a window has a length, and not more than any policy allows");
  Require(statement.uses == 0 || statement.hosts.size() == 1, "a counted grant names one host");
  Require(statement.created < statement.start_by, "the latest start comes after the asking");
  Require(statement.start_at.has_value() == (statement.start == core::StartRule::kScheduled),
          "a scheduled start has an instant, and no other");
  Require(statement.reason.size() <= wire::kMaxReasonBytes && wire::IsPlainLine(statement.reason),
          "a reason is a line that reads as it is written");
}

}  // namespace

void Try(std::string_view input) {
  TrySealed<core::Statement>(input, "grant", wire::kMaxStatementBytes, wire::ParseStatement);
  const auto statement = wire::ParseStatement(input);
  if (!statement) return RequireFit(statement.error());
  RequireSense(*statement);
  Require(statement->id == wire::Sha256Hex(input), "the id is the digest of the exact bytes");
  const std::string nonce = MemberOf(input, kLimits, "nonce");
  Require(wire::EncodeStatement(*statement, nonce) == Canonical(input, kLimits),
          "nothing of a statement is lost in reading");
}

}  // namespace daypass::fuzz
