// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Many clients at once, of every kind, and an end in the middle of it: what ThreadSanitizer is to
// look at (make tsan).
#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdlib>
#include <random>

#include "platform/fd.h"
#include "server_chain.h"
#include "server_https_fixture.h"

namespace daypass::server {
namespace {

class ParallelTest : public HttpsTest {
 protected:
  /// Each of these at the same time, each over and over. DAYPASS_ROUNDS: how often.
  static void Together(const std::vector<std::function<void(int)>>& clients) {
    const char* wanted = std::getenv("DAYPASS_ROUNDS");
    const int rounds = wanted != nullptr ? std::atoi(wanted) : 15;
    std::vector<std::jthread> threads;
    for (const auto& client : clients) {
      threads.emplace_back([&client, rounds] {
        for (int round = 0; round < rounds; ++round) client(round);
      });
    }
  }

  /// Connects, says something that is no TLS, and goes without a word.
  void Slam(int round) const {
    const platform::Fd peer(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(http_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(peer.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
    const std::string hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", static_cast<size_t>(round % 9));
    (void)!send(peer.get(), hello.data(), hello.size(), MSG_NOSIGNAL);
    const linger at_once{1, 0};
    (void)setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
};

// DB-05: the same batches by several couriers at once, while the server is busy with everything
// else.
TEST_F(ParallelTest, ClientsOfEveryKindAreServedAndRecordsAreStoredOnce) {
  Enrol();
  const std::string alice = SignIn("alice");
  const std::string bob = SignIn("bob", bob_);
  std::vector<std::vector<wire::StoredRecord>> batches;
  std::string prev = wire::kNoPrev;
  for (uint64_t first = 1; first <= 60; first += 6) {
    batches.push_back(MakeChain(host_key_, first, first + 5, prev));
    prev = wire::Sha256Hex(batches.back().back().bytes);
  }
  std::atomic<int> asked = 0;
  std::mutex one_at_a_time;  // the random numbers
  std::mt19937_64 random(5);
  const auto send_records = [&](int) {
    size_t which = 0;
    {
      const std::lock_guard lock(one_at_a_time);
      which = random() % batches.size();
    }
    const Outcome outcome = PostAsHost("/v1/host/records", RecordsBody(batches[which]));
    EXPECT_TRUE(outcome.status == 200 || outcome.status == 409) << outcome.body;
  };
  const auto ask_and_approve = [&](int) {
    const std::string statement = wire::EncodeStatement(Statement("web-operator"), wire::kNonce);
    const Outcome made =
        Post("/v1/requests", ObjectBuilder().String("statement", statement), alice);
    if (made.status == 429) return;  // so many may wait
    ASSERT_EQ(made.status, 200) << made.body;
    ++asked;
    const Outcome said =
        Post("/v1/requests/" + made.Text("id") + "/approvals",
             ObjectBuilder().String("signature", bob_.Sign("grant@daypass", statement)), bob);
    EXPECT_TRUE(said.Text("state") == "approved" || said.status == 409) << said.body;
  };
  const auto poll = [&](int round) {
    const Outcome reply =
        Fetch(AsHost(Prepare("/v1/host/changes?wait=" + std::to_string(round % 2))));
    EXPECT_EQ(reply.status, 200) << reply.body;
  };
  const auto status = [&](int) {
    const Outcome reply =
        PostAsHost("/v1/host/status", ObjectBuilder().String("number", wire::kNonce));
    EXPECT_EQ(reply.status, 200) << reply.body;
  };
  const auto health = [&](int) { EXPECT_EQ(Get("/v1/healthz").status, 200); };
  const auto sign_in = [&](int) { SignIn("carol", carol_); };
  const auto slam = [&](int round) { Slam(round); };
  Together({send_records, send_records, send_records, ask_and_approve, poll, poll, poll, status,
            status, health, sign_in, slam, slam});
  EXPECT_GT(asked, 0);
  for (const auto& batch : batches) {
    EXPECT_EQ(PostAsHost("/v1/host/records", RecordsBody(batch)).status, 200);
  }
  End();
  store_.reset();
  ExpectWholeChain(StoredIn(folder_.path("server.db")), 60, host_key_);
}

TEST_F(ParallelTest, ServerEndsWhileManyAreServed) {
  Enrol();
  const int64_t cursor = Fetch(AsHost(Prepare("/v1/host/changes?wait=0"))).Number("cursor");
  const HttpRequest short_one = Prepare("/v1/healthz");
  const HttpRequest long_one =
      AsHost(Prepare("/v1/host/changes?wait=20&after=" + std::to_string(cursor)));
  std::atomic<bool> is_over = false;
  std::vector<std::jthread> clients;
  for (const HttpRequest& request : {short_one, long_one}) {
    for (int i = 0; i < 6; ++i) {
      clients.emplace_back([&is_over, request] {
        while (!is_over) (void)Fetch(request);
      });
    }
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto begin = Clock::now();
  End();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20)) << "a deadline of safety";
  is_over = true;
  http_.reset();  // hangs up on those who still wait
  clients.clear();
}

}  // namespace
}  // namespace daypass::server
