// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/enforcer.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "platform/clock.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kStartWithin{10'000};  // as long as the shim lets an answer count
constexpr core::Millis kLongestNap{1'000};    // timers are alarms, not truth
constexpr core::Millis kForgetAfter{7LL * 86'400'000};
constexpr core::Millis kForgetEvery{3'600'000};

EndedBy ByReason(core::Reason reason) {
  if (reason == core::Reason::kExpired || reason == core::Reason::kOutsideHours) {
    return EndedBy::kWindow;
  }
  if (reason == core::Reason::kDropped) return EndedBy::kDrop;
  return EndedBy::kRevocation;
}

std::string DescribeExit(const wire::EndedCall& call) {
  if (call.exit_code) return std::to_string(*call.exit_code);
  if (call.signal) return "signal " + std::to_string(*call.signal);
  return "not run";
}

}  // namespace

std::string_view EndedByName(EndedBy by) {
  constexpr std::array<std::string_view, 6> kNames = {"self", "window", "revocation",
                                                      "drop", "killed", "agent"};
  return kNames.at(static_cast<size_t>(by));
}

Enforcer::Enforcer(platform::EventLoop& loop, Store& store, Ledger& ledger, Holdings& holdings,
                   TimeKeeper& time, Containment& containment)
    : loop_(loop),
      store_(store),
      ledger_(ledger),
      holdings_(holdings),
      time_(time),
      containment_(containment) {}

core::Result<void> Enforcer::Load() {
  core::Result<std::vector<LiveRow>> rows = store_.LoadLive();
  if (!rows) return std::move(rows).error();
  if (auto swept = EndUnknown(*rows); !swept) return swept;
  for (const LiveRow& row : *rows) {
    live_.emplace(row.query, row);
    AdoptOne(row);
  }
  Review();
  return {};
}

/// Scopes that no row knows: of a store that was lost, whose ends nobody would see any more.
core::Result<void> Enforcer::EndUnknown(const std::vector<LiveRow>& known) {
  const core::Result<std::vector<std::string>> scopes = containment_.List();
  if (!scopes) return scopes.error();
  for (const std::string& scope : *scopes) {
    if (std::ranges::find(known, scope, &LiveRow::scope) != known.end()) continue;
    const core::Result<bool> populated = containment_.IsPopulated(scope);
    if (populated && *populated) {
      const core::Result<void> ended = containment_.End(scope);
      wire::Record record;
      record.event = ended ? "command.ended" : "command.escaped";
      record.scope = scope;
      record.ended_by = ended ? EndedByName(EndedBy::kAgent) : std::string_view();
      record.detail = ended ? "the store does not know it" : ended.error().what;
      Note(std::move(record));
    }
    // Gone when it is empty: here, or by a later start.
    (void)containment_.WhenEmpty(scope, [this, scope] { (void)containment_.Remove(scope); });
  }
  return {};
}

/// After a restart there is no Watch: the sudo is watched by pidfd, and its scope by its emptiness.
void Enforcer::AdoptOne(const LiveRow& live) {
  if (live.boot_id != time_.boot_id()) return End(live, EndedBy::kAgent);  // gone with the boot
  Guard& guard = guards_[live.query];
  auto process = platform::ReopenProcess(static_cast<pid_t>(live.pid), live.start_ticks);
  if (!process) return End(live, EndedBy::kKilled);
  guard.process = std::move(*process);
  auto exit =
      loop_.WatchFd(guard.process.pidfd.get(), EPOLLIN, [this, query = live.query](uint32_t) {
        auto it = live_.find(query);
        if (it != live_.end()) End(LiveRow{it->second}, EndedBy::kSelf);
      });
  if (!exit) return End(live, EndedBy::kAgent);
  guard.exit = std::move(*exit);
  if (!live.has_started) return End(live, EndedBy::kAgent);
  if (!containment_.WhenEmpty(live.scope, [this, scope = live.scope] { OnEmpty(scope); })) {
    End(live, EndedBy::kAgent);
  }
}

/// Ends with its connection, not with the process that made it: `sudo -b` goes on in a child, which
/// has inherited the connection.
void Enforcer::Watch(const std::shared_ptr<Connection>& connection) {
  const platform::ProcessHandle& process = connection->process();
  core::Result<platform::ProcessFacts> facts = platform::ReadProcessFacts(process);
  if (!facts) return connection->Close();
  const pid_t pid = process.pid;
  watched_[pid] = {process.start_ticks, facts->real_uid, connection};
  connection->on_close = [this, pid, start = process.start_ticks] { OnWatchClosed(pid, start); };
}

bool Enforcer::IsWatched(const platform::ProcessHandle& process) const {
  auto it = watched_.find(process.pid);
  return it != watched_.end() && it->second.start_ticks == process.start_ticks;
}

std::optional<uid_t> Enforcer::WatchedUid(const platform::ProcessHandle& process) const {
  if (!IsWatched(process)) return std::nullopt;
  return watched_.at(process.pid).real_uid;
}

/// Of this very process: its number may be another's by now.
void Enforcer::OnWatchClosed(pid_t pid, uint64_t start_ticks) {
  const auto watched = watched_.find(pid);
  if (watched != watched_.end() && watched->second.start_ticks == start_ticks) {
    watched_.erase(watched);
  }
  std::vector<LiveRow> cut_off;
  for (const auto& [query, live] : live_) {
    const bool is_its_own = live.pid == pid && live.start_ticks == start_ticks;
    if (is_its_own && !guards_[query].has_reported_end) cut_off.push_back(live);
  }
  for (const LiveRow& live : cut_off) End(live, EndedBy::kKilled);
}

core::Result<void> Enforcer::AddLive(const LiveRow& live) {
  return store_.AddLive(live);
}

bool Enforcer::HasLive(const platform::ProcessHandle& process) const {
  return std::ranges::any_of(live_, [&](const auto& entry) {
    return entry.second.pid == process.pid && entry.second.start_ticks == process.start_ticks;
  });
}

void Enforcer::Contain(const LiveRow& live, const platform::ProcessHandle& process,
                       std::function<void(core::Result<void>)> done) {
  live_.emplace(live.query, live);
  guards_[live.query] = {};
  const ContainRequest request{core::ShortId(live.grant), live.query, live.uid};
  containment_.Contain(
      request, process, [this, live, done = std::move(done)](core::Result<std::string> scope) {
        if (!scope) {
          Forget(live.query);
          return done(std::move(scope).error());
        }
        auto deadline = loop_.AfterBootTime(kStartWithin, [this, query = live.query] {
          auto it = live_.find(query);
          if (it != live_.end() && !it->second.has_started)
            End(LiveRow{it->second}, EndedBy::kAgent);
        });
        if (!deadline) {
          End(live, EndedBy::kAgent);
          return done(std::move(deadline).error());
        }
        guards_[live.query].deadline = std::move(*deadline);
        auto empty =
            containment_.WhenEmpty(live.scope, [this, name = live.scope] { OnEmpty(name); });
        if (!empty) {
          End(live, EndedBy::kAgent);
          return done(std::move(empty).error());
        }
        Schedule();
        done({});
      });
}

void Enforcer::OnStarted(const platform::ProcessHandle& process, const wire::StartedCall& call) {
  auto it = live_.find(call.query);
  if (it == live_.end() || it->second.pid != process.pid || it->second.has_started) return;
  it->second.has_started = true;
  guards_[call.query].deadline = {};
  const auto noted = ledger_.Commit([&]() -> core::Result<void> {
    if (auto marked = store_.MarkStarted(call.query); !marked) return marked;
    auto seq = ledger_.Append(MakeRecord("command.started", it->second));
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (!noted) End(LiveRow{it->second}, EndedBy::kAgent);  // what cannot be recorded does not go on
}

void Enforcer::OnEnded(const platform::ProcessHandle& process, const wire::EndedCall& call) {
  auto it = live_.find(call.query);
  if (it == live_.end() || it->second.pid != process.pid) return;
  Guard& guard = guards_[call.query];
  if (std::exchange(guard.has_reported_end, true)) return;
  guard.deadline = {};
  wire::Record record = MakeRecord("command.ended", it->second);
  record.exit = DescribeExit(call);
  record.ended_by = EndedByName(EndedBy::kSelf);
  Note(std::move(record));
  // The row stays until the scope is empty: children that were left behind end with the window.
}

void Enforcer::OnEmpty(const std::string& scope) {
  auto it =
      std::ranges::find_if(live_, [&](const auto& entry) { return entry.second.scope == scope; });
  if (it == live_.end()) return;
  const LiveRow live = it->second;
  if (!guards_[live.query].has_reported_end) {
    wire::Record record = MakeRecord("command.ended", live);
    record.ended_by = EndedByName(EndedBy::kKilled);
    Note(std::move(record));
  }
  Forget(live.query);
  (void)containment_.Remove(scope);  // an empty group left behind is taken away at the next start
}

void Enforcer::End(const LiveRow& live, EndedBy by) {
  if (auto ended = containment_.End(live.scope); !ended) {
    wire::Record record = MakeRecord("command.escaped", live);
    record.detail = ended.error().what;
    Note(std::move(record));
    return Schedule();  // and again at the next look
  }
  if (!std::exchange(guards_[live.query].has_reported_end, true)) {
    wire::Record record = MakeRecord("command.ended", live);
    record.ended_by = EndedByName(by);
    Note(std::move(record));
  }
  if (!containment_.WhenEmpty(live.scope, [this, scope = live.scope] { OnEmpty(scope); })) {
    Forget(live.query);
  }
}

void Enforcer::Forget(uint64_t query) {
  live_.erase(query);
  guards_.erase(query);
  // Left in the store by a fault, the row is found empty at the next start.
  (void)ledger_.Commit([&] { return store_.RemoveLive(query); });
}

void Enforcer::Review() {
  const core::TimeView view = time_.View();
  const core::Snapshot snapshot = holdings_.MakeSnapshot(view.now, time_.status_time());
  LatchEnds(snapshot);
  std::vector<std::pair<LiveRow, EndedBy>> over;
  for (auto& [query, live] : live_) {
    const core::Grant* grant = holdings_.FindGrant(live.grant);
    std::optional<core::Reason> why =
        grant != nullptr ? core::WhyOver(snapshot, *grant) : core::Reason::kRevoked;
    if (why == core::Reason::kExpired && Extend(snapshot, live)) continue;
    // Hours may have closed and opened again while nobody looked.
    if (!why && snapshot.now && snapshot.now->hi >= live.until) why = core::Reason::kExpired;
    if (!why) continue;
    const EndedBy by = ByReason(*why);
    if (by == EndedBy::kWindow && !live.is_ended_at_end) continue;
    over.emplace_back(live, by);
  }
  for (const auto& [live, by] : over) End(live, by);
  Schedule();
}

/// The row as it is under a grant that extends the one in whose name it runs.
std::optional<LiveRow> Enforcer::FindExtended(const core::Snapshot& snapshot,
                                              const LiveRow& live) const {
  const core::Grant* before = holdings_.FindGrant(live.grant);
  if (before == nullptr) return std::nullopt;
  const auto& grants = holdings_.GrantsOf(live.user);
  for (const core::Grant* grant : grants) {
    const auto until = core::MayGoOn(snapshot, grants, *before, *grant, live.uid);
    if (!until) continue;
    LiveRow extended = live;
    extended.grant = grant->statement.id;
    extended.until = *until;
    return extended;
  }
  return std::nullopt;
}

/// Lets a command whose window has ended go on in the name of the grant that extends it.
bool Enforcer::Extend(const core::Snapshot& snapshot, LiveRow& live) {
  std::optional<LiveRow> found = FindExtended(snapshot, live);
  if (!found) return false;
  LiveRow extended = *std::move(found);
  const auto kept = ledger_.Commit([&]() -> core::Result<void> {
    if (auto removed = store_.RemoveLive(live.query); !removed) return removed;
    if (auto added = store_.AddLive(extended); !added) return added;
    auto seq = ledger_.Append(MakeRecord("window.extended", extended));
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (!kept) return false;  // what cannot be recorded does not go on
  live = std::move(extended);
  return true;
}

/// An end that was seen is latched, so that no clock brings the grant back.
void Enforcer::LatchEnds(const core::Snapshot& snapshot) {
  if (!snapshot.now) return;
  std::vector<core::Grant*> ended;
  for (const auto& [end, grant] : holdings_.ends()) {
    if (end > snapshot.now->hi) break;
    ended.push_back(grant);
  }
  for (core::Grant* grant : ended) {
    // Denied by its window anyway; if this fails it is tried again at the next look.
    if (!LatchEnd(*grant)) break;
    grant->latch.ended = true;
    holdings_.OnLatched(*grant);
  }
  ForgetOld(snapshot.now->lo - kForgetAfter);
}

/// Grants that ended long ago. Nobody waits for this, and it looks at all of them.
void Enforcer::ForgetOld(core::Instant before) {
  if (!time_.IsSteady()) return;
  const core::Millis boot = platform::BootTime();
  if (boot < forget_next_) return;
  forget_next_ = boot + kForgetEvery;
  std::vector<core::Digest> old;
  for (const auto& grant : holdings_.grants()) {
    const core::Statement& statement = grant->statement;
    if (statement.start_by + statement.duration < before) old.push_back(statement.id);
  }
  if (old.empty()) return;
  if (!ledger_.Commit([&] { return store_.RemoveGrantsEndedBefore(before); })) return;
  for (const core::Digest& id : old) holdings_.RemoveGrant(id);
}

core::Result<void> Enforcer::LatchEnd(core::Grant& grant) {
  core::Latch latch = grant.latch;
  latch.ended = true;
  wire::Record record;
  record.event = "window.ended";
  record.user = grant.statement.subject;
  record.uid = grant.bound_uid;
  record.role = grant.statement.role;
  record.grant = grant.statement.id;
  if (auto window = core::WindowOf(grant)) record.until_ms = core::ToMillis(window->not_after);
  auto latched = ledger_.Commit([&]() -> core::Result<void> {
    if (auto set = store_.SetLatch(grant.statement.id, latch); !set) return set;
    auto seq = ledger_.Append(std::move(record));
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (latched && on_change) on_change();
  return latched;
}

/// Wakes at the next end, and while there is any or anything runs at least once a second.
void Enforcer::Schedule() {
  alarm_ = {};
  if (live_.empty() && holdings_.ends().empty()) return;
  core::Millis wait = kLongestNap;
  const core::TimeView view = time_.View();
  const auto wake_at = [&](core::Instant end) {
    // One that has passed could not be latched: that is tried again, not at once.
    const core::Millis left = end - view.now->hi;
    if (left > core::Millis{0}) wait = std::min(wait, left);
  };
  if (view.now && !holdings_.ends().empty()) wake_at(holdings_.ends().begin()->first);
  if (view.now) {
    for (const auto& [query, live] : live_) wake_at(live.until);
  }
  auto alarm = loop_.AfterBootTime(wait, [this] { Review(); }, platform::Priority::kFirst);
  if (alarm) alarm_ = std::move(*alarm);
}

wire::Record Enforcer::MakeRecord(std::string event, const LiveRow& live) const {
  wire::Record record;
  record.event = std::move(event);
  record.user = live.user;
  record.uid = live.uid;
  record.pid = live.pid;
  record.grant = live.grant;
  record.query = static_cast<int64_t>(live.query);
  record.scope = live.scope;
  record.until_ms = core::ToMillis(live.until);
  if (const core::Grant* grant = holdings_.FindGrant(live.grant))
    record.role = grant->statement.role;
  return record;
}

void Enforcer::Note(wire::Record record) {
  // Nobody waits for it, and what it reports has happened: a full store cannot undo it.
  (void)ledger_.Note(std::move(record));
}

}  // namespace daypass::agent
