// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// org.daypass.Courier: what daypass-sync may do, on courier.sock. It hands documents in and carries
// records and requests out. It is trusted for nothing: what it brings proves itself, and what it
// takes is signed.
#pragma once

#include <memory>
#include <vector>

#include "agent/connection.h"
#include "agent/holdings.h"
#include "agent/importer.h"
#include "agent/ledger.h"
#include "agent/requests.h"
#include "agent/store.h"
#include "agent/time_keeper.h"

namespace daypass::agent {

class CourierService {
 public:
  CourierService(platform::EventLoop& loop, Store& store, Ledger& ledger, const Holdings& holdings,
                 TimeKeeper& time, Importer& importer, Requests& requests,
                 const wire::PrivateKey& host_key);

  /// The table of what courier.sock takes.
  std::vector<Method> Methods();

  /// Tells couriers that wait with State that something changed; many changes become one telling.
  void OnChange();

 private:
  using ConnectionPtr = std::shared_ptr<Connection>;

  void OnState(const ConnectionPtr& connection, wire::Call call);
  void OnNonce(const ConnectionPtr& connection, wire::Call call);
  void OnPut(const ConnectionPtr& connection, wire::Call call);
  void OnTakeRecords(const ConnectionPtr& connection, wire::Call call);
  void OnTakeRequests(const ConnectionPtr& connection, wire::Call call);
  void OnAnswered(const ConnectionPtr& connection, wire::Call call);
  void OnPublicKey(const ConnectionPtr& connection, wire::Call call);
  wire::Json EncodeState() const;
  void Tell();

  platform::EventLoop& loop_;
  Store& store_;
  Ledger& ledger_;
  const Holdings& holdings_;
  TimeKeeper& time_;
  Importer& importer_;
  Requests& requests_;
  const wire::PrivateKey& host_key_;
  std::vector<ConnectionPtr> told_;
  platform::EventLoop::Source tell_;
};

}  // namespace daypass::agent
