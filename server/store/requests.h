// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Statements that were asked for, in their exact bytes, and what became of them. That a pending one
// has run out is judged at reading: nothing has to happen at that instant.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace daypass::server {

enum class RequestState : uint8_t { kPending, kApproved, kDenied, kExpired, kCancelled };

/// "pending", as the store, JSON and people read it.
std::string StateName(RequestState state);

struct RequestRow {
  std::string id;  ///< digest of `statement`
  std::string short_id;
  std::string statement;     ///< exact bytes
  std::string vouched_by;    ///< the host that asked, or empty: somebody who was signed in
  std::string requested_by;  ///< person, or account that no person owns
  std::string asked_from;    ///< network address, or "host NAME"
  std::string role;
  std::string subject;
  uint64_t host_count = 0;
  uint64_t risk = 0;          ///< 0 to 100 (workflow/risk.h), as it was when it was asked
  std::string risk_why;       ///< a line each
  std::string not_automatic;  ///< why the automatic approver did not say yes, where one might have
  RequestState state = RequestState::kPending;
  core::Instant created;  ///< when the server took it
  core::Instant start_by;
  core::Instant ends;  ///< start_by and duration: after this nothing of it matters
  std::string denied_by;
  std::string denial;
  uint64_t changed = 0;  ///< number of the change that approved it (store/changes.h)
};

class Requests {
 public:
  static constexpr uint64_t kMaxListed = 1000;

  explicit Requests(Tx& tx) : tx_(tx) {}

  void Add(const RequestRow& row, const std::vector<std::string>& hosts);
  /// Saves state, denied_by, denial, changed and not_automatic; nothing else of a request ever
  /// changes.
  void SaveState(const RequestRow& row);

  /// By id or short id.
  std::optional<RequestRow> Find(const std::string& id);

  /// Which requests to list; what is empty does not matter.
  struct Filter {
    bool pending = false;
    std::string requested_by;  ///< with it also what others asked for `subjects`
    std::vector<std::string> subjects;
    std::string role, host;
    std::optional<core::Instant> before;  ///< asked earlier than this
    uint64_t limit = kMaxListed;
  };
  // Lists, newest first, at most kMaxListed of them.
  std::vector<RequestRow> List(const Filter& filter);
  /// Approved and not past their end, revoked ones too; `host` empty: of all hosts.
  std::vector<RequestRow> Grants(const std::string& host);
  /// What a host has to hold: approved after change number `after`, not past their end, not
  /// revoked; in the order of their approval, all of them.
  std::vector<RequestRow> GrantsToHold(const std::string& host, uint64_t after);
  /// How many a host, or a person, has waiting.
  uint64_t CountPending(const std::string& vouched_by, const std::string& requested_by);
  /// How often somebody has asked for a role, or somebody else for this account, since then.
  uint64_t CountAsked(const std::string& requested_by, const std::string& subject,
                      const std::string& role, core::Instant since);

  // What is known of somebody's earlier requests; newest first, at most kMaxListed.
  struct Past {
    core::Instant created;
    RequestState state = RequestState::kPending;
    std::string role;
    std::string asked_from;
    uint64_t host_count = 0;
  };
  std::vector<Past> PastOf(const std::string& requested_by, core::Instant since);
  /// Hosts that somebody was granted anything on.
  std::set<std::string> HostsOf(const std::string& requested_by, core::Instant since);
  /// Whether somebody was granted a role.
  bool WasGranted(const std::string& requested_by, const std::string& role, core::Instant since);

 private:
  Tx& tx_;
};

}  // namespace daypass::server
