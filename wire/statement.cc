// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/statement.h"

#include <algorithm>
#include <set>

#include "wire/digest.h"
#include "wire/document.h"
#include "wire/limits.h"

namespace daypass::wire {
namespace {

using core::Reason;
using core::StartRule;
using core::Statement;

constexpr std::string_view kType = "grant";

void ReadStart(ObjectReader& start, Statement& statement) {
  statement.start = start.Enum<StartRule>("rule", {{"approval", StartRule::kApproval},
                                                   {"first_use", StartRule::kFirstUse},
                                                   {"scheduled", StartRule::kScheduled}});
  statement.start_at = start.OptInstant("at_ms");
  if (statement.start_at.has_value() != (statement.start == StartRule::kScheduled)) {
    start.Fail(Reason::kMalformed, "at_ms", "is for the rule \"scheduled\", which needs it");
  }
}

void Check(ObjectReader& in, const Statement& statement) {
  const std::set<std::string> distinct(statement.hosts.begin(), statement.hosts.end());
  if (distinct.size() != statement.hosts.size()) {
    in.Fail(Reason::kMalformed, "hosts", "a host is named twice");
  }
  if (statement.uses > 0 && statement.hosts.size() != 1) {
    in.Fail(Reason::kMalformed, "uses", "a counted grant names exactly one host");
  }
  if (statement.start_by <= statement.created) {
    in.Fail(Reason::kMalformed, "start_by_ms", "is not after created_ms");
  }
}

std::string_view StartName(StartRule rule) {
  switch (rule) {
    case StartRule::kApproval:
      return "approval";
    case StartRule::kFirstUse:
      return "first_use";
    case StartRule::kScheduled:
      return "scheduled";
  }
  return "";
}

}  // namespace

core::Result<Statement> ParseStatement(std::string_view payload) {
  const core::Result<Json> json = ParseJson(payload, {.max_bytes = kMaxStatementBytes});
  if (!json) return json.error();
  ObjectReader in(json->get());
  Statement statement;
  statement.id = Sha256Hex(payload);
  statement.realm = ReadHead(in, kType);
  statement.subject = in.String("subject", kAccount);
  statement.requester = in.String("requester", kAccount);
  statement.role = in.String("role", kName);
  statement.role_digest = in.String("role_digest", kDigest);
  statement.policy_version = static_cast<uint64_t>(in.Int("policy_version", 1, kMaxJsonInt));
  statement.hosts = in.Strings("hosts", kHostName, {1, kMaxHostsOfStatement});
  statement.duration = in.Duration("duration_s", core::Seconds{1}, kMaxDuration);
  in.Object("start", [&](ObjectReader& start) { ReadStart(start, statement); });
  statement.start_by = in.Instant("start_by_ms");
  statement.uses = static_cast<uint32_t>(in.Int("uses", 0, kMaxUses));
  statement.reason = in.String("reason", AtMost(kLine, kMaxReasonBytes));
  statement.ticket = in.String("ticket", AtMost(kOptionalLine, kMaxTicketBytes));
  statement.created = in.Instant("created_ms");
  statement.extends = in.OptString("extends", kDigest).value_or("");
  in.Enum<bool>("kind", {{"normal", true}});
  in.String("nonce", kHex128);
  Check(in, statement);
  if (core::Result<void> done = in.Finish(); !done) return std::move(done).error();
  return statement;
}

std::string EncodeStatement(const Statement& statement, std::string_view nonce) {
  ObjectBuilder start;
  start.String("rule", StartName(statement.start));
  if (statement.start_at) start.Instant("at_ms", *statement.start_at);
  return MakeHead(statement.realm, kType)
      .String("subject", statement.subject)
      .String("requester", statement.requester)
      .String("role", statement.role)
      .String("role_digest", statement.role_digest)
      .Int("policy_version", static_cast<int64_t>(statement.policy_version))
      .Strings("hosts", statement.hosts)
      .Duration("duration_s", statement.duration)
      .Object("start", start)
      .Instant("start_by_ms", statement.start_by)
      .Int("uses", statement.uses)
      .String("reason", statement.reason)
      .String("ticket", statement.ticket)
      .Instant("created_ms", statement.created)
      .OptString("extends", statement.extends)
      .String("kind", "normal")
      .String("nonce", nonce)
      .Dump();
}

}  // namespace daypass::wire
