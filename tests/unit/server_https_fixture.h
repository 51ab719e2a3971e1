// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The whole server behind real TLS, in a thread of the test; people sign with the real ssh-keygen.
#pragma once

#include <thread>

#include "platform/clock.h"
#include "platform/http_fetch.h"
#include "server_fixture.h"
#include "wire/open.h"

namespace daypass::server {

using platform::HttpRequest;
using wire::ObjectBuilder;
using Clock = std::chrono::steady_clock;

class HttpsTest : public testing::Test {
 protected:
  HttpsTest() {
    const std::vector<std::string> names{"localhost", "127.0.0.1"};
    auto keys = MakeKeys(folder_.path("keys"), {}, names, platform::WallTime());
    EXPECT_TRUE(keys) << keys.error().what;
    auto tls =
        MakeServerTls(keys->tls.certificate_pem, keys->tls.key_pem, keys->ca.certificate_pem());
    EXPECT_TRUE(tls) << tls.error().what;
    context_.reset(new Context{std::move(keys->ca),
                               std::move(keys->status_key),
                               std::move(keys->automatic_key),
                               names,
                               {}});
    auto store = Store::Open(folder_.path("server.db"));
    EXPECT_TRUE(store) << store.error().what;
    store_ = std::make_unique<Store>(std::move(*store));
    TrustPolicy();
    HttpLimits limits;
    limits.handshake = limits.header = std::chrono::seconds(1);
    auto http = HttpServer::Make("127.0.0.1", 0, std::move(*tls), limits);
    EXPECT_TRUE(http) << http.error().what;
    http_ = std::move(*http);
    Serve(*http_, *store_, *context_, &platform::WallTime);
    thread_ = std::thread([this] { http_->Run(); });
  }
  ~HttpsTest() override { End(); }

  void End() {
    if (!thread_.joinable()) return;
    http_->Stop();
    thread_.join();
  }

  void TrustPolicy() {
    const auto text_of = [](core::Instant at) { return std::to_string(core::ToMillis(at)); };
    const core::Instant now = platform::WallTime();
    const std::string payload =
        town_.Policy(1, context_->status_key.public_key().line,
                     {{"1799990000000", text_of(now)},
                      {"1802592000000", text_of(now + std::chrono::hours(720))},
                      {"KEY-bob", bob_.key().line},
                      {"KEY-carol", carol_.key().line}});
    auto row = store_->Transact(platform::WallTime(), [&](Tx& tx) {
      return TrustFirstPolicy(tx, *context_, town_.Sign("policy", payload, {"dave", "erin"}));
    });
    EXPECT_TRUE(row) << row.error().what;
    policy_ = wire::OpenPolicy(town_.Sign("policy", payload, {"dave"}))->document;
  }

  HttpRequest Prepare(const std::string& target) const {
    HttpRequest request;
    request.url = "https://localhost:" + std::to_string(http_->port()) + target;
    request.ca_file = folder_.path("keys/ca.pem");
    return request;
  }

  static Outcome Fetch(const HttpRequest& request) {
    auto response = platform::FetchBlocking(request);
    if (!response) return {0, response.error().what, {}};
    return {response->status, response->body, {}};
  }

  Outcome Get(const std::string& target, const std::string& token = "") const {
    HttpRequest request = Prepare(target);
    if (!token.empty()) request.headers.push_back("Authorization: Bearer " + token);
    return Fetch(request);
  }
  Outcome Post(const std::string& target, const ObjectBuilder& body,
               const std::string& token = "") const {
    HttpRequest request = Prepare(target);
    request.method = "POST";
    request.body = body.Dump();
    if (!token.empty()) request.headers.push_back("Authorization: Bearer " + token);
    return Fetch(request);
  }
  HttpRequest AsHost(HttpRequest request) const {
    request.client_certificate = folder_.path("web-1.pem");
    request.client_key = folder_.path("web-1.key");
    return request;
  }
  Outcome PostAsHost(const std::string& target, const ObjectBuilder& body) const {
    HttpRequest request = AsHost(Prepare(target));
    request.method = "POST";
    request.body = body.Dump();
    return Fetch(request);
  }

  std::string SignIn(const std::string& person,
                     const std::function<std::string(const std::string&)>& sign) const {
    const std::string challenge =
        Post("/v1/sign-in/challenge", ObjectBuilder().String("person", person)).Text("challenge");
    const wire::Envelope envelope{"signin", challenge, {sign(challenge)}};
    const Outcome session =
        Post("/v1/sign-in", ObjectBuilder().String("envelope", wire::EncodeEnvelope(envelope)));
    EXPECT_EQ(session.status, 200) << session.body;
    return session.Text("token");
  }
  std::string SignIn(const std::string& person) const {
    return SignIn(person, [&](const std::string& text) {
      return wire::Sign(town_.KeyOf(person), "signin@daypass", text);
    });
  }
  std::string SignIn(const std::string& person, const wire::SshKey& key) const {
    return SignIn(person,
                  [&](const std::string& text) { return key.Sign("signin@daypass", text); });
  }

  void Enrol() {
    const std::string token =
        Post("/v1/join-tokens", ObjectBuilder().String("name", "web-1"), SignIn("dave"))
            .Text("token");
    const TestCsr csr = MakeCsr();
    const Outcome reply = Post("/v1/hosts", ObjectBuilder()
                                                .String("token", token)
                                                .String("name", "web-1")
                                                .StringMap("labels", {{"tier", "web"}})
                                                .String("host_key", host_key_.public_key().line)
                                                .String("csr", csr.csr_pem));
    ASSERT_EQ(reply.status, 200) << reply.body;
    wire::WriteFile(folder_.path("web-1.pem"), reply.Text("certificate"));
    wire::WriteFile(folder_.path("web-1.key"), csr.key_pem);
  }

  core::Statement Statement(const std::string& role) const {
    core::Statement statement = wire::MakeStatement();
    statement.role = role;
    statement.role_digest = core::FindRole(policy_, role)->digest;
    statement.policy_version = 1;
    statement.created = platform::WallTime();
    statement.start_by = statement.created + std::chrono::minutes(10);
    return statement;
  }

  wire::TempDir folder_;
  Town town_;
  wire::SshKey bob_{"ed25519"};
  wire::SshKey carol_{"ecdsa"};
  wire::PrivateKey host_key_ = wire::PrivateKey::Generate();
  std::unique_ptr<Context> context_;
  std::unique_ptr<Store> store_;
  core::Policy policy_;
  std::unique_ptr<HttpServer> http_;
  std::thread thread_;
};

}  // namespace daypass::server
