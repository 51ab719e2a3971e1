// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// org.daypass.User: small fixed questions of anybody on this host, on user.sock. Who asks is the
// peer's uid, and the account that NSS knows for it; a name in a message is never believed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/connection.h"
#include "agent/enforcer.h"
#include "agent/gate_file.h"
#include "agent/holdings.h"
#include "agent/importer.h"
#include "agent/requests.h"
#include "agent/resolver.h"
#include "agent/time_keeper.h"
#include "agent/waiters.h"

namespace daypass::agent {

class UserService {
 public:
  UserService(platform::EventLoop& loop, Store& store, Ledger& ledger, Holdings& holdings,
              TimeKeeper& time, Resolver& resolver, Importer& importer, Requests& requests,
              Waiters& waiters, Enforcer& enforcer, GateFile& gate);

  /// The table of what user.sock takes.
  std::vector<Method> Methods();

 private:
  using ConnectionPtr = std::shared_ptr<Connection>;
  using WithAccount = std::function<void(const std::string& account)>;

  void OnStatus(const ConnectionPtr& connection, wire::Call call);
  void OnRoles(const ConnectionPtr& connection, wire::Call call);
  void OnRequest(const ConnectionPtr& connection, wire::Call call);
  void OnWait(const ConnectionPtr& connection, wire::Call call);
  void OnDrop(const ConnectionPtr& connection, wire::Call call);
  void OnImport(const ConnectionPtr& connection, wire::Call call);
  void OnExplain(const ConnectionPtr& connection, wire::Call call);

  void FindAccount(const ConnectionPtr& connection, WithAccount next);
  void FindAccount(const ConnectionPtr& connection, uid_t uid, WithAccount next);
  void Explain(const ConnectionPtr& connection, core::Query query,
               const std::vector<platform::Fd>& root_and_cwd);
  bool IsTooOften(const ConnectionPtr& connection);
  core::Result<void> Drop(const std::string& id, const std::string& account, uint32_t uid);

  platform::EventLoop& loop_;
  Store& store_;
  Ledger& ledger_;
  Holdings& holdings_;
  TimeKeeper& time_;
  Resolver& resolver_;
  Importer& importer_;
  Requests& requests_;
  Waiters& waiters_;
  Enforcer& enforcer_;
  GateFile& gate_;
  /// What one uid has made us write, or look up, in the present minute.
  struct Spent {
    core::Millis since{0};
    int count = 0;
  };
  std::map<uid_t, Spent> spent_;
};

}  // namespace daypass::agent
