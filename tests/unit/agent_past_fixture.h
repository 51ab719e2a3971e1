// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A host with a past: one grant in each state that a store must never forget, and records enough to
// fill some pages. What a test then does to its files must not bring any of them back.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>

#include "core/decision.h"
#include "tests/unit/agent_fixture.h"

namespace daypass::agent {

class PastTest : public AgentTest {
 protected:
  static constexpr std::array kNames = {"open", "revoked", "dropped", "ended", "used"};

  core::Digest Take(const std::string& name) {
    core::Statement statement = Statement();
    statement.reason = name;
    if (name == "used") statement.uses = 1;
    envelopes_[name] = Approved(statement);
    auto taken = ImportGrant(envelopes_[name]);
    EXPECT_TRUE(taken) << taken.error().what;
    return taken ? ids_[name] = taken->id : core::Digest();
  }

  /// As its subject, the enforcer or the check that used it up would.
  void Latch(const std::string& name, const std::function<void(core::Latch&)>& change) {
    core::Grant* const grant = holdings_->FindGrant(ids_.at(name));
    change(grant->latch);
    ASSERT_TRUE(
        ledger_->Commit([&] { return store_->SetLatch(grant->statement.id, grant->latch); }));
  }

  void Note(const std::string& event, const std::string& detail = "") {
    wire::Record record;
    record.event = event;
    record.detail = detail;
    ASSERT_TRUE(ledger_->Note(std::move(record)));
  }

  void MakePast() {
    MakeReady();
    for (const char* name : kNames) Take(name);
    revoked_ = {{ids_.at("revoked"), "", platform::WallTime()}};
    ASSERT_TRUE(importer_->ImportStatus(SignedStatus(platform::WallTime())));
    Latch("dropped", [](core::Latch& latch) { latch.dropped = true; });
    Latch("ended", [](core::Latch& latch) { latch.ended = true; });
    Latch("used", [](core::Latch& latch) { latch.uses_spent = 1; });
    for (int i = 0; i < 40; ++i) Note("decision.denied", std::string(300, 'x'));
  }

  /// What a check by this grant alone would be told.
  core::Decision Ask(const std::string& name) {
    core::Query query;
    query.user = "daemon";
    query.uid = 1;
    query.command = "/usr/bin/systemctl";
    query.command_path = {"/usr/bin/systemctl", true, "", ""};
    query.args = {"restart", "nginx"};
    query.runas_user = "root";
    const core::Grant* const grant = holdings_->FindGrant(ids_.at(name));
    if (grant == nullptr) return {};
    return core::Decide(holdings_->MakeSnapshot(time_->View().now, time_->status_time()),
                        {&grant, 1}, query);
  }
  bool Allows(const std::string& name) { return core::IsAllow(Ask(name)); }

  core::Result<wire::ChainHead> VerifyChain() {
    std::vector<wire::StoredRecord> all;
    while (true) {
      auto some = store_->RecordsAfter(all.size(), 1000);
      if (!some) return some.error();
      if (some->empty()) break;
      std::ranges::move(*some, std::back_inserter(all));
    }
    return wire::VerifyChain({kRealm, "web-1", 0, wire::kNoPrev}, all, keys_.host.public_key());
  }

  /// The store's files as they are now: with log and index, as whoever is killed leaves them.
  void CopyFiles(const std::string& to) const {
    std::filesystem::create_directories(to);
    for (const char* file : {"/agent.db", "/agent.db-wal", "/agent.db-shm"}) {
      std::filesystem::remove(to + file);
      if (std::filesystem::exists(folder_ + file)) {
        std::filesystem::copy_file(folder_ + file, to + file);
      }
    }
  }

  std::map<std::string, core::Digest> ids_;
  std::map<std::string, std::string> envelopes_;
};

}  // namespace daypass::agent
