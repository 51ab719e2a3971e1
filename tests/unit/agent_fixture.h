// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One host of the agent for tests: a real store, a real resolver, real signatures. The subject is
// the account "daemon", which every Debian has; bob approves, two administrators sign policies.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "agent/importer.h"
#include "agent/ledger.h"
#include "agent/requests.h"
#include "agent/resolver.h"
#include "agent/store.h"
#include "agent/time_keeper.h"
#include "platform/clock.h"
#include "platform/event_loop.h"
#include "wire/digest.h"
#include "wire/open.h"
#include "wire/policy.h"
#include "wire/statement.h"
#include "wire/status.h"

namespace daypass::agent {

inline const std::string kRealm = "00112233445566778899aabbccddeeff";

struct Keys {
  wire::PrivateKey ann = wire::PrivateKey::Generate();
  wire::PrivateKey ben = wire::PrivateKey::Generate();
  wire::PrivateKey bob = wire::PrivateKey::Generate();
  wire::PrivateKey server = wire::PrivateKey::Generate();
  wire::PrivateKey host = wire::PrivateKey::Generate();
};

inline std::string KeyJson(const wire::PrivateKey& key, const std::string& uses) {
  return R"([{"key":")" + key.public_key().line + R"(","uses":[)" + uses + "]}]";
}

/// `extra`: put into the role's command, to make another role of the same name.
inline std::string PolicyPayload(const Keys& keys, int version, const std::string& unit = "nginx",
                                 const std::string& realm = kRealm) {
  return R"({"realm":")" + realm + R"(","format":1,"type":"policy","version":)" +
         std::to_string(version) +
         R"(,"previous":"","created_ms":1700000000000,"expires_ms":4000000000000,)"
         R"("administrators":{"threshold":2,"people":["ann","ben"]},"server":{"status_keys":[")" +
         keys.server.public_key().line +
         R"("],"automatic_keys":[]},"limits":{"max_duration_s":28800,"max_pending_s":86400,)"
         R"("max_offline_s":3600},"people":[{"name":"ann","accounts":[],"groups":[],"keys":)" +
         KeyJson(keys.ann, R"("administer")") +
         R"(},{"name":"ben","accounts":[],"groups":[],"keys":)" +
         KeyJson(keys.ben, R"("administer")") +
         R"(},{"name":"bob","accounts":["bob"],"groups":["ops"],"keys":)" +
         KeyJson(keys.bob, R"("approve")") +
         R"(},{"name":"dan","accounts":["daemon"],"groups":["web"],"keys":[]}],)"
         R"("roles":[{"name":"web","description":"web","hosts":{"names":["web-1","web-2"]},)"
         R"("doors":["sudo"],"run_as":{"users":["root"],"groups":[]},)"
         R"("rules":[{"id":"restart","path":"/usr/bin/systemctl","args":[{"is":"restart"},{"is":")" +
         unit +
         R"("}],"rest":"none"}],"max_duration_s":3600,"max_offline_s":3600,)"
         R"("start":["approval","first_use"],"on_end":"terminate","subjects":{"groups":["web"]},)"
         R"("approve":[{"count":1,"groups":["ops"],"keys":"any"}]}]})";
}

inline std::string SealBy(const std::vector<const wire::PrivateKey*>& keys, const std::string& type,
                          const std::string& payload) {
  wire::Envelope envelope{type, payload, {}};
  for (const wire::PrivateKey* key : keys) {
    envelope.signatures.push_back(wire::Sign(*key, wire::NamespaceOf(type), payload));
  }
  return wire::EncodeEnvelope(envelope);
}

class AgentTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "daypass-agent-XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    auto helpers = ForkResolverHelpers();
    ASSERT_TRUE(helpers);
    auto loop = platform::EventLoop::Make();
    ASSERT_TRUE(loop);
    loop_ = std::make_unique<platform::EventLoop>(std::move(*loop));
    auto resolver = Resolver::Make(*loop_, std::move(*helpers), [] { FAIL() << "helpers lost"; });
    ASSERT_TRUE(resolver);
    resolver_ = std::move(*resolver);
    Start();
  }
  void TearDown() override {
    Stop();
    resolver_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Everything that a restart of the agent builds anew from the store.
  void Start() {
    auto store = Store::Open(folder_ + "/agent.db");
    ASSERT_TRUE(store) << store.error().what;
    Start(std::move(*store));
  }
  void Start(Store store) {
    store_ = std::make_unique<Store>(std::move(store));
    holdings_ = std::make_unique<Holdings>(core::HostIdentity{kRealm, "web-1", {}});
    auto time = TimeKeeper::Load(*store_);
    ASSERT_TRUE(time);
    time_ = std::make_unique<TimeKeeper>(std::move(*time));
    auto ledger = Ledger::Make(*store_, holdings_->host(), keys_.host);
    ASSERT_TRUE(ledger);
    ledger_ = std::move(*ledger);
    ledger_->moment = [this] {
      return Moment{std::string(32, 'b'),
                    time_->BestGuess(),
                    platform::BootTime(),
                    "anchored",
                    "enforce",
                    {},
                    "fresh"};
    };
    importer_ =
        std::make_unique<Importer>(*store_, *ledger_, *holdings_, *time_, *resolver_, pinned_);
    auto loaded = importer_->Load();
    ASSERT_TRUE(loaded) << loaded.error().what;
  }
  void Stop() {
    importer_.reset();
    ledger_.reset();
    time_.reset();
    holdings_.reset();
    store_.reset();
  }

  std::string SignedPolicy(int version, const std::string& unit = "nginx") const {
    return SealBy({&keys_.ann, &keys_.ben}, "policy", PolicyPayload(keys_, version, unit));
  }
  std::string SignedStatus(core::Instant time) {
    core::Status status;
    status.realm = kRealm;
    status.host = "web-1";
    status.number = time_->DrawNumber();
    status.time = time;
    status.policy_version = 1;
    status.revoked = revoked_;
    status.receipt.digest = wire::kNoPrev;
    return wire::Seal(keys_.server, "status", wire::EncodeStatus(status));
  }
  /// A host that holds policy 1 and knows the time.
  void MakeReady() {
    auto policy = importer_->ImportPolicy(SignedPolicy(1));
    ASSERT_TRUE(policy) << policy.error().what;
    auto status = importer_->ImportStatus(SignedStatus(platform::WallTime()));
    ASSERT_TRUE(status) << status.error().what;
  }

  core::Statement Statement() const {
    core::Statement statement;
    statement.realm = kRealm;
    statement.subject = statement.requester = "daemon";
    statement.role = "web";
    statement.role_digest = holdings_->policy()->roles.front().digest;
    statement.policy_version = 1;
    statement.hosts = {"web-1"};
    statement.duration = core::Seconds{600};
    statement.created = platform::WallTime();
    statement.start_by = statement.created + core::Seconds{3600};
    statement.reason = "a test";
    return statement;
  }
  std::string Approved(const core::Statement& statement) const {
    return SealBy({&keys_.bob}, "grant", wire::EncodeStatement(statement, std::string(32, '1')));
  }
  core::Result<Imported> ImportGrant(const std::string& bytes) {
    std::optional<core::Result<Imported>> answer;
    importer_->ImportGrant(bytes,
                           [&](core::Result<Imported> result) { answer = std::move(result); });
    for (int i = 0; i < 100 && !answer; ++i) (void)loop_->RunOnce(core::Millis{50});
    if (!answer) return core::Error{core::Reason::kInternal, "no answer", {}};
    return std::move(*answer);
  }
  std::vector<std::string> Events() {
    std::vector<std::string> events;
    auto records = store_->RecordsAfter(0, 1000);
    for (const wire::StoredRecord& record : *records) {
      events.push_back(wire::ParseRecord(record.bytes)->event);
    }
    return events;
  }
  std::string LastEvent() { return Events().empty() ? "" : Events().back(); }

  std::string folder_;
  Keys keys_;
  PinnedPolicy pinned_{1, wire::Sha256Hex(PolicyPayload(keys_, 1))};
  std::vector<core::Revocation> revoked_;
  std::unique_ptr<platform::EventLoop> loop_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Holdings> holdings_;
  std::unique_ptr<TimeKeeper> time_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Importer> importer_;
};

}  // namespace daypass::agent
