// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/user_service.h"

#include <algorithm>

#include "agent/check_facts.h"
#include "agent/user_calls.h"
#include "agent/user_views.h"
#include "platform/clock.h"
#include "platform/memfd.h"
#include "wire/envelope.h"
#include "wire/ipc_check.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kMinute{60'000};
constexpr int kMaxAMinute = 30;
constexpr size_t kMaxForeignBytes = size_t{1} << 20;  // of a document that somebody but root brings

core::Error Fault(core::Reason code, std::string what) {
  return {code, std::move(what), {}};
}

}  // namespace

UserService::UserService(platform::EventLoop& loop, Store& store, Ledger& ledger,
                         Holdings& holdings, TimeKeeper& time, Resolver& resolver,
                         Importer& importer, Requests& requests, Waiters& waiters,
                         Enforcer& enforcer, GateFile& gate)
    : loop_(loop),
      store_(store),
      ledger_(ledger),
      holdings_(holdings),
      time_(time),
      resolver_(resolver),
      importer_(importer),
      requests_(requests),
      waiters_(waiters),
      enforcer_(enforcer),
      gate_(gate) {}

std::vector<Method> UserService::Methods() {
  auto on = [this](void (UserService::*handler)(const ConnectionPtr&, wire::Call)) {
    return [this, handler](const ConnectionPtr& connection, wire::Call call) {
      (this->*handler)(connection, std::move(call));
    };
  };
  return {
      {.name = "org.daypass.User.Status", .handler = on(&UserService::OnStatus)},
      {.name = "org.daypass.User.Roles", .handler = on(&UserService::OnRoles)},
      {.name = "org.daypass.User.Request", .handler = on(&UserService::OnRequest)},
      {.name = "org.daypass.User.Wait", .handler = on(&UserService::OnWait)},
      {.name = "org.daypass.User.Drop", .handler = on(&UserService::OnDrop)},
      {.name = "org.daypass.User.Import", .handler = on(&UserService::OnImport)},
      {.name = "org.daypass.User.Explain", .handler = on(&UserService::OnExplain)},
  };
}

void UserService::FindAccount(const ConnectionPtr& connection, WithAccount next) {
  FindAccount(connection, connection->credentials().uid, std::move(next));
}

void UserService::FindAccount(const ConnectionPtr& connection, uid_t uid, WithAccount next) {
  resolver_.FindAccount(uid, [connection, uid, next = std::move(next)](
                                 core::Result<std::optional<std::string>> account) {
    if (!account) return connection->Fail(account.error());
    if (!*account) {
      return connection->Fail(Fault(core::Reason::kWrongSubject,
                                    "uid " + std::to_string(uid) + " has no account on this host"));
    }
    next(**account);
  });
}

/// Requests and imports are written down, refused ones too: nobody fills the disk with them. And
/// nobody keeps the resolver's helpers from everybody's sudo with paths to explain.
bool UserService::IsTooOften(const ConnectionPtr& connection) {
  const core::Millis now = platform::BootTime();
  Spent& spent = spent_[connection->credentials().uid];
  if (now - spent.since > kMinute) spent = {now, 0};
  if (++spent.count <= kMaxAMinute) return false;
  connection->Fail(
      Fault(core::Reason::kTooMany, "more than " + std::to_string(kMaxAMinute) +
                                        " requests, imports and questions why in a minute; try "
                                        "again in a minute"));
  return true;
}

void UserService::OnStatus(const ConnectionPtr& connection, wire::Call /*call*/) {
  FindAccount(connection, [this, connection](const std::string& account) {
    const core::TimeView view = time_.View();
    const core::Snapshot snapshot = holdings_.MakeSnapshot(view.now, time_.status_time());
    const wire::Json status =
        EncodeStatusView(snapshot, view, gate_.Read().permissive, account,
                         connection->credentials().uid, holdings_, requests_, enforcer_.live());
    connection->Reply(status.get());
  });
}

void UserService::OnRoles(const ConnectionPtr& connection, wire::Call /*call*/) {
  FindAccount(connection, [this, connection](const std::string& account) {
    const core::Snapshot snapshot = holdings_.MakeSnapshot(time_.View().now, time_.status_time());
    connection->Reply(EncodeRolesView(snapshot, account).get());
  });
}

void UserService::OnRequest(const ConnectionPtr& connection, wire::Call call) {
  if (IsTooOften(connection)) return;
  core::Result<Ask> ask = ParseRequestCall(call.parameters.get());
  if (!ask) return connection->Fail(ask.error());
  FindAccount(connection, [this, connection, ask = std::move(*ask)](const std::string& account) {
    core::Result<core::Statement> made =
        requests_.Make(ask, account, connection->credentials().uid);
    if (!made) return connection->Fail(made.error());
    const wire::Json reply = wire::ObjectBuilder()
                                 .String("id", made->id)
                                 .String("short", core::ShortId(made->id))
                                 .Instant("start_by_ms", made->start_by)
                                 .Take();
    connection->Reply(reply.get());
  });
}

void UserService::OnWait(const ConnectionPtr& connection, wire::Call call) {
  core::Result<std::string> id = ParseIdCall(call.parameters.get());
  if (!id) return connection->Fail(id.error());
  FindAccount(connection, [this, connection, id = std::move(*id)](const std::string& /*account*/) {
    const RequestRow* request = requests_.Find(id);
    if (request == nullptr || request->uid != connection->credentials().uid) {
      return connection->Fail(
          Fault(core::Reason::kNoGrant, "no request of yours has the id " + id));
    }
    waiters_.Add(connection, request->id);
  });
}

void UserService::OnDrop(const ConnectionPtr& connection, wire::Call call) {
  core::Result<std::string> id = ParseIdCall(call.parameters.get());
  if (!id) return connection->Fail(id.error());
  FindAccount(connection, [this, connection, id = std::move(*id)](const std::string& account) {
    core::Result<void> dropped = Drop(id, account, connection->credentials().uid);
    if (!dropped) return connection->Fail(dropped.error());
    connection->Reply(wire::ObjectBuilder().Take().get());
    enforcer_.Review();
    waiters_.TellAll();
  });
}

core::Result<void> UserService::Drop(const std::string& id, const std::string& account,
                                     uint32_t uid) {
  core::Grant* grant = holdings_.FindGrantByAnyId(id);
  if (grant == nullptr || grant->statement.subject != account || grant->bound_uid != uid) {
    return Fault(core::Reason::kNoGrant, "no grant of yours has the id " + id);
  }
  if (grant->latch.dropped) return {};
  core::Latch latch = grant->latch;
  latch.dropped = true;
  wire::Record record;
  record.event = "grant.dropped";
  record.user = account;
  record.uid = uid;
  record.role = grant->statement.role;
  record.grant = grant->statement.id;
  auto stored = ledger_.Commit([&]() -> core::Result<void> {
    if (auto set = store_.SetLatch(grant->statement.id, latch); !set) return set;
    auto seq = ledger_.Append(std::move(record));
    return seq ? core::Result<void>{} : std::move(seq).error();
  });
  if (stored) grant->latch = latch;
  return stored;
}

/// What proves itself by its signatures may come from anybody's hand; but reading what is very
/// large holds up everybody's sudo.
void UserService::OnImport(const ConnectionPtr& connection, wire::Call /*call*/) {
  if (IsTooOften(connection)) return;
  std::vector<platform::Fd> fds = connection->TakeFds();
  if (fds.size() != 1)
    return connection->Fail(Fault(core::Reason::kProtocol, "Import: one descriptor"));
  const bool is_root = connection->credentials().uid == 0;
  core::Result<std::string> bytes = platform::ReadSealedMemfd(
      fds[0].get(), is_root ? wire::kMaxPolicyBytes * 2 : kMaxForeignBytes);
  if (!bytes) return connection->Fail(bytes.error());
  core::Result<std::string> type = wire::ClaimedType(*bytes);
  if (!type) return connection->Fail(type.error());
  auto reply = [connection, type = *type](const core::Result<Imported>& imported) {
    if (!imported) return connection->Fail(imported.error());
    const wire::Json json = wire::ObjectBuilder()
                                .String("type", type)
                                .String("id", imported->id)
                                .String("text", imported->text)
                                .Take();
    connection->Reply(json.get());
  };
  if (*type == "policy") return reply(importer_.ImportPolicy(*bytes));
  if (*type == "grant") return importer_.ImportGrant(std::move(*bytes), reply);
  connection->Fail(
      Fault(core::Reason::kWrongNamespace, "Import takes a policy or a grant, not a " + *type));
}

/// What a sudo of this command would be told now. Decides, but nothing is spent, begun or recorded.
void UserService::OnExplain(const ConnectionPtr& connection, wire::Call call) {
  if (IsTooOften(connection)) return;
  std::vector<platform::Fd> fds = connection->TakeFds();
  core::Result<wire::CommandCall> command = wire::ParseCommand(call.parameters.get());
  if (!command) return connection->Fail(command.error());
  if (fds.size() != 2)
    return connection->Fail(Fault(core::Reason::kProtocol, "Explain: two descriptors"));
  const uid_t asker = connection->credentials().uid;
  if (asker != 0 && asker != command->uid) {
    return connection->Fail(
        Fault(core::Reason::kNotYours, "only root may ask what another account is allowed to do"));
  }
  // std::function wants to be copied, which descriptors are not.
  auto shared = std::make_shared<std::vector<platform::Fd>>(std::move(fds));
  FindAccount(connection, command->uid,
              [this, connection, shared, query = QueryOf(*command)](const std::string& account) {
                core::Query asked = query;
                asked.user = account;
                Explain(connection, std::move(asked), *shared);
              });
}

void UserService::Explain(const ConnectionPtr& connection, core::Query query,
                          const std::vector<platform::Fd>& root_and_cwd) {
  PathPlan plan = PlanPaths(holdings_.policy(), query);
  resolver_.Resolve(
      root_and_cwd[0].get(), root_and_cwd[1].get(), plan.questions,
      [this, connection, plan,
       query = std::move(query)](core::Result<std::vector<core::PathFact>> facts) mutable {
        if (!facts) return connection->Fail(facts.error());
        FillIn(plan, std::move(*facts), query);
        const core::Snapshot snapshot =
            holdings_.MakeSnapshot(time_.View().now, time_.status_time());
        connection->Reply(EncodeExplanation(snapshot, holdings_.GrantsOf(query.user), query).get());
      });
}

}  // namespace daypass::agent
