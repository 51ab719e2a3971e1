// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/requests.h"

#include <algorithm>

#include "core/authority.h"
#include "core/hosts.h"
#include "platform/clock.h"
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/limits.h"
#include "wire/open.h"
#include "wire/statement.h"

namespace daypass::agent {
namespace {

constexpr core::Seconds kUsualPending{3600};    // to be started within an hour of asking
constexpr core::Millis kKeepAfter{86'400'000};  // so that people still find the answer
constexpr core::Millis kMinute{60'000};
constexpr size_t kMaxAMinute = 30;    // of one uid
constexpr size_t kMaxOpenOfOne = 20;  // requests of one uid that have no answer yet

/// Whether a request of our own asks for this role, to be had as soon as it is approved.
bool IsForNow(const RequestRow& row, const std::string& role) {
  auto envelope = wire::ParseEnvelope(row.envelope, "request", wire::kMaxStatementBytes);
  if (!envelope) return false;
  auto statement = wire::ParseStatement(envelope->payload);
  return statement && statement->role == role && statement->start != core::StartRule::kScheduled;
}

core::Error Fault(core::Reason code, std::string field, std::string what) {
  return {code, std::move(what), std::move(field)};
}

}  // namespace

Requests::Requests(Store& store, Ledger& ledger, const Holdings& holdings, const TimeKeeper& time,
                   const wire::PrivateKey& host_key)
    : store_(store), ledger_(ledger), holdings_(holdings), time_(time), host_key_(host_key) {}

core::Result<void> Requests::Load() {
  core::Result<std::vector<RequestRow>> rows = store_.LoadRequests();
  if (!rows) return std::move(rows).error();
  for (RequestRow& row : *rows) rows_.emplace(row.id, std::move(row));
  return {};
}

core::Result<void> Requests::CheckExtends(const Ask& ask, const std::string& account) const {
  if (ask.extends.empty()) return {};
  const core::Grant* grant = holdings_.FindGrant(ask.extends);
  if (grant == nullptr || grant->statement.subject != account || grant->latch.ended) {
    return Fault(core::Reason::kNoGrant, "extends",
                 "extends: you hold no such grant here any more");
  }
  if (grant->statement.role != ask.role) {
    return Fault(core::Reason::kMalformed, "extends",
                 "extends: that grant is of the role \"" + grant->statement.role + "\"");
  }
  return {};
}

core::Result<core::Statement> Requests::Word(const Ask& ask, const std::string& account) const {
  const core::Policy* policy = holdings_.policy();
  if (policy == nullptr) {
    return Fault(core::Reason::kPolicyMissing, "",
                 "this host holds no policy yet; daypass-sync brings it (or: daypass host enrol)");
  }
  const std::optional<core::Now> now = time_.View().now;
  if (!now) {
    return Fault(core::Reason::kTimeUnknown, "",
                 "this host does not know the time; is daypass-sync running?");
  }
  const core::Role* role = core::FindRole(*policy, ask.role);
  if (role == nullptr) {
    return Fault(core::Reason::kRoleUnknown, "role",
                 "role: the policy has no role \"" + ask.role + "\"; `daypass status` lists yours");
  }
  const core::HostIdentity& host = holdings_.host();
  if (!core::Selects(role->hosts, host.name, host.labels)) {
    return Fault(core::Reason::kWrongHost, "role",
                 "role: \"" + ask.role + "\" is not for this host");
  }
  const core::Seconds longest = core::MaxDurationOn(*policy, *role, host.name, host.labels);
  if (ask.duration > longest) {
    return Fault(core::Reason::kStartOutOfRange, "duration_s",
                 "duration_s: at most " + std::to_string(longest.count()) + " on this host");
  }
  if (auto extends = CheckExtends(ask, account); !extends) return std::move(extends).error();
  core::Statement statement;
  statement.realm = host.realm;
  statement.subject = statement.requester = account;
  statement.role = role->name;
  statement.role_digest = role->digest;
  statement.policy_version = policy->version;
  statement.hosts = {host.name};
  statement.duration = ask.duration;
  statement.start = ask.start;
  statement.start_at = ask.start_at;
  statement.uses = ask.uses == 0 ? role->uses : ask.uses;
  statement.reason = ask.reason;
  statement.ticket = ask.ticket;
  statement.extends = ask.extends;
  statement.created = now->lo;
  const core::Seconds pending = std::min(kUsualPending, core::MaxPending(*policy, *role));
  statement.start_by = ask.start_at.value_or(statement.created) + pending;
  if (auto fits = core::JudgeStatement(*policy, statement); !fits) return std::move(fits).error();
  return statement;
}

/// Each is a row for a day, and a signature.
bool Requests::IsTooOften(uint32_t uid) {
  const core::Millis now = platform::BootTime();
  std::vector<core::Millis>& made = made_[uid];
  std::erase_if(made, [&](core::Millis at) { return now - at > kMinute; });
  if (made.size() >= kMaxAMinute) return true;
  made.push_back(now);
  return false;
}

core::Result<core::Statement> Requests::Make(const Ask& ask, const std::string& account,
                                             uint32_t uid) {
  ForgetOld();
  if (IsTooOften(uid)) {
    return Fault(core::Reason::kTooMany, "",
                 "more than " + std::to_string(kMaxAMinute) + " requests in a minute");
  }
  const auto open = std::ranges::count_if(rows_, [&](const auto& entry) {
    return entry.second.uid == uid && entry.second.state == "pending";
  });
  if (static_cast<size_t>(open) >= kMaxOpenOfOne) {
    return Fault(
        core::Reason::kTooMany, "",
        std::to_string(open) + " of your requests have no answer yet; wait for one of them");
  }
  core::Result<core::Statement> statement = Word(ask, account);
  if (!statement) return statement;
  const std::string payload = wire::EncodeStatement(*statement, wire::RandomHex(16));
  core::Result<core::Statement> read_back = wire::ParseStatement(payload);
  if (!read_back) return read_back;  // names the field that no statement may hold
  RequestRow row{read_back->id,
                 wire::Seal(host_key_, "request", payload),
                 uid,
                 "pending",
                 "waiting for approval",
                 false,
                 read_back->start_by};
  wire::Record record;
  record.event = "request.asked";
  record.user = record.requester = account;
  record.uid = uid;
  record.role = read_back->role;
  record.grant = read_back->id;
  record.ticket = read_back->ticket;
  record.why = read_back->reason;
  auto kept = ledger_.Commit([&]() -> core::Result<void> {
    if (auto put = store_.PutRequest(row); !put) return put;
    auto seq = ledger_.Append(record);
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (!kept) return std::move(kept).error();
  rows_.emplace(row.id, std::move(row));
  if (on_change) on_change();
  return read_back;
}

const RequestRow* Requests::Find(const std::string& id) const {
  auto it = std::ranges::find_if(rows_, [&](const auto& entry) {
    return entry.first == id || core::ShortId(entry.first) == id;
  });
  return it == rows_.end() ? nullptr : &it->second;
}

const RequestRow* Requests::FindPending(uint32_t uid, const std::string& role) const {
  const RequestRow* newest = nullptr;
  const std::optional<core::Now> now = time_.View().now;
  for (const auto& [id, row] : rows_) {
    const bool is_open = row.state == "pending" && (!now || now->hi < row.start_by) &&
                         holdings_.FindGrant(id) == nullptr;
    if (row.uid != uid || !is_open || !IsForNow(row, role)) continue;
    if (newest == nullptr || newest->start_by < row.start_by) newest = &row;
  }
  return newest;
}

core::Result<void> Requests::SetState(const core::Digest& id, const std::string& state,
                                      const std::string& text) {
  auto it = rows_.find(id);
  if (it == rows_.end()) {
    return Fault(core::Reason::kMalformed, "id", "id: no request of this host has it");
  }
  RequestRow row = it->second;
  row.state = state;
  row.text = text;
  row.is_delivered = true;
  if (auto put = ledger_.Commit([&] { return store_.PutRequest(row); }); !put) return put;
  it->second = std::move(row);
  if (on_change) on_change();
  return {};
}

void Requests::ForgetOld() {
  const std::optional<core::Now> now = time_.View().now;
  if (!now) return;
  std::erase_if(rows_, [&](const auto& entry) {
    if (entry.second.start_by + kKeepAfter >= now->lo) return false;
    return static_cast<bool>(ledger_.Commit([&] { return store_.RemoveRequest(entry.first); }));
  });
}

}  // namespace daypass::agent
