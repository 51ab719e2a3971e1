// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Both ends of the courier: a decider that says what the test wants, on a real socket, and a real
// HTTPS server that answers by script. Nothing of what is carried is verified here.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>

#include <sys/epoll.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/sync/courier.h"
#include "platform/clock.h"
#include "platform/deadline.h"
#include "platform/memfd.h"
#include "platform/socket.h"
#include "platform_fixture.h"
#include "wire/envelope.h"
#include "wire/ipc.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/record.h"
#include "wire/statement.h"
#include "wire/status.h"

namespace daypass::agent {

inline const std::string kRealm = "00112233445566778899aabbccddeeff";
inline const std::string kNumber = "ffeeddccbbaa99887766554433221100";

/// Envelopes as the courier reads them; their signatures are none.
inline std::string FakeEnvelope(const std::string& type, const std::string& payload) {
  return wire::EncodeEnvelope(
      {type, payload, {"-----BEGIN SSH SIGNATURE-----\nAA==\n-----END SSH SIGNATURE-----\n"}});
}

inline std::string StatusEnvelope(uint64_t policy_version) {
  core::Status status;
  status.realm = kRealm;
  status.host = "web-1";
  status.number = kNumber;
  status.time = core::FromMillis(1'800'000'000'000);
  status.policy_version = policy_version;
  status.receipt = {0, wire::kNoPrev};
  return FakeEnvelope("status", wire::EncodeStatus(status));
}

inline std::string GrantEnvelope(const std::string& reason, uint64_t policy_version) {
  core::Statement statement;
  statement.realm = kRealm;
  statement.subject = statement.requester = "alice";
  statement.role = "web";
  statement.role_digest = core::Digest(64, 'a');
  statement.policy_version = policy_version;
  statement.hosts = {"web-1"};
  statement.duration = std::chrono::minutes{30};
  statement.created = core::FromMillis(1'800'000'000'000);
  statement.start_by = statement.created + std::chrono::hours{1};
  statement.reason = reason;
  return FakeEnvelope("grant", wire::EncodeStatement(statement, kNumber));
}

/// Stands where daypassd stands.
class FakeDecider {
 public:
  struct Put {
    std::string type;
    std::string bytes;
  };
  struct Answered {
    std::string id, state, text;
  };

  FakeDecider(platform::EventLoop& loop, std::string path) : loop_(loop), path_(std::move(path)) {
    Listen();
  }

  void Listen() {
    listener_ = *platform::ListenUnix(path_, 0600);
    source_ = *loop_.WatchFd(listener_.get(), EPOLLIN, [this](uint32_t) { Accept(); });
  }
  /// As if it had been killed.
  void Die() {
    source_ = {};
    listener_.Close();
    peers_.clear();
  }
  /// Tells whoever waits with State.
  void Tell() {
    for (const auto& peer : peers_) {
      if (peer->wants_state) Send(*peer, wire::EncodeReply(State().get(), true));
    }
  }

  /// In order; statuses in a row count as one, since a change at the start asks for another.
  std::vector<std::string> TypesPut() const {
    std::vector<std::string> types;
    for (const Put& put : puts) {
      if (put.type != "status" || types.empty() || types.back() != "status")
        types.push_back(put.type);
    }
    return types;
  }

  // What it says.
  uint64_t policy_version = 5;
  uint64_t records_acked = 0;
  std::vector<wire::StoredRecord> records;
  std::map<std::string, std::string> requests;  // id -> envelope, until they are answered
  std::vector<std::string> open;
  bool is_mute = false;
  /// The verdict on a document; a taken policy's version becomes ours if the bytes end in it.
  std::function<core::Result<void>(const Put&)> judge = [](const Put&) {
    return core::Result<void>();
  };

  // What it was told.
  std::vector<Put> puts;
  std::vector<Answered> answered;
  int questions = 0;
  int connections = 0;

 private:
  struct Peer {
    platform::Fd socket;
    wire::FrameReader frames{wire::kMaxMessageBytes};
    std::vector<platform::Fd> fds;
    bool wants_state = false;
    platform::EventLoop::Source source;
  };

  wire::Json State() const {
    return wire::ObjectBuilder()
        .String("realm", kRealm)
        .String("host", "web-1")
        .Int("policy_version", static_cast<int64_t>(policy_version))
        .Int("records_seq", static_cast<int64_t>(records.size()))
        .Int("records_acked", static_cast<int64_t>(records_acked))
        .Int("requests_pending", static_cast<int64_t>(requests.size()))
        .Take();
  }

  void Accept() {
    auto peer = std::make_unique<Peer>();
    peer->socket = *platform::AcceptUnix(listener_.get());
    peer->source = *loop_.WatchFd(peer->socket.get(), EPOLLIN,
                                  [this, raw = peer.get()](uint32_t) { Read(*raw); });
    peers_.push_back(std::move(peer));
    ++connections;
  }

  void Read(Peer& peer) {
    auto chunk =
        platform::ReceiveChunk(peer.socket.get(), 65536, 1, platform::Deadline::Immediate());
    if (chunk.status == platform::Transfer::kClosed) {
      std::erase_if(peers_, [&](const auto& each) { return each.get() == &peer; });
      return;
    }
    for (platform::Fd& fd : chunk.fds) peer.fds.push_back(std::move(fd));
    ASSERT_TRUE(peer.frames.Feed(chunk.bytes));
    while (auto message = peer.frames.Next()) {
      auto call = wire::ParseCall(*message);
      ASSERT_TRUE(call) << *message;
      ++questions;
      if (!is_mute) Send(peer, Answer(peer, *call));
    }
  }

  std::string Answer(Peer& peer, const wire::Call& call) {
    wire::ObjectReader in(call.parameters.get());
    if (call.method.ends_with(".State")) {
      peer.wants_state = call.more;
      return wire::EncodeReply(State().get(), call.more);
    }
    if (call.method.ends_with(".Nonce"))
      return Encode(wire::ObjectBuilder().String("number", kNumber));
    if (call.method.ends_with(".Put")) return AnswerPut(peer, in.String("type", wire::kName));
    if (call.method.ends_with(".TakeRecords")) {
      return AnswerRecords(static_cast<size_t>(in.Int("after", 0, 1'000'000)));
    }
    if (call.method.ends_with(".TakeRequests")) return AnswerRequests();
    EXPECT_TRUE(call.method.ends_with(".Answered")) << call.method;
    answered.push_back({in.String("id", wire::kDigest), in.String("state", wire::kName),
                        in.String("text", wire::kText)});
    requests.erase(answered.back().id);
    return Encode(wire::ObjectBuilder());
  }

  std::string AnswerPut(Peer& peer, const std::string& type) {
    EXPECT_EQ(peer.fds.size(), 1U);
    auto bytes = platform::ReadSealedMemfd(peer.fds.at(0).get(), 1 << 20);
    peer.fds.clear();
    puts.push_back({type, bytes ? *bytes : bytes.error().what});
    const core::Result<void> verdict = judge(puts.back());
    if (verdict) return Encode(wire::ObjectBuilder().Bool("ok", true).String("text", "taken"));
    return Encode(wire::ObjectBuilder()
                      .Bool("ok", false)
                      .String("reason", core::ReasonName(verdict.error().code))
                      .String("text", verdict.error().what));
  }

  std::string AnswerRecords(size_t after) {
    wire::ArrayBuilder list;
    for (size_t i = after; i < records.size() && i < after + 3; ++i) {  // small batches
      list.Object(wire::ObjectBuilder()
                      .Int("seq", static_cast<int64_t>(i + 1))
                      .Bytes("bytes_b64", records[i].bytes)
                      .OptString("signature", records[i].signature));
    }
    return Encode(wire::ObjectBuilder().Array("records", list));
  }

  std::string AnswerRequests() {
    wire::ArrayBuilder list;
    for (const auto& [id, envelope] : requests) {
      list.Object(wire::ObjectBuilder().String("id", id).Bytes("envelope_b64", envelope));
    }
    return Encode(wire::ObjectBuilder().Array("requests", list).Strings("open", open));
  }

  static std::string Encode(const wire::ObjectBuilder& parameters) {
    return wire::EncodeReply(parameters.Share().get());
  }
  static void Send(Peer& peer, const std::string& bytes) {
    platform::SendMessage(peer.socket.get(), bytes, {},
                          platform::Deadline::After(core::Millis{1000}));
  }

  platform::EventLoop& loop_;
  std::string path_;
  platform::Fd listener_;
  platform::EventLoop::Source source_;
  std::vector<std::unique_ptr<Peer>> peers_;
};

/// agent_sync_server.py, and its script.
class ScriptedServer {
 public:
  struct Seen {
    std::string method, path, query, body, cn;
    int64_t port = 0, ms = 0;
  };

  ScriptedServer() {
    Publish();
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(input[0], 0);
      dup2(output[1], 1);
      execl("/usr/bin/python3", "python3", DAYPASS_SYNC_SERVER, folder.path().c_str(), nullptr);
      _exit(127);
    }
    close(input[0]);
    close(output[1]);
    input_ = platform::Fd(input[1]);
    FILE* const ports = fdopen(output[0], "r");
    if (fscanf(ports, "%d", &port) != 1) port = 0;
    fclose(ports);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer() {
    input_.Close();
    waitpid(pid_, nullptr, 0);
  }

  /// From now on "METHOD /path" (or "*": everything else) is answered so.
  void Route(const std::string& what, int status, const wire::ObjectBuilder& body,
             const std::map<std::string, std::string>& headers = {}) {
    routes_[what] = wire::ObjectBuilder()
                        .Int("status", status)
                        .Object("body", body)
                        .StringMap("headers", headers)
                        .Dump();
    Publish();
  }
  void Remove(const std::string& what) {
    routes_.erase(what);
    Publish();
  }
  void SetCursor(int64_t cursor) {
    cursor_ = cursor;
    Publish();
  }
  void SetChanges(const std::string& mode) {
    changes_ = mode;
    Publish();
  }

  void Reset() {
    routes_.clear();
    cursor_ = 1;
    changes_ = "answer";
    std::filesystem::remove(folder / "log");
    std::filesystem::remove(folder / "hung");
    Publish();
  }

  std::vector<Seen> All(const std::string& path = "") const {
    std::vector<Seen> all;
    std::ifstream log(folder / "log");
    for (std::string line; std::getline(log, line);) {
      auto json = wire::ParseJson(line, {.max_bytes = 1 << 20, .max_string = 1 << 20});
      if (!json) continue;  // still being written
      constexpr wire::StringRule kAny{0, 1 << 20};
      wire::ObjectReader in(json->get());
      Seen seen{
          in.String("method", kAny),         in.String("path", kAny), in.String("query", kAny),
          in.String("body", kAny),           in.String("cn", kAny),   in.Int("port", 0, 65535),
          in.Int("ms", 0, wire::kMaxJsonInt)};
      if (path.empty() || seen.path == path) all.push_back(std::move(seen));
    }
    return all;
  }
  size_t Count(const std::string& path) const { return All(path).size(); }

  platform::TempDir folder;
  int port = 0;

 private:
  void Publish() {
    std::string text =
        "{\"cursor\":" + std::to_string(cursor_) + ",\"changes\":\"" + changes_ + "\",\"routes\":{";
    std::string comma;
    for (const auto& [what, answer] : routes_) {
      text += std::exchange(comma, ",") + "\"" + what + "\":" + answer;
    }
    std::ofstream(folder / "script.new") << text << "}}";
    std::filesystem::rename(folder / "script.new", folder / "script.json");
  }

  std::map<std::string, std::string> routes_;
  int64_t cursor_ = 1;
  std::string changes_ = "answer";
  pid_t pid_ = -1;
  platform::Fd input_;
};

/// A courier between the two. One server for all tests of a program: certificates take a moment.
class CourierTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_process_ = new ScriptedServer; }
  static void TearDownTestSuite() {
    delete server_process_;
    server_process_ = nullptr;
  }

  CourierTest() : server_(*server_process_), decider_(loop_, dir_ / "courier.sock") {
    server_.Reset();
    server_.Route("POST /v1/host/status", 200,
                  wire::ObjectBuilder().String("envelope", StatusEnvelope(5)));
    server_.Route("GET /v1/host/grants", 200,
                  wire::ObjectBuilder().Int("cursor", 1).Array("grants", wire::ArrayBuilder()));
    config_.server = "https://localhost:" + std::to_string(server_.port);
    config_.ca_file = server_.folder / "ca.pem";
    config_.certificate_file = server_.folder / "client.pem";
    config_.key_file = server_.folder / "client.key";
    config_.courier_socket = dir_ / "courier.sock";
    config_.pinned_policy = 3;
    options_.write = [this](const std::string& line) { lines_.push_back(line); };
    options_.socket_owner = geteuid();
  }

  void SetUp() override { ASSERT_NE(server_.port, 0) << "the server did not start"; }

  void Start() {
    auto courier = Courier::Make(loop_, config_, options_);
    ASSERT_TRUE(courier) << courier.error().what;
    courier_ = std::move(*courier);
    courier_->Start();
  }
  /// Turns the loop until it is so, and returns how long that took. What never comes about ends the
  /// test.
  core::Millis RunUntil(const std::function<bool()>& is_so) {
    const core::Millis begin = platform::BootTime();
    while (!is_so()) {
      if (platform::BootTime() - begin > std::chrono::minutes{1})
        throw std::runtime_error("waited in vain");
      (void)loop_.RunOnce(core::Millis{10});
    }
    return platform::BootTime() - begin;
  }
  void RunFor(core::Millis time) {
    const auto deadline = platform::Deadline::After(time);
    while (!deadline.HasPassed()) (void)loop_.RunOnce(core::Millis{10});
  }
  /// Until a first status and a first list of grants were carried.
  void StartAndSettle() {
    Start();
    RunUntil([&] { return !decider_.puts.empty() && server_.Count("/v1/host/grants") > 0; });
    RunFor(core::Millis{200});
  }
  void OfferGrants(int64_t cursor, const std::vector<std::string>& envelopes) {
    wire::ArrayBuilder grants;
    for (const std::string& envelope : envelopes) {
      grants.Object(
          wire::ObjectBuilder().String("id", core::Digest(64, '0')).String("envelope", envelope));
    }
    server_.Route("GET /v1/host/grants", 200,
                  wire::ObjectBuilder().Int("cursor", cursor).Array("grants", grants));
    server_.SetCursor(cursor);
  }
  void OfferPolicy(uint64_t version) {
    server_.Route("GET /v1/host/policies/" + std::to_string(version), 200,
                  wire::ObjectBuilder()
                      .Int("version", static_cast<int64_t>(version))
                      .String("digest", core::Digest(64, '0'))
                      .String("envelope", FakeEnvelope("policy", std::to_string(version))));
  }
  size_t CountPuts(const std::string& type) const {
    return static_cast<size_t>(std::ranges::count(decider_.puts, type, &FakeDecider::Put::type));
  }

  static inline ScriptedServer* server_process_ = nullptr;
  ScriptedServer& server_;
  platform::TempDir dir_;
  platform::EventLoop loop_ = *platform::EventLoop::Make();
  FakeDecider decider_;
  SyncConfig config_;
  CourierOptions options_;
  std::vector<std::string> lines_;
  std::unique_ptr<Courier> courier_;
};

}  // namespace daypass::agent
