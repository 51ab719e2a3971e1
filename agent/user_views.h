// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What people are shown of this host through user.sock: plain values and their JSON. Everybody sees
// the host's state; grants, requests and running commands only their own.
#pragma once

#include <map>
#include <span>
#include <string>

#include "agent/holdings.h"
#include "agent/requests.h"
#include "agent/store.h"
#include "core/clock.h"
#include "core/decision.h"
#include "wire/json.h"

namespace daypass::agent {

/// How a request stands, as seen from this host.
struct RequestView {
  core::Digest id;
  std::string state;  ///< pending approved active denied expired cancelled refused
  std::string text;
  std::optional<core::Instant> until;
  std::optional<core::Millis> wait;  ///< while it is pending: until it runs out
  bool is_settled = false;           ///< nothing more will come
};

RequestView ViewRequest(const core::Digest& id, const Holdings& holdings, const Requests& requests,
                        const core::Snapshot& snapshot);

wire::Json EncodeRequestView(const RequestView& view);

wire::Json EncodeStatusView(const core::Snapshot& snapshot, const core::TimeView& time,
                            bool is_permissive, const std::string& account, uint32_t uid,
                            const Holdings& holdings, const Requests& requests,
                            const std::map<uint64_t, LiveRow>& live);

/// The roles that `account` may ask for on this host.
wire::Json EncodeRolesView(const core::Snapshot& snapshot, const std::string& account);

/// What `query` would be told, and by each of `grants` alone: how far it carries, and where it
/// stops.
wire::Json EncodeExplanation(const core::Snapshot& snapshot,
                             std::span<const core::Grant* const> grants, const core::Query& query);

/// "fresh": the server was heard within two minutes; "stale": longer ago; "offline": never, or the
/// time is unknown.
std::string Freshness(const std::optional<core::Now>& now,
                      const std::optional<core::Instant>& status_time);

/// A rule in words: "/usr/bin/systemctl restart nginx".
std::string DescribeRule(const core::Rule& rule);

}  // namespace daypass::agent
