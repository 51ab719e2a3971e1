// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How requests come in: by people who are signed in, and by hosts for their own accounts.
#include <algorithm>
#include <set>

#include "core/authority.h"
#include "core/hosts.h"
#include "server/workflow/conditions.h"
#include "server/workflow/requests.h"
#include "server/workflow/risk.h"
#include "wire/open.h"
#include "wire/statement.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Policy;
using core::Reason;
using core::Result;
using core::Statement;

constexpr uint64_t kMaxPending = 100;  // of one person, or of one account on one host
constexpr std::chrono::minutes kMaxClockSkew{10};

/// Who asks, from where, and how that is known.
struct Asker {
  std::string vouched_by;    ///< host, or empty
  std::string requested_by;  ///< person, or an account without one
  std::string asked_from;    ///< network address, or "host NAME"
};

/// Puts the fault below the body's member that held the statement.
Error Below(std::string_view member, Error error) {
  const bool is_pointer = error.field.empty() || error.field.starts_with('/');
  error.field = "/" + std::string(member) + (is_pointer ? "" : "/") + error.field;
  return error;
}

Error Fault(Reason reason, const std::string& field, const std::string& what) {
  return {reason, field + ": " + what, field};
}

Result<void> CheckTimes(const Statement& statement, core::Instant now) {
  if (statement.created > now + kMaxClockSkew) {
    return Fault(Reason::kStartOutOfRange, "created_ms",
                 "lies more than ten minutes ahead; is the asking machine's clock right?");
  }
  if (statement.start_by <= now) {
    return Fault(Reason::kStartOutOfRange, "start_by_ms", "has passed already");
  }
  return {};
}

Result<void> CheckHosts(Tx& tx, const Policy& policy, const core::Role& role,
                        const Statement& statement) {
  for (size_t i = 0; i < statement.hosts.size(); ++i) {
    const std::string& name = statement.hosts[i];
    const std::string field = "hosts/" + std::to_string(i);
    const auto host = Hosts(tx).Find(name);
    if (!host) return Fault(Reason::kNotFound, field, "\"" + name + "\" is not an enrolled host");
    if (!core::Selects(role.hosts, name, host->labels)) {
      return Fault(Reason::kWrongHost, field,
                   "the role \"" + role.name + "\" is not for \"" + name + "\"");
    }
    const core::Seconds longest = core::MaxDurationOn(policy, role, name, host->labels);
    if (statement.duration > longest) {
      return Fault(Reason::kStartOutOfRange, "duration_s",
                   "at most " + std::to_string(longest.count()) + " s on \"" + name + "\"");
    }
  }
  return {};
}

Result<void> CheckStatement(Tx& tx, const Policy& policy, const Statement& statement) {
  if (policy.expires <= tx.now) {
    return Fault(Reason::kPolicyExpired, "policy_version",
                 "the newest policy has expired; administrators must sign a new one");
  }
  if (auto judged = core::JudgeStatement(policy, statement); !judged) return judged;
  if (statement.policy_version > policy.version) {
    return Fault(Reason::kPolicyBehind, "policy_version",
                 "the server's newest is " + std::to_string(policy.version));
  }
  if (statement.reason.empty()) return Fault(Reason::kMalformed, "reason", "must not be empty");
  if (!statement.extends.empty() && !Requests(tx).Find(statement.extends)) {
    return Fault(Reason::kNotFound, "extends", "names no grant that the server knows");
  }
  if (auto checked = CheckTimes(statement, tx.now); !checked) return checked;
  return CheckHosts(tx, policy, *core::FindRole(policy, statement.role), statement);
}

/// The one that is there already, if it is the same; none if there is none.
Result<std::optional<RequestRow>> FindTwin(Tx& tx, const RequestRow& row) {
  if (auto same = Requests(tx).Find(row.id)) {
    if (same->vouched_by == row.vouched_by && same->requested_by == row.requested_by) return same;
    return Error{Reason::kConflict, "this statement was sent by somebody else already", {}};
  }
  if (Requests(tx).Find(row.short_id)) {
    return Error{Reason::kConflict, "the short id " + row.short_id + " is taken; ask anew", {}};
  }
  return std::optional<RequestRow>();
}

/// Whether anybody who shares a group with this person holds the role, or did lately.
bool PeersHold(Tx& tx, const Policy& policy, const std::string& name, const std::string& role) {
  const core::Person* self = core::FindPerson(policy, name);
  if (self == nullptr) return false;
  const core::Instant since = tx.now - kRiskHistory;
  return std::ranges::any_of(policy.people, [&](const core::Person& person) {
    const auto shared = std::ranges::find_first_of(person.groups, self->groups);
    return &person != self && shared != person.groups.end() &&
           Requests(tx).WasGranted(person.name, role, since);
  });
}

void AddRisk(Tx& tx, const Policy& policy, const Statement& statement, RequestRow& row) {
  const core::Instant since = tx.now - kRiskHistory;
  const Risk risk =
      ScoreRisk({.now = tx.now,
                 .role = row.role,
                 .hosts = statement.hosts,
                 .asked_from = row.asked_from,
                 .past = Requests(tx).PastOf(row.requested_by, since),
                 .known_hosts = Requests(tx).HostsOf(row.requested_by, since),
                 .peers_hold_role = PeersHold(tx, policy, row.requested_by, row.role)});
  row.risk = risk.score;
  for (const std::string& line : risk.why)
    row.risk_why += (row.risk_why.empty() ? "" : "\n") + line;
}

Result<RequestRow> Add(Tx& tx, Context& context, const Policy& policy, const Statement& statement,
                       std::string_view bytes, const Asker& asker) {
  RequestRow row;
  row.id = statement.id;
  row.short_id = core::ShortId(statement.id);
  row.statement = bytes;
  row.vouched_by = asker.vouched_by;
  row.requested_by = asker.requested_by;
  row.asked_from = asker.asked_from;
  row.role = statement.role;
  row.subject = statement.subject;
  row.created = tx.now;
  row.start_by = statement.start_by;
  row.ends = statement.start_by + statement.duration;
  auto twin = FindTwin(tx, row);
  if (!twin) return std::move(twin).error();
  if (*twin) return std::move(**twin);
  if (auto checked = CheckStatement(tx, policy, statement); !checked) {
    return std::move(checked).error();
  }
  if (Requests(tx).CountPending(row.vouched_by, row.requested_by) >= kMaxPending) {
    return Error{
        Reason::kTooMany, "at most " + std::to_string(kMaxPending) + " requests may wait", {}};
  }
  const core::Role& role = *core::FindRole(policy, statement.role);
  if (auto asked = CheckAsking(tx, role, statement, row.requested_by); !asked) {
    return std::move(asked).error();
  }
  const std::set<std::string> hosts(statement.hosts.begin(), statement.hosts.end());
  row.host_count = hosts.size();
  AddRisk(tx, policy, statement, row);
  Requests(tx).Add(row, {hosts.begin(), hosts.end()});
  if (role.automatic) return ApproveAutomatically(tx, context, row.id);
  return row;
}

Result<void> CheckVouched(const HostRow& host, const Statement& statement) {
  if (statement.hosts != std::vector{host.name}) {
    return Fault(Reason::kWrongHost, "hosts",
                 "a host asks for itself alone: [\"" + host.name + "\"]");
  }
  if (statement.requester != statement.subject) {
    return Fault(Reason::kNotYours, "requester",
                 "on a host an account asks for itself; must be \"" + statement.subject + "\"");
  }
  return {};
}

}  // namespace

Result<RequestRow> SubmitByPerson(Tx& tx, Context& context, const core::Person& person,
                                  std::string_view bytes, const std::string& address) {
  constexpr std::string_view kMember = "statement";
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  auto statement = wire::ParseStatement(bytes);
  if (!statement) return Below(kMember, std::move(statement).error());
  if (statement->requester != person.name) {
    return Below(kMember, Fault(Reason::kNotYours, "requester",
                                "must be who is signed in, \"" + person.name + "\""));
  }
  auto row = Add(tx, context, **policy, *statement, bytes, {"", person.name, address});
  if (!row) return Below(kMember, std::move(row).error());
  return row;
}

Result<RequestRow> SubmitByHost(Tx& tx, Context& context, const HostRow& host,
                                std::string_view envelope) {
  constexpr std::string_view kMember = "envelope";
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  auto key = wire::ParsePublicKey(host.host_key);
  if (!key) return std::move(key).error();
  auto opened = wire::OpenRequest(envelope, *key);
  if (!opened) return Below(kMember, std::move(opened).error());
  const Statement& statement = opened->document;
  if (auto vouched = CheckVouched(host, statement); !vouched) {
    return Below(kMember, std::move(vouched).error());
  }
  const core::Person* owner = core::FindAccountOwner(**policy, statement.subject);
  const std::string& asker = owner == nullptr ? statement.subject : owner->name;
  auto row = Add(tx, context, **policy, statement, opened->payload,
                 {host.name, asker, "host " + host.name});
  if (!row) return Below(kMember, std::move(row).error());
  return row;
}

}  // namespace daypass::server
