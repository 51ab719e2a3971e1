// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The real daypass-server, killed over and over while it takes records over HTTPS.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "platform/clock.h"
#include "platform/fd.h"
#include "platform/http_fetch.h"
#include "server_chain.h"
#include "server_fixture.h"

namespace daypass::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using wire::ObjectBuilder;

/// A port that nobody listens on just now.
uint16_t FreePort() {
  const platform::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

class KillsTest : public testing::Test {
 protected:
  KillsTest() {
    std::filesystem::create_directories(root_);
    Verb("init --name localhost --listen 127.0.0.1:" + std::to_string(port_));
    const std::string said = wire::ReadFile(folder_.path("said"));
    const size_t begin = said.find("ssh-ed25519 ");
    const auto text_of = [](core::Instant at) { return std::to_string(core::ToMillis(at)); };
    const core::Instant now = platform::WallTime();
    const std::string payload =
        town_.Policy(1, said.substr(begin, said.find('\n', begin) - begin),
                     {{"1799990000000", text_of(now)},
                      {"1802592000000", text_of(now + std::chrono::hours(720))}});
    wire::WriteFile(folder_.path("policy"), town_.Sign("policy", payload, {"dave", "erin"}));
    Verb("trust " + folder_.path("policy"));
    Start();
    Enrol();
  }
  ~KillsTest() override { Kill(SIGKILL); }

  void Verb(const std::string& words) const {
    const std::string command = std::string(DAYPASS_SERVER) + " --root " + root_ + " " + words +
                                " > " + folder_.path("said") + " 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0)  // NOLINT: one thread of ours calls it
        << wire::ReadFile(folder_.path("said"));
  }

  void Start() {
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);  // whatever becomes of the test
      const int log = open(folder_.path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      dup2(log, STDERR_FILENO);
      execl(DAYPASS_SERVER, "daypass-server", "--root", root_.c_str(), "run", nullptr);
      _exit(127);
    }
    const auto end = steady_clock::now() + seconds(60);
    while (Get("/v1/healthz").status != 200) {
      ASSERT_LT(steady_clock::now(), end) << wire::ReadFile(folder_.path("log"));
      std::this_thread::sleep_for(milliseconds(2));
    }
  }
  void Kill(int signal) {
    if (pid_ <= 0) return;
    kill(pid_, signal);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  platform::HttpRequest Prepare(const std::string& target) const {
    platform::HttpRequest request;
    request.url = "https://localhost:" + std::to_string(port_) + target;
    request.ca_file = root_ + "/var/lib/daypass-server/keys/ca.pem";
    return request;
  }
  static Outcome Fetch(const platform::HttpRequest& request) {
    auto response = platform::FetchBlocking(request);
    if (!response) return {0, response.error().what, {}};
    return {response->status, response->body, {}};
  }
  Outcome Get(const std::string& target) const { return Fetch(Prepare(target)); }
  Outcome Post(const std::string& target, const ObjectBuilder& body,
               const std::string& token = "") const {
    platform::HttpRequest request = Prepare(target);
    request.method = "POST";
    request.body = body.Dump();
    if (!token.empty()) request.headers.push_back("Authorization: Bearer " + token);
    return Fetch(request);
  }
  Outcome Send(const std::vector<wire::StoredRecord>& records) const {
    platform::HttpRequest request = Prepare("/v1/host/records");
    request.method = "POST";
    request.body = RecordsBody(records).Dump();
    request.client_certificate = folder_.path("host.pem");
    request.client_key = folder_.path("host.key");
    return Fetch(request);
  }

  void Enrol() {
    const std::string challenge =
        Post("/v1/sign-in/challenge", ObjectBuilder().String("person", "dave")).Text("challenge");
    const std::string token =
        Post("/v1/sign-in",
             ObjectBuilder().String("envelope", town_.Sign("signin", challenge, {"dave"})))
            .Text("token");
    const std::string join =
        Post("/v1/join-tokens", ObjectBuilder().String("name", "web-1"), token).Text("token");
    const TestCsr csr = MakeCsr();
    const Outcome reply = Post("/v1/hosts", ObjectBuilder()
                                                .String("token", join)
                                                .String("name", "web-1")
                                                .StringMap("labels", {{"tier", "web"}})
                                                .String("host_key", key_.public_key().line)
                                                .String("csr", csr.csr_pem));
    ASSERT_EQ(reply.status, 200) << reply.body;
    wire::WriteFile(folder_.path("host.pem"), reply.Text("certificate"));
    wire::WriteFile(folder_.path("host.key"), csr.key_pem);
  }

  wire::TempDir folder_;
  std::string root_ = folder_.path("root");
  uint16_t port_ = FreePort();
  Town town_;
  wire::PrivateKey key_ = wire::PrivateKey::Generate();
  pid_t pid_ = 0;
};

// DB-07
TEST_F(KillsTest, LoseNoAcknowledgedRecord) {
  const char* wanted = std::getenv("DAYPASS_ROUNDS");
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 200;
  const auto end = steady_clock::now() + (wanted != nullptr ? std::chrono::hours(24) : seconds(30));
  std::mt19937_64 random(7);
  uint64_t acknowledged = 0;
  std::string digest = wire::kNoPrev;
  std::vector<wire::StoredRecord> batch;  // what is sent, and sent again until it is acknowledged
  int kills = 0;
  while (kills < rounds && steady_clock::now() < end && !HasFailure()) {
    std::jthread killer([pid = pid_, after = milliseconds(random() % 60)] {
      std::this_thread::sleep_for(after);
      kill(pid, SIGKILL);
    });
    while (true) {
      if (batch.empty()) {
        batch = MakeChain(key_, acknowledged + 1, acknowledged + 1 + random() % 30, digest);
      }
      const Outcome outcome = Send(batch);
      if (outcome.status == 0) break;  // killed
      ASSERT_EQ(outcome.status, 200) << "after " << acknowledged << ": " << outcome.body;
      acknowledged = static_cast<uint64_t>(outcome.Number("seq"));
      digest = outcome.Text("digest");
      ASSERT_EQ(acknowledged, batch.back().seq);
      batch.clear();
    }
    killer.join();
    waitpid(pid_, nullptr, 0);
    ++kills;
    Start();
  }
  EXPECT_GE(kills, std::min(rounds, 20));
  EXPECT_GE(acknowledged, 20U);
  Kill(SIGTERM);
  const std::string path = root_ + "/var/lib/daypass-server/server.db";
  ExpectSound(path);
  const auto records = StoredIn(path);
  EXPECT_GE(records.size(), acknowledged);
  ExpectWholeChain(records, records.size(), key_);
  std::printf("%d kills, %llu records acknowledged\n", kills,
              static_cast<unsigned long long>(acknowledged));
}

}  // namespace
}  // namespace daypass::server
