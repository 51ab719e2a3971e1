// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The whole server behind real TLS, asked by the HTTP client that the agent and the CLI use; people
// sign with the real ssh-keygen.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "server_https_fixture.h"
#include "wire/status.h"

namespace daypass::server {
namespace {

TEST_F(HttpsTest, CarriesARequestFromTheHostToAnApproverAndBackWithinASecond) {
  Enrol();
  const std::string statement = wire::EncodeStatement(Statement("web-operator"), wire::kNonce);
  const Outcome asked =
      PostAsHost("/v1/host/requests",
                 ObjectBuilder().String("envelope", wire::Seal(host_key_, "request", statement)));
  ASSERT_EQ(asked.status, 200) << asked.body;
  const int64_t cursor = Fetch(AsHost(Prepare("/v1/host/changes?wait=0"))).Number("cursor");

  auto changed = std::async(std::launch::async, [&] {
    const Outcome reply =
        Fetch(AsHost(Prepare("/v1/host/changes?wait=20&after=" + std::to_string(cursor))));
    return std::pair(reply, Clock::now());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(changed.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it waits";

  const std::string token = SignIn("bob", bob_);
  const Outcome shown = Get("/v1/requests/" + asked.Text("short"), token);
  EXPECT_EQ(shown.Text("statement"), statement);
  const Outcome approved =
      Post("/v1/requests/" + asked.Text("id") + "/approvals",
           ObjectBuilder().String("signature", bob_.Sign("grant@daypass", shown.Text("statement"))),
           token);
  const auto answered = Clock::now();
  ASSERT_EQ(approved.Text("state"), "approved") << approved.body;
  const auto [reply, woken] = changed.get();
  EXPECT_GT(reply.Number("cursor"), cursor);
  EXPECT_LT(woken - answered, std::chrono::milliseconds(500));

  const Outcome grants = Fetch(AsHost(Prepare("/v1/host/grants?after=" + std::to_string(cursor))));
  ASSERT_EQ(grants.Texts("grants", "envelope").size(), 1U) << grants.body;
  auto grant = wire::OpenGrant(grants.Texts("grants", "envelope")[0]);
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->payload, statement);

  const Outcome status =
      PostAsHost("/v1/host/status", ObjectBuilder().String("number", wire::kNonce));
  auto opened = wire::OpenStatus(status.Text("envelope"), policy_.status_keys);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(opened->document.host, "web-1");
}

TEST_F(HttpsTest, MakesOneGrantOfTwoApprovalsAtOnce) {  // CC-02
  Enrol();
  const std::string alice = SignIn("alice");
  const std::string bob = SignIn("bob", bob_);
  const std::string carol = SignIn("carol", carol_);
  for (const char* role : {"web-root", "web-operator"}) {  // two wanted; one wanted
    const Outcome asked = Post(
        "/v1/requests",
        ObjectBuilder().String("statement", wire::EncodeStatement(Statement(role), wire::kNonce)),
        alice);
    ASSERT_EQ(asked.status, 200) << asked.body;
    const std::string target = "/v1/requests/" + asked.Text("id");
    const std::string statement = Get(target, alice).Text("statement");
    const int64_t before = Fetch(AsHost(Prepare("/v1/host/changes?wait=0"))).Number("cursor");
    const auto approve = [&](const wire::SshKey& key, const std::string& token) {
      const std::string signature = key.Sign("grant@daypass", statement);
      return [=, this] {
        return Post(target + "/approvals", ObjectBuilder().String("signature", signature), token);
      };
    };
    auto first = std::async(std::launch::async, approve(bob_, bob));
    auto second = std::async(std::launch::async, approve(carol_, carol));
    const Outcome one = first.get();
    const Outcome two = second.get();
    const std::string codes = std::to_string(std::min(one.status, two.status)) + " " +
                              std::to_string(std::max(one.status, two.status));
    EXPECT_EQ(codes, std::string(role) == "web-root" ? "200 200" : "200 409")
        << one.body << two.body;
    EXPECT_EQ(Get(target, alice).Text("state"), "approved");
    EXPECT_EQ(Fetch(AsHost(Prepare("/v1/host/changes?wait=0"))).Number("cursor"), before + 1);
  }
  EXPECT_EQ(Get("/v1/grants", alice).Texts("grants", "id").size(), 2U) << "one of each request";
}

TEST_F(HttpsTest, NamesItselfInAChallengeAsItWasAddressed) {
  const auto named = [&](const std::string& url_name, const std::string& host_header) {
    HttpRequest request = Prepare("/v1/sign-in/challenge");
    request.url =
        "https://" + url_name + ":" + std::to_string(http_->port()) + "/v1/sign-in/challenge";
    request.method = "POST";
    request.body = R"({"person":"bob"})";
    if (!host_header.empty()) request.headers.push_back("Host: " + host_header);
    auto signin = wire::ParseSignin(Fetch(request).Text("challenge"));
    return signin ? signin->server : signin.error().what;
  };
  EXPECT_EQ(named("localhost", ""), "localhost");
  EXPECT_EQ(named("127.0.0.1", ""), "127.0.0.1");
  EXPECT_EQ(named("127.0.0.1", "evil.example"), "localhost") << "never a name that is not its own";
}

TEST_F(HttpsTest, AnswersALongPollAtItsEndWhenNothingHappens) {
  Enrol();
  const int64_t cursor = Fetch(AsHost(Prepare("/v1/host/changes?wait=0"))).Number("cursor");
  const auto begin = Clock::now();
  const Outcome reply =
      Fetch(AsHost(Prepare("/v1/host/changes?wait=1&after=" + std::to_string(cursor))));
  EXPECT_EQ(reply.Number("cursor"), cursor);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(950));
}

TEST_F(HttpsTest, KnowsHostsByTheirCertificateAlone) {
  Enrol();
  EXPECT_EQ(Short(Get("/v1/host/grants")), "401 not_signed_in");
  EXPECT_EQ(Short(Get("/v1/host/grants", SignIn("dave"))), "401 not_signed_in");
  EXPECT_EQ(Fetch(AsHost(Prepare("/v1/host/grants"))).status, 200) << "control";
}

TEST_F(HttpsTest, RefusesCertificatesThatAreNoHosts) {  // SV-06
  Enrol();
  auto other = CertificateAuthority::Make(platform::WallTime());
  ASSERT_TRUE(other);
  const TestCsr csr = MakeCsr();
  auto stranger = other->SignHost(csr.csr_pem, "web-1", platform::WallTime());
  ASSERT_TRUE(stranger);
  wire::WriteFile(folder_.path("web-1.pem"), *stranger);
  wire::WriteFile(folder_.path("web-1.key"), csr.key_pem);
  EXPECT_EQ(Fetch(AsHost(Prepare("/v1/host/grants"))).status, 0) << "another authority's";

  auto expired = context_->ca.SignHost(csr.csr_pem, "web-1",
                                       platform::WallTime() - std::chrono::hours(24 * 366));
  ASSERT_TRUE(expired);
  wire::WriteFile(folder_.path("web-1.pem"), *expired);
  EXPECT_EQ(Fetch(AsHost(Prepare("/v1/host/grants"))).status, 0) << "expired";

  wire::WriteFile(folder_.path("web-1.pem"), wire::ReadFile(folder_.path("keys/tls.pem")));
  wire::WriteFile(folder_.path("web-1.key"), wire::ReadFile(folder_.path("keys/tls.key")));
  EXPECT_EQ(Fetch(AsHost(Prepare("/v1/host/grants"))).status, 0) << "the server's own";
}

TEST_F(HttpsTest, SpeaksTls12OrLater) {  // SV-06
  const auto speaks = [&](const std::string& version) {
    const std::string command =
        "openssl s_client -connect 127.0.0.1:" + std::to_string(http_->port()) + " -" + version +
        " -cipher DEFAULT@SECLEVEL=0 </dev/null >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;  // NOLINT: one thread of ours calls it
  };
  EXPECT_FALSE(speaks("tls1_1"));
  EXPECT_TRUE(speaks("tls1_2")) << "control";
  EXPECT_TRUE(speaks("tls1_3")) << "control";
}

TEST_F(HttpsTest, RenegotiatesWithNobody) {  // SV-06
  const auto asks = [&](const std::string& typed) {
    const std::string command = "(sleep 0.3; echo '" + typed + "'; sleep 0.3) | openssl s_client " +
                                "-connect 127.0.0.1:" + std::to_string(http_->port()) +
                                " -tls1_2 > " + folder_.path("said") + " 2>&1";
    EXPECT_NE(std::system(command.c_str()), -1);  // NOLINT: one thread of ours calls it
    return wire::ReadFile(folder_.path("said"));
  };
  EXPECT_THAT(asks("R"), testing::HasSubstr("no renegotiation"));
  EXPECT_THAT(asks("Q"), testing::Not(testing::HasSubstr("no renegotiation"))) << "control";
}

TEST_F(HttpsTest, NamesWhatIsWrongWithARequest) {
  EXPECT_EQ(Get("/v1/healthz").Text("status"), "ok");
  EXPECT_EQ(Short(Get("/v1/nothing")), "404 not_found");
  const Outcome method = Post("/v1/healthz", ObjectBuilder());
  EXPECT_EQ(Short(method), "404 not_found");
  EXPECT_EQ(method.Text("message"), "method: /v1/healthz takes GET, not POST");
  EXPECT_EQ(Short(Get("/v1/requests/a%00b")), "400 malformed");
  const Outcome large =
      Post("/v1/sign-in", ObjectBuilder().String("envelope", std::string(20'000, 'x')));
  EXPECT_EQ(Short(large), "413 too_large");
  EXPECT_EQ(large.Text("message"), "body: at most 16384 bytes");
  HttpRequest headers = Prepare("/v1/healthz");
  headers.headers.push_back("X-Long: " + std::string(20'000, 'x'));
  EXPECT_EQ(Short(Fetch(headers)), "413 too_large");
  const Outcome json = Post("/v1/sign-in/challenge", ObjectBuilder().String("person", "Bob"));
  EXPECT_EQ(Short(json), "400 malformed");
  EXPECT_EQ(json.Text("field"), "/person");
  EXPECT_EQ(Get("/v1/ca").body, context_->ca.certificate_pem());
}

TEST_F(HttpsTest, TakesALargeBodyWhereThereIsRoomForIt) {
  const Outcome refused =
      Post("/v1/policies", ObjectBuilder().String("envelope", std::string(3 << 20, 'x')),
           SignIn("dave"));
  EXPECT_EQ(Short(refused), "400 malformed") << "read whole, and no policy";
}

TEST_F(HttpsTest, HangsUpOnWhoeverConnectsAndSaysNothing) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(http_->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const auto begin = Clock::now();
  char byte = 0;
  EXPECT_EQ(read(fd, &byte, 1), 0);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  close(fd);
  EXPECT_EQ(Get("/v1/healthz").status, 200) << "control: it still serves";
}

TEST_F(HttpsTest, ServesManyAtOnce) {
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 5; ++n) good += Get("/v1/healthz").status == 200 ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace daypass::server
