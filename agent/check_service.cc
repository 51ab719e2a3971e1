// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/check_service.h"

#include <algorithm>

#include "agent/check_facts.h"
#include "agent/wording.h"
#include "core/authority.h"
#include "core/guard.h"
#include "platform/memfd.h"
#include "wire/json_builder.h"

namespace daypass::agent {
namespace {

/// How a grant of this role starts for somebody who waits for it; none: it cannot be waited for.
std::optional<core::StartRule> StartFor(const core::Role& role) {
  for (const core::StartRule rule : {core::StartRule::kApproval, core::StartRule::kFirstUse}) {
    if (std::ranges::find(role.start, rule) != role.start.end()) return rule;
  }
  return std::nullopt;
}

}  // namespace

CheckService::CheckService(platform::EventLoop& loop, Store& store, Ledger& ledger,
                           Holdings& holdings, TimeKeeper& time, Resolver& resolver,
                           Requests& requests, Waiters& waiters, Enforcer& enforcer, GateFile& gate)
    : loop_(loop),
      store_(store),
      ledger_(ledger),
      holdings_(holdings),
      time_(time),
      resolver_(resolver),
      requests_(requests),
      waiters_(waiters),
      enforcer_(enforcer),
      gate_(gate) {}

std::vector<Method> CheckService::Methods() {
  auto on = [this](void (CheckService::*handler)(const ConnectionPtr&, wire::Call)) {
    return [this, handler](const ConnectionPtr& connection, wire::Call call) {
      (this->*handler)(connection, std::move(call));
    };
  };
  return {
      {.name = wire::kWatchMethod, .handler = on(&CheckService::OnWatch)},
      {.name = wire::kCommandMethod, .handler = on(&CheckService::OnCommand)},
      {.name = wire::kAccountMethod, .handler = on(&CheckService::OnAccount)},
      {.name = wire::kAskMethod, .handler = on(&CheckService::OnAsk)},
      {.name = wire::kStartedMethod, .handler = on(&CheckService::OnStarted), .is_last_word = true},
      {.name = wire::kEndedMethod, .handler = on(&CheckService::OnEnded), .is_last_word = true},
  };
}

void CheckService::Deny(const ConnectionPtr& connection, const core::Error& error) {
  wire::VerdictReply reply;
  reply.reason = error.code;
  reply.text = "not allowed: " + error.what;
  connection->Reply(wire::EncodeVerdict(reply).get());
}

void CheckService::OnWatch(const ConnectionPtr& connection, wire::Call call) {
  core::Result<wire::WatchCall> watch = wire::ParseWatch(call.parameters.get());
  if (!watch || static_cast<pid_t>(watch->pid) != connection->process().pid) {
    connection->Fail({core::Reason::kPeerRefused, "Watch: pid is not the asker's own", "pid"});
    return connection->Close();
  }
  enforcer_.Watch(connection);
  connection->Reply(wire::EncodeWatchEvent({}).get(), /*continues=*/true);
}

void CheckService::OnStarted(const ConnectionPtr& connection, wire::Call call) {
  if (auto started = wire::ParseStarted(call.parameters.get())) {
    enforcer_.OnStarted(connection->process(), *started);
  }
}

void CheckService::OnEnded(const ConnectionPtr& connection, wire::Call call) {
  if (auto ended = wire::ParseEnded(call.parameters.get())) {
    enforcer_.OnEnded(connection->process(), *ended);
  }
}

void CheckService::OnCommand(const ConnectionPtr& connection, wire::Call call) {
  std::vector<platform::Fd> fds = connection->TakeFds();
  core::Result<wire::CommandCall> command = wire::ParseCommand(call.parameters.get());
  if (std::optional<size_t> index = wire::MemfdIndex(call.parameters.get())) {
    if (*index >= fds.size()) {
      return connection->Fail({core::Reason::kProtocol, "the arguments did not arrive", "memfd"});
    }
    core::Result<std::string> bytes =
        platform::ReadSealedMemfd(fds[*index].get(), wire::kMaxMemfdParametersBytes);
    if (!bytes) return connection->Fail(bytes.error());
    command = wire::ParseCommandBytes(*bytes);
  }
  if (!command) return connection->Fail(command.error());
  if (auto caller = CheckCaller(*connection, *command); !caller)
    return connection->Fail(caller.error());
  DecideCommand(connection, std::move(*command), std::move(fds));
}

/// The message's uid must be the real uid of the asking process. sudoedit has changed its own by
/// then; what it had when its Watch began counts.
core::Result<void> CheckService::CheckCaller(const Connection& connection,
                                             const wire::CommandCall& call) const {
  core::Result<platform::ProcessFacts> facts = platform::ReadProcessFacts(connection.process());
  if (!facts) return std::move(facts).error();
  const uid_t real = enforcer_.WatchedUid(connection.process()).value_or(facts->real_uid);
  if (real == call.uid) return {};
  return core::Error{core::Reason::kPeerRefused,
                     "uid: the asking process belongs to uid " + std::to_string(real), "uid"};
}

void CheckService::DecideCommand(const ConnectionPtr& connection, wire::CommandCall call,
                                 std::vector<platform::Fd> fds) {
  Pending pending;
  pending.connection = connection;
  pending.query = QueryOf(call);
  pending.record = RecordOf(call, connection->process());
  if (call.uid == 0) pending.word = Word::kRoot;
  pending.contains = !call.subcommand && !enforcer_.HasLive(connection->process());
  if (call.subcommand) pending.query.parent = FindParent(call, connection->process());
  if (pending.word == Word::kRoot) return Queue(std::move(pending));
  PathPlan plan = PlanPaths(holdings_.policy(), pending.query);
  if (fds.size() < 2) {
    return connection->Fail({core::Reason::kProtocol, "the two descriptors did not arrive", {}});
  }
  resolver_.Resolve(fds[0].get(), fds[1].get(), plan.questions,
                    [this, plan, pending = std::move(pending)](
                        core::Result<std::vector<core::PathFact>> facts) mutable {
                      if (!facts) return pending.connection->Fail(facts.error());
                      FillIn(plan, std::move(*facts), pending.query);
                      Queue(std::move(pending));
                    });
}

/// From the store, so that it outlives this process. Whoever's parent cannot be found is nobody's
/// child, to whom nothing is allowed.
core::Parent CheckService::FindParent(const wire::CommandCall& call,
                                      const platform::ProcessHandle& process) {
  if (call.parent == 0 || call.uid == 0) return {};
  const core::Result<std::optional<wire::Record>> record = ledger_.Find(call.parent);
  if (!record || !*record) return {};
  core::Parent parent = ParentOf(**record, process, ledger_.moment().boot_id);
  // A command that was extended runs in the name of the later grant.
  const auto live = enforcer_.live().find(call.parent);
  if (!parent.grant.empty() && live != enforcer_.live().end()) parent.grant = live->second.grant;
  return parent;
}

void CheckService::OnAccount(const ConnectionPtr& connection, wire::Call call) {
  core::Result<wire::AccountCall> account = wire::ParseAccount(call.parameters.get());
  if (!account) return connection->Fail(account.error());
  if (account->door == core::Door::kSudo && enforcer_.IsWatched(connection->process())) {
    // The exact gate, or the audit plugin's veto, decides; so that -l and -v work.
    wire::VerdictReply reply;
    reply.verdict = reply.effect = core::Verdict::kAllow;
    reply.reason = core::Reason::kGranted;
    return connection->Reply(wire::EncodeVerdict(reply).get());
  }
  Pending pending;
  pending.connection = connection;
  pending.query = QueryOf(*account);
  pending.record = RecordOf(*account, connection->process());
  if (account->phase != wire::AccountPhase::kAccount) pending.word = Word::kSession;
  if (pending.query.uid == 0 && !core::IsLogin(account->door)) pending.word = Word::kRoot;
  Queue(std::move(pending));
}

/// What the sudo that is denied may ask for at its own terminal.
void CheckService::Offer(Pending& pending, const std::vector<const core::Role*>& roles) const {
  if (pending.query.mode == core::Mode::kAccount) return;
  for (const core::Role* role : roles) {
    if (!StartFor(*role)) continue;
    if (pending.reply.offers.size() == wire::kMaxOffers) return;
    const RequestRow* asked = requests_.FindPending(pending.query.uid, role->name);
    pending.reply.offers.push_back(
        {.role = role->name,
         .longest = core::MaxDurationOn(*holdings_.policy(), *role, holdings_.host().name,
                                        holdings_.host().labels),
         .guarded_by = core::GuardLine(*holdings_.policy(), *role).substr(0, wire::kMaxGuardBytes),
         .ticket = role->server ? role->server->ticket : "",
         .pending = asked == nullptr ? "" : core::ShortId(asked->id)});
  }
}

/// In the name of whoever this very sudo was denied for; what is asked already is waited for.
void CheckService::OnAsk(const ConnectionPtr& connection, wire::Call call) {
  core::Result<wire::AskCall> ask = wire::ParseAsk(call.parameters.get());
  if (!ask) return connection->Fail(ask.error());
  const core::Result<std::optional<wire::Record>> record = ledger_.Find(ask->query);
  if (!record || !*record ||
      !IsDenialOf(**record, connection->process(), ledger_.moment().boot_id)) {
    return connection->Fail({core::Reason::kPeerRefused,
                             "query: is no denial that the asking process was given", "query"});
  }
  const auto uid = static_cast<uint32_t>(*(*record)->uid);
  const RequestRow* asked =
      ask->pending.empty() ? requests_.FindPending(uid, ask->role) : requests_.Find(ask->pending);
  if (asked != nullptr && asked->uid == uid) return waiters_.Add(connection, asked->id);
  if (!ask->pending.empty()) {
    return connection->Fail(
        {core::Reason::kNotFound, "no request of yours has that id", "pending"});
  }
  Ask wanted;
  wanted.role = ask->role;
  wanted.duration = ask->duration;
  wanted.reason = ask->reason;
  wanted.ticket = ask->ticket;
  const core::Role* role =
      holdings_.policy() == nullptr ? nullptr : core::FindRole(*holdings_.policy(), ask->role);
  if (role != nullptr) wanted.start = StartFor(*role).value_or(core::StartRule::kApproval);
  core::Result<core::Statement> made = requests_.Make(wanted, (*record)->user, uid);
  if (!made) return connection->Fail(made.error());
  waiters_.Add(connection, made->id);
}

void CheckService::Queue(Pending pending) {
  pending_.push_back(std::move(pending));
  if (flush_) return flush_.Arm();
  auto flush = loop_.Defer([this] { Flush(); });
  if (flush) {
    flush_ = std::move(*flush);
  } else {
    Flush();
  }
}

/// One commit for all that came in meanwhile. What could not be made durable is denied.
void CheckService::Flush() {
  std::vector<Pending> batch = std::exchange(pending_, {});
  if (batch.empty()) return;
  undo_.clear();
  const core::Result<void> committed = ledger_.Commit([&]() -> core::Result<void> {
    for (Pending& pending : batch) {
      if (auto recorded = DecideAndRecord(pending); !recorded) return recorded;
    }
    return {};
  });
  if (!committed) {
    for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) it->first->latch = it->second;
  } else {
    for (const auto& [grant, before] : undo_) holdings_.OnLatched(*grant);
  }
  for (Pending& pending : batch) {
    if (!committed) Refuse(pending, committed.error());
    Answer(std::move(pending));
  }
}

/// What could not be recorded is denied; root and the exempt are not locked out by a full disk.
void CheckService::Refuse(Pending& pending, const core::Error& why) {
  pending.live.reset();
  pending.reply = {};
  pending.decision = {};
  pending.decision.reason = core::Reason::kStoreUnavailable;
  if (std::optional<core::Reason> free = FreePass(pending)) {
    pending.decision.verdict = core::Verdict::kAllow;
    pending.decision.reason = *free;
  } else {
    pending.reply.text = "not allowed: " + why.what;
  }
  ApplyMode(pending);
}

/// Why somebody passes without a grant: root for itself, an account that root has exempted at this
/// door, or a session that is only reported.
std::optional<core::Reason> CheckService::FreePass(const Pending& pending) {
  if (pending.word == Word::kRoot) return core::Reason::kRoot;
  if (pending.word == Word::kSession) return core::Reason::kGranted;
  const bool is_exempt = wire::IsExempt(gate_.Read(), pending.query.user, pending.query.door);
  return is_exempt ? std::optional(core::Reason::kExempt) : std::nullopt;
}

/// By a grant if one allows it, so that the record names it; else by a free pass.
core::Decision CheckService::DecideFor(const Pending& pending, const core::Snapshot& snapshot) {
  core::Decision decision;
  if (pending.word != Word::kRoot && pending.word != Word::kSession) {
    decision = core::Decide(snapshot, holdings_.GrantsOf(pending.query.user), pending.query);
    if (core::IsAllow(decision)) return decision;
  }
  if (std::optional<core::Reason> free = FreePass(pending)) {
    decision = {};
    decision.verdict = core::Verdict::kAllow;
    decision.reason = *free;
  }
  return decision;
}

core::Result<void> CheckService::DecideAndRecord(Pending& pending) {
  const core::TimeView view = time_.View();
  const core::Snapshot snapshot = holdings_.MakeSnapshot(view.now, time_.status_time());
  pending.decision = DecideFor(pending, snapshot);
  const core::Decision& decision = pending.decision;
  if (auto latched = Latch(decision); !latched) return latched;
  if (!core::IsAllow(decision)) {
    Wording wording = Explain(snapshot, pending.query, decision);
    pending.reply.text = std::move(wording.text);
    pending.reply.hint = std::move(wording.hint);
    Offer(pending, wording.roles);
  }
  if (decision.until && view.now) {
    pending.reply.until = decision.until;
    pending.reply.remaining = std::max(core::Millis{0}, *decision.until - view.now->hi);
  }
  ApplyMode(pending);
  Prepare(pending);
  core::Result<uint64_t> seq = ledger_.Append(pending.record);
  if (!seq) return std::move(seq).error();
  pending.reply.query = *seq;
  if (!pending.live) return {};
  return enforcer_.AddLive(*pending.live);
}

/// First use and counted use are burnt in the transaction of the allow.
core::Result<void> CheckService::Latch(const core::Decision& decision) {
  if (!core::IsAllow(decision)) return {};
  core::Grant* grant = holdings_.FindGrant(decision.grant);
  if (grant == nullptr || (!decision.starts && !decision.spends)) return {};
  undo_.emplace_back(grant, grant->latch);
  if (decision.starts) grant->latch.started = decision.starts;
  if (decision.spends) ++grant->latch.uses_spent;
  return store_.SetLatch(decision.grant, grant->latch);
}

/// What follows from the verdict: obeyed while enforcing, else let through.
void CheckService::ApplyMode(Pending& pending) {
  wire::VerdictReply& reply = pending.reply;
  reply.verdict = pending.decision.verdict;
  reply.effect = gate_.Read().permissive ? core::Verdict::kAllow : reply.verdict;
  reply.reason = pending.decision.reason;
  reply.grant = pending.decision.grant.empty() ? "" : core::ShortId(pending.decision.grant);
}

/// The record's outcome and, for what must end with its grant, its live row.
void CheckService::Prepare(Pending& pending) {
  const core::Decision& decision = pending.decision;
  FillOutcome(pending.reply, decision, pending.record);
  pending.record.query = static_cast<int64_t>(ledger_.last_seq() + 1);  // its own number
  const core::Grant* grant = holdings_.FindGrant(decision.grant);
  if (grant != nullptr) {
    pending.record.requester = grant->statement.requester;
    pending.record.approvers = holdings_.DescribeApprovers(*grant);
    pending.record.ticket = grant->statement.ticket;
    pending.record.why = grant->statement.reason;
  }
  const bool is_command = pending.query.mode != core::Mode::kAccount;
  const bool runs_by_grant = core::IsAllow(decision) && grant != nullptr && is_command;
  if (!runs_by_grant || !pending.contains || gate_.Read().permissive) return;
  const core::Role* role = core::FindRole(*holdings_.policy(), decision.role);
  if (role->unwatched) return;
  const platform::ProcessHandle& process = pending.connection->process();
  const uint64_t number = ledger_.last_seq() + 1;
  pending.live = LiveRow{number,
                         decision.grant,
                         ScopeName(core::ShortId(decision.grant), number),
                         pending.query.user,
                         pending.query.uid,
                         process.pid,
                         process.start_ticks,
                         time_.boot_id(),
                         *decision.until,
                         role->on_end != core::OnEnd::kNotify,
                         false};
  pending.record.scope = pending.live->scope;
}

void CheckService::Answer(Pending pending) {
  if (!pending.live) return Send(pending);
  const LiveRow live = *pending.live;
  const ConnectionPtr connection = pending.connection;
  enforcer_.Contain(live, connection->process(),
                    [this, pending = std::move(pending)](core::Result<void> contained) mutable {
                      if (!contained) {
                        const core::Error why{
                            core::Reason::kContainmentFailed, contained.error().what, {}};
                        wire::Record record = pending.record;
                        record.event = "decision.denied";
                        record.verdict = record.effect = "deny";
                        record.reason = core::ReasonName(why.code);
                        record.detail = why.what;
                        record.query = static_cast<int64_t>(pending.reply.query);
                        (void)ledger_.Note(std::move(record));  // the deny stands either way
                        return Deny(pending.connection, why);
                      }
                      Send(pending);
                    });
}

void CheckService::Send(const Pending& pending) {
  pending.connection->Reply(wire::EncodeVerdict(pending.reply).get());
}

}  // namespace daypass::agent
