// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/user_views.h"

#include <algorithm>

#include "agent/wording.h"
#include "core/authority.h"
#include "core/escape.h"
#include "core/guard.h"
#include "core/hosts.h"
#include "wire/json_builder.h"

namespace daypass::agent {
namespace {

constexpr core::Seconds kFreshFor{120};

std::string Join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

struct DescribeMatcher {
  std::string operator()(const core::MatchIs& m) const { return m.value; }
  std::string operator()(const core::MatchOneOf& m) const {
    return "<one of: " + Join(m.values, ", ") + ">";
  }
  std::string operator()(const core::MatchInt& m) const {
    return "<number " + std::to_string(m.lo) + "-" + std::to_string(m.hi) + ">";
  }
  std::string operator()(const core::MatchUnder& m) const { return "<path under " + m.path + ">"; }
  std::string operator()(const core::MatchPattern& m) const { return "<matches " + m.re + ">"; }
};

struct DescribeKind {
  std::string operator()(const core::CommandRule& rule) const {
    std::string text = rule.path;
    for (const core::Matcher& matcher : rule.args)
      text += ' ' + std::visit(DescribeMatcher{}, matcher);
    return rule.rest_any ? text + " <anything>" : text;
  }
  std::string operator()(const core::EditRule& rule) const {
    return "sudoedit " + Join(rule.files, " or ");
  }
};

std::string GrantState(const core::Snapshot& snapshot, const core::Grant& grant) {
  if (auto why = core::WhyOver(snapshot, grant)) return std::string(core::ReasonName(*why));
  const std::optional<core::Window> window = core::WindowOf(grant);
  if (!window || (snapshot.now && !core::HasStarted(*window, *snapshot.now))) return "not_started";
  return "active";
}

wire::ArrayBuilder GrantsOf(const core::Snapshot& snapshot, const Holdings& holdings,
                            const std::string& account) {
  wire::ArrayBuilder grants;
  for (const core::Grant* grant : holdings.GrantsOf(account)) {
    wire::ObjectBuilder out;
    out.String("id", grant->statement.id)
        .String("short", core::ShortId(grant->statement.id))
        .String("role", grant->statement.role)
        .String("reason", grant->statement.reason)
        .String("state", GrantState(snapshot, *grant))
        .Instant("start_by_ms", grant->statement.start_by);
    if (auto window = core::WindowOf(*grant)) {
      out.Instant("from_ms", window->not_before).Instant("until_ms", window->not_after);
    }
    grants.Object(std::move(out));
  }
  return grants;
}

std::vector<std::string> DoorNames(const core::Role& role) {
  std::vector<std::string> names;
  for (const core::Door door : role.doors) names.emplace_back(core::DoorName(door));
  return names;
}

/// Cut where a thousand groups approve: readers take 4 KiB.
std::string GuardedBy(const core::Policy& policy, const core::Role& role) {
  constexpr size_t kMost = 1000;
  std::string line = core::GuardLine(policy, role);
  return line.size() <= kMost ? line : line.substr(0, kMost) + "...";
}

wire::ObjectBuilder EncodeDecision(const core::Decision& decision) {
  wire::ObjectBuilder out;
  out.Bool("allowed", core::IsAllow(decision));
  constexpr size_t kMost = 500;  // bytes of others, of which each may become four
  out.String("reason", core::ReasonName(decision.reason));
  out.String("detail", core::ForTerminal(decision.detail.substr(0, kMost)));
  out.String("role", decision.role).String("rule", decision.rule);
  if (decision.until) out.Instant("until_ms", *decision.until);
  return out;
}

}  // namespace

std::string Freshness(const std::optional<core::Now>& now,
                      const std::optional<core::Instant>& status_time) {
  if (!now || !status_time) return "offline";
  return now->hi - *status_time <= kFreshFor ? "fresh" : "stale";
}

std::string DescribeRule(const core::Rule& rule) {
  return std::visit(DescribeKind{}, rule.kind);
}

namespace {

/// A grant that this host holds: nothing more will come of its request.
void ViewHeld(const core::Grant& grant, const core::Snapshot& snapshot, RequestView& view) {
  view.is_settled = true;
  const std::optional<core::Window> window = core::WindowOf(grant);
  if (window) view.until = window->not_after;
  if (const auto why = core::WhyOver(snapshot, grant)) {
    view.state = core::ReasonName(*why);
    view.text = core::ReasonText(*why);
  } else if (!window && grant.statement.start == core::StartRule::kFirstUse) {
    view.state = "active";
    view.text = "approved; it starts with the first use";
  } else if (window && snapshot.now && core::HasStarted(*window, *snapshot.now)) {
    view.state = "active";
    view.text = "approved and in force";
  } else {
    view.state = "approved";
    view.text = "approved; it has not started yet";
  }
}

}  // namespace

RequestView ViewRequest(const core::Digest& id, const Holdings& holdings, const Requests& requests,
                        const core::Snapshot& snapshot) {
  RequestView view;
  view.id = id;
  if (const core::Grant* held = holdings.FindGrant(id)) {
    ViewHeld(*held, snapshot, view);
    return view;
  }
  const auto row = requests.rows().find(id);
  if (row == requests.rows().end()) {
    view.is_settled = true;
    return view;
  }
  view.state = row->second.state;
  view.text = row->second.text;
  view.is_settled = view.state != "pending" && view.state != "approved";
  if (view.is_settled || !snapshot.now) return view;
  view.wait = std::max(core::Millis{0}, row->second.start_by - snapshot.now->hi);
  if (*view.wait > core::Millis{0}) return view;
  view.text =
      view.state == "pending" ? "nobody approved it in time" : "it came too late to this host";
  view.state = "expired";
  view.is_settled = true;
  return view;
}

wire::Json EncodeRequestView(const RequestView& view) {
  wire::ObjectBuilder out;
  out.String("id", view.id)
      .String("short", core::ShortId(view.id))
      .String("state", view.state)
      .String("text", view.text);
  if (view.until) out.Instant("until_ms", *view.until);
  if (view.wait) out.Int("wait_ms", view.wait->count());
  return out.Take();
}

wire::Json EncodeStatusView(const core::Snapshot& snapshot, const core::TimeView& time,
                            bool is_permissive, const std::string& account, uint32_t uid,
                            const Holdings& holdings, const Requests& requests,
                            const std::map<uint64_t, LiveRow>& live) {
  wire::ArrayBuilder asked;
  for (const auto& [id, row] : requests.rows()) {
    if (row.uid != uid || row.state != "pending") continue;
    asked.Object(wire::ObjectBuilder()
                     .String("id", id)
                     .String("short", core::ShortId(id))
                     .String("state", row.state)
                     .String("text", row.text)
                     .Instant("start_by_ms", row.start_by));
  }
  wire::ArrayBuilder running;
  for (const auto& [query, row] : live) {
    if (row.user != account) continue;
    running.Object(wire::ObjectBuilder()
                       .Int("query", static_cast<int64_t>(query))
                       .String("grant", core::ShortId(row.grant))
                       .String("scope", row.scope)
                       .Instant("until_ms", row.until));
  }
  wire::ObjectBuilder out;
  out.String("host", snapshot.host->name)
      .String("user", account)
      .String("mode", is_permissive ? "permissive" : "enforce")
      .String("clock", core::ClockStateName(time.state))
      .String("freshness", Freshness(snapshot.now, snapshot.status_time))
      .Int("policy_version",
           snapshot.policy != nullptr ? static_cast<int64_t>(snapshot.policy->version) : 0)
      .Array("grants", GrantsOf(snapshot, holdings, account))
      .Array("requests", std::move(asked))
      .Array("windows", std::move(running));
  if (snapshot.status_time) out.Instant("server_ok_ms", *snapshot.status_time);
  if (snapshot.now) out.Instant("now_ms", snapshot.now->hi);
  return out.Take();
}

wire::Json EncodeRolesView(const core::Snapshot& snapshot, const std::string& account) {
  // While the time is not known, memberships that end have ended.
  const core::Instant at = snapshot.now ? snapshot.now->hi : core::Instant::max();
  wire::ArrayBuilder roles;
  if (snapshot.policy != nullptr) {
    for (const core::Role& role : snapshot.policy->roles) {
      if (!core::IsSubjectOf(*snapshot.policy, role, account, at) ||
          !core::Selects(role.hosts, snapshot.host->name, snapshot.host->labels)) {
        continue;
      }
      std::vector<std::string> rules;
      for (const core::Rule& rule : role.rules) rules.push_back(DescribeRule(rule));
      roles.Object(wire::ObjectBuilder()
                       .String("name", role.name)
                       .String("description", role.description)
                       .Duration("max_duration_s", role.max_duration)
                       .Strings("doors", DoorNames(role))
                       .Strings("rules", rules)
                       .Bool("full", role.full)
                       .String("guarded_by", GuardedBy(*snapshot.policy, role)));
    }
  }
  return wire::ObjectBuilder().Array("roles", std::move(roles)).Take();
}

wire::Json EncodeExplanation(const core::Snapshot& snapshot,
                             std::span<const core::Grant* const> grants, const core::Query& query) {
  const core::Decision decision = core::Decide(snapshot, grants, query);
  wire::ArrayBuilder each;
  for (const core::Grant* grant : grants) {
    const core::Decision alone = core::Decide(snapshot, std::span(&grant, 1), query);
    wire::ObjectBuilder one = EncodeDecision(alone);
    one.String("short", core::ShortId(grant->statement.id)).String("of", grant->statement.role);
    each.Object(std::move(one));
  }
  wire::ObjectBuilder out = EncodeDecision(decision);
  if (!core::IsAllow(decision)) {
    const Wording wording = Explain(snapshot, query, decision);
    out.String("text", wording.text).String("hint", wording.hint);
  }
  return out.String("host", snapshot.host->name).Array("grants", std::move(each)).Take();
}

}  // namespace daypass::agent
