// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// FetchBlocking against a real HTTPS server: what it sends, what it takes, what it refuses.
#include "platform/http_fetch.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "platform_https_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;
using testing::HasSubstr;

using Fetch = HttpsTest;

TEST_F(Fetch, ReturnsStatusHeadersAndBody) {
  const auto ok = FetchBlocking(server_->Request("/ok"));
  ASSERT_TRUE(ok) << ok.error().what;
  EXPECT_EQ(ok->status, 200);
  EXPECT_EQ(ok->body, "ok");
  const auto missing = FetchBlocking(server_->Request("/missing"));
  ASSERT_TRUE(missing) << missing.error().what;
  EXPECT_EQ(missing->status, 404);
  EXPECT_EQ(missing->headers.at("x-reason"), "not_found");
}

TEST_F(Fetch, SendsMethodHeadersAndBody) {
  HttpRequest request = server_->Request("/echo");
  request.method = "POST";
  request.headers = {"Content-Type: application/json"};
  request.body = "{\"a\":1}";
  const auto posted = FetchBlocking(request);
  ASSERT_TRUE(posted) << posted.error().what;
  EXPECT_EQ(posted->body, "POST application/json {\"a\":1}");
  request.method = "PUT";
  request.body = "";
  EXPECT_EQ(FetchBlocking(request)->body, "PUT application/json ");
  HttpRequest bearer = server_->Request("/header");
  bearer.headers = {"Accept: */*", "Authorization: Bearer secret"};
  EXPECT_EQ(FetchBlocking(bearer)->body, "Bearer secret");
}

TEST_F(Fetch, ShowsItsClientCertificate) {
  EXPECT_EQ(FetchBlocking(server_->Request("/who"))->body, "nobody");
  HttpRequest request = server_->Request("/who");
  request.client_certificate = server_->folder / "client.pem";
  request.client_key = server_->folder / "client.key";
  const auto known = FetchBlocking(request);
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_EQ(known->body, "client");
}

TEST_F(Fetch, RefusesAServerOfAnotherAuthority) {
  HttpRequest request = server_->Request("/ok");
  request.ca_file = server_->folder / "other.pem";
  const auto refused = FetchBlocking(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kPeerRefused);
  request.ca_file = "";  // the system's authorities do not know it either
  EXPECT_FALSE(FetchBlocking(request));
}

TEST_F(Fetch, RefusesACertificateOfAnotherName) {
  HttpRequest request = server_->Request("/ok");
  request.url = "https://127.0.0.1:" + std::to_string(server_->good) + "/ok";
  const auto refused = FetchBlocking(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kPeerRefused);
}

TEST_F(Fetch, NamesTheClockWhenACertificateIsOutsideOfItsTime) {
  const auto expired = FetchBlocking(server_->Request("/ok", server_->expired));
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code, Reason::kPeerRefused);
  EXPECT_THAT(expired.error().what, HasSubstr("certificate has expired, or this machine's clock"));
  const auto future = FetchBlocking(server_->Request("/ok", server_->future));
  ASSERT_FALSE(future);
  EXPECT_THAT(future.error().what, HasSubstr("is not valid yet, or this machine's clock"));
}

TEST_F(Fetch, RefusesAnAnswerAboveTheLimit) {
  HttpRequest request = server_->Request("/large");
  request.max_response_bytes = 99'999;
  const auto refused = FetchBlocking(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kTooLarge);
  request.max_response_bytes = 100'000;
  EXPECT_EQ(FetchBlocking(request)->body.size(), 100'000u);
}

TEST_F(Fetch, GivesUpAtTheTimeout) {
  HttpRequest request = server_->Request("/slow");
  request.timeout = Millis{200};
  const auto late = FetchBlocking(request);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Reason::kTooLate);
}

TEST_F(Fetch, DoesNotFollowRedirects) {
  const auto moved = FetchBlocking(server_->Request("/redirect"));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->status, 302);
  EXPECT_EQ(moved->headers.at("location"), "/ok");
}

TEST_F(Fetch, SpeaksHttpsOnly) {
  for (const char* url :
       {"http://localhost/", "file:///etc/passwd", "ftp://localhost/", "not a url"}) {
    HttpRequest request;
    request.url = url;
    const auto refused = FetchBlocking(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kMalformed) << url << refused.error().what;
  }
}

TEST_F(Fetch, IgnoresTheProxyOfTheEnvironment) {
  setenv("https_proxy", "http://127.0.0.1:1", 1);  // NOLINT(concurrency-mt-unsafe)
  const auto direct = FetchBlocking(server_->Request("/ok"));
  EXPECT_TRUE(direct);
  HttpRequest through = server_->Request("/ok");
  through.proxy = "http://127.0.0.1:1";
  EXPECT_FALSE(FetchBlocking(through));  // control: that proxy leads nowhere
  unsetenv("https_proxy");               // NOLINT(concurrency-mt-unsafe)
}

TEST_F(Fetch, SaysThatNobodyListens) {
  const auto refused = FetchBlocking(server_->Request("/ok", 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kInternal);
  EXPECT_THAT(refused.error().what, HasSubstr("GET https://localhost:1/ok: "));
}

}  // namespace
}  // namespace daypass::platform
