// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// HttpClient on a real event loop against a real HTTPS server.
#include "platform/http_client.h"

#include <gmock/gmock.h>

#include "platform/deadline.h"
#include "platform_https_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;
using core::Result;

class Client : public HttpsTest {
 protected:
  /// Turns the loop until `done`, for at most ten seconds.
  void RunUntil(const std::function<bool()>& done) {
    const Deadline deadline = Deadline::After(Millis{10'000});
    while (!done() && !deadline.HasPassed()) ASSERT_TRUE(loop_.RunOnce(Millis{100}));
    ASSERT_TRUE(done());
  }

  EventLoop loop_ = *EventLoop::Make();
  HttpClient client_ = *HttpClient::Make(loop_);
};

TEST_F(Client, CallsBackWithTheAnswerAndNotBeforeTheLoopTurns) {
  std::string body;
  const auto call = client_.Send(server_->Request("/ok"), [&](Result<HttpResponse> response) {
    ASSERT_TRUE(response) << response.error().what;
    body = response->body;
  });
  ASSERT_TRUE(call);
  EXPECT_EQ(body, "");
  RunUntil([&] { return !body.empty(); });
  EXPECT_EQ(body, "ok");
}

TEST_F(Client, CarriesManyAtOnce) {
  int answered = 0;
  std::vector<HttpClient::Call> calls;
  for (int i = 0; i < 50; ++i) {
    auto call = client_.Send(server_->Request("/large"), [&](Result<HttpResponse> response) {
      if (response && response->body.size() == 100'000) ++answered;
    });
    ASSERT_TRUE(call);
    calls.push_back(*std::move(call));
  }
  RunUntil([&] { return answered == 50; });
}

TEST_F(Client, KeepsAConnectionUnlessAFreshOneIsWanted) {
  const auto port = [&](bool fresh) {
    std::string body;
    HttpRequest request = server_->Request("/port");
    request.fresh_connection = fresh;
    const auto call =
        client_.Send(request, [&](const Result<HttpResponse>& response) { body = response->body; });
    RunUntil([&] { return !body.empty(); });
    return body;
  };
  const std::string first = port(false);
  EXPECT_EQ(port(false), first);
  EXPECT_NE(port(true), first);
}

TEST_F(Client, MaySendAgainFromItsCallbackAndDropItsCallThere) {
  HttpClient::Call current;
  int answered = 0;
  HttpClient::Callback next = [&](Result<HttpResponse> response) {
    ASSERT_TRUE(response) << response.error().what;
    if (++answered == 5) return;
    auto call = client_.Send(server_->Request("/ok"), next);
    ASSERT_TRUE(call);
    current = *std::move(call);
  };
  auto first = client_.Send(server_->Request("/ok"), next);
  ASSERT_TRUE(first);
  current = *std::move(first);
  RunUntil([&] { return answered == 5; });
}

TEST_F(Client, DoesNotCallBackForACallThatWasDropped) {
  bool called = false, other = false;
  {
    const auto dropped =
        client_.Send(server_->Request("/ok"), [&](Result<HttpResponse>) { called = true; });
    ASSERT_TRUE(dropped);
    ASSERT_TRUE(loop_.RunOnce(Millis{10}));  // it is under way
  }
  const auto kept =
      client_.Send(server_->Request("/ok"), [&](Result<HttpResponse>) { other = true; });
  ASSERT_TRUE(kept);
  RunUntil([&] { return other; });
  EXPECT_FALSE(called);
}

TEST_F(Client, LetsCallsOutliveIt) {
  HttpClient::Call call;
  {
    auto client = HttpClient::Make(loop_);
    ASSERT_TRUE(client);
    auto sent = client->Send(server_->Request("/slow"), [](Result<HttpResponse>) { FAIL(); });
    ASSERT_TRUE(sent);
    call = *std::move(sent);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(loop_.RunOnce(Millis{5}));
  }
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(loop_.RunOnce(Millis{5}));
}

TEST_F(Client, LeavesTheLoopFreeWhileItWaits) {
  bool late = false;
  int ticks = 0;
  HttpRequest request = server_->Request("/slow");
  request.timeout = Millis{300};
  const auto call = client_.Send(request, [&](Result<HttpResponse> response) {
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Reason::kTooLate);
    late = true;
  });
  ASSERT_TRUE(call);
  EventLoop::Source tick;
  const std::function<void()> again = [&] {
    ++ticks;
    tick = *loop_.AfterMonotonic(Millis{10}, again);
  };
  again();
  RunUntil([&] { return late; });
  EXPECT_GT(ticks, 5);
}

TEST_F(Client, ReportsFaultsByCallback) {
  int faults = 0;
  const auto count = [&](Result<HttpResponse> response) { faults += response ? 0 : 1; };
  HttpRequest distrusted = server_->Request("/ok");
  distrusted.ca_file = server_->folder / "other.pem";
  HttpRequest large = server_->Request("/large");
  large.max_response_bytes = 10;
  const auto nobody = client_.Send(server_->Request("/ok", 1), count);
  const auto refused = client_.Send(distrusted, count);
  const auto too_large = client_.Send(large, count);
  ASSERT_TRUE(nobody && refused && too_large);
  RunUntil([&] { return faults == 3; });
}

}  // namespace
}  // namespace daypass::platform
