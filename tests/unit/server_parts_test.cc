// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's small parts, each by itself: router, configuration, certificate authority, keys.
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "server/config.h"
#include "server/http/error.h"
#include "server/http/router.h"
#include "server/keys.h"
#include "server_fixture.h"

namespace daypass::server {
namespace {

using core::Reason;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Router, FindsThePatternAndFillsParametersAndQuery) {
  Router router;
  const auto nothing = [](const Request&) { return Response{}; };
  router.Add("GET", "/v1/policies/newest", 1, nothing);
  router.Add("GET", "/v1/policies/{version}", 2, nothing);
  router.Add("POST", "/v1/policies", 3, nothing);
  Request request;
  request.method = "GET";
  auto found = router.Find("/v1/policies/7?a=1&b=&c", request);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->max_body, 2U);
  EXPECT_EQ(request.path, "/v1/policies/7");
  EXPECT_EQ(request.parameters.at("version"), "7");
  EXPECT_EQ(request.query, (std::map<std::string, std::string>{{"a", "1"}, {"b", ""}, {"c", ""}}));
  EXPECT_EQ((*router.Find("/v1/policies/newest", request))->max_body, 1U) << "the first that fits";
  for (const char* path : {"/v1/policies/", "/v1/policies/7/", "/v1/policies/7/8", "v1/policies/7",
                           "//v1/policies/7", "", "/"}) {
    EXPECT_EQ(router.Find(path, request).error().code, Reason::kNotFound) << path;
  }
  EXPECT_THAT(router.Find("/v1/policies", request).error().what, HasSubstr("takes POST, not GET"));
  for (const std::string& target : {std::string("/v1/\n"), std::string("/v1/%2e"),
                                    std::string("/\0", 2), std::string(1025, '/')}) {
    EXPECT_EQ(router.Find(target, request).error().code, Reason::kMalformed);
  }
}

TEST(HttpError, GivesEveryReasonAStatus) {
  EXPECT_EQ(HttpStatusOf(Reason::kMalformed), 400);
  EXPECT_EQ(HttpStatusOf(Reason::kNotSignedIn), 401);
  EXPECT_EQ(HttpStatusOf(Reason::kNotYours), 403);
  EXPECT_EQ(HttpStatusOf(Reason::kNotFound), 404);
  EXPECT_EQ(HttpStatusOf(Reason::kEquivocation), 409);
  EXPECT_EQ(HttpStatusOf(Reason::kTooLarge), 413);
  EXPECT_EQ(HttpStatusOf(Reason::kTooMany), 429);
  EXPECT_EQ(HttpStatusOf(Reason::kStoreUnavailable), 503);
  EXPECT_EQ(ErrorResponse({Reason::kNotFound, "id: none", "id"}).body,
            R"({"error":"not_found","field":"id","hint":"","message":"id: none"})");
}

TEST(Config, ReadsBackWhatInitWrites) {
  for (const char* address : {"127.0.0.1", "::1"}) {
    const Config config{address, 8443, {"localhost", "10.0.0.1"}};
    auto read = ParseConfig(EncodeConfig(config), "server.toml");
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->address, address);
    EXPECT_EQ(read->port, 8443);
    EXPECT_THAT(read->names, ElementsAre("localhost", "10.0.0.1"));
  }
}

TEST(Config, NamesFileLineAndColumnOfWhatIsWrong) {
  struct Case {
    const char* text;
    const char* wanted;
  };
  for (const Case& c : {
           Case{"[server]\nlisten = \"127.0.0.1:8443\"\nnames = [\"a\"]\nport = 1\n",
                "server.toml:4:"},
           Case{"[server]\nlisten = \"somewhere\"\nnames = [\"a\"]\n", "server.toml:2:"},
           Case{"[server]\nlisten = \"127.0.0.1:99999\"\nnames = [\"a\"]\n",
                "IP address and a port"},
           Case{"[server]\nlisten = \"127.0.0.1:1\"\nnames = []\n", "at least one"},
           Case{"[server]\nlisten = \"127.0.0.1:1\"\nnames = [\"A b\"]\n", "server.toml:3:"},
           Case{"[server]\nlisten = 8443\nnames = [\"a\"]\n", "server.toml:2:"},
           Case{"[serv\n", "server.toml:1:"},
           Case{"", "server"},
       }) {
    auto read = ParseConfig(c.text, "server.toml");
    ASSERT_FALSE(read) << c.text;
    EXPECT_THAT(read.error().what, HasSubstr(c.wanted));
  }
}

class AuthorityTest : public testing::Test {
 protected:
  core::Result<CertificateAuthority> ca_ = CertificateAuthority::Make(kStart);
};

TEST_F(AuthorityTest, NamesAHostItselfAndForClientsOnly) {
  const TestCsr csr = MakeCsr("root-of-everything");
  auto pem = ca_->SignHost(csr.csr_pem, "web-1", kStart);
  ASSERT_TRUE(pem) << pem.error().what;
  auto certificate = CertificateFromPem(*pem, "certificate");
  ASSERT_TRUE(certificate);
  EXPECT_EQ(CommonName(certificate->get()), "web-1");
  EXPECT_EQ(X509_check_purpose(certificate->get(), X509_PURPOSE_SSL_CLIENT, 0), 1);
  EXPECT_EQ(X509_check_purpose(certificate->get(), X509_PURPOSE_SSL_SERVER, 0), 0);
  EXPECT_EQ(X509_check_ca(certificate->get()), 0);
  int days = 0;
  int seconds = 0;
  ASSERT_EQ(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate->get()),
                           X509_get0_notAfter(certificate->get())),
            1);
  EXPECT_EQ(days, 365);
}

TEST_F(AuthorityTest, RefusesASigningRequestThatItsOwnKeyDidNotSign) {
  auto csr = RequestFromPem(MakeCsr().csr_pem, "csr");
  ASSERT_TRUE(csr);
  const Key other{EVP_EC_gen("P-256")};
  ASSERT_EQ(X509_REQ_set_pubkey(csr->get(), other.get()), 1);  // the signature is the first key's
  const std::unique_ptr<BIO, OpensslFree> bio{BIO_new(BIO_s_mem())};
  ASSERT_EQ(PEM_write_bio_X509_REQ(bio.get(), csr->get()), 1);
  char* text = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(bio.get(), &text));
  auto refused = ca_->SignHost(std::string(text, size), "web-1", kStart);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kMalformed);
  EXPECT_FALSE(ca_->SignHost("not PEM", "web-1", kStart));
}

TEST_F(AuthorityTest, IssuesTheServersCertificateForItsNamesUntilATimeComes) {
  const std::vector<std::string> names{"daypass.example", "10.1.2.3"};
  auto tls = ca_->IssueServer(names, kStart);
  ASSERT_TRUE(tls) << tls.error().what;
  const auto fits = [&](const std::vector<std::string>& wanted, core::Instant now) {
    return *IsServerCertificateFit(tls->certificate_pem, wanted, now);
  };
  EXPECT_TRUE(fits(names, kStart));
  EXPECT_FALSE(fits({"other.example"}, kStart));
  EXPECT_FALSE(fits({"10.1.2.4"}, kStart));
  EXPECT_FALSE(fits(names, kStart + std::chrono::hours(24 * 600))) << "less than a third is left";
}

TEST_F(AuthorityTest, ComesBackFromItsFilesAndRefusesAnotherKey) {
  auto key = ca_->KeyPem();
  ASSERT_TRUE(key);
  auto again = CertificateAuthority::FromPem(ca_->certificate_pem(), *key);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->digest(), ca_->digest());
  auto other = CertificateAuthority::Make(kStart);
  EXPECT_EQ(CertificateAuthority::FromPem(other->certificate_pem(), *key).error().code,
            Reason::kKeyRefused);
}

TEST(ServerKeys, AreMadeOnceAndReadBackOnlyWhileNobodyElseCanReadThem) {
  const wire::TempDir folder;
  const std::string keys = folder.path("keys");
  const std::vector<std::string> names{"localhost"};
  EXPECT_FALSE(LoadKeys(keys, {}, names, kStart)) << "none yet";
  auto made = MakeKeys(keys, {}, names, kStart);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(MakeKeys(keys, {}, names, kStart).error().code, Reason::kConflict);
  auto loaded = LoadKeys(keys, {}, names, kStart);
  ASSERT_TRUE(loaded) << loaded.error().what;
  EXPECT_EQ(loaded->tls.certificate_pem, made->tls.certificate_pem);
  EXPECT_EQ(loaded->status_key.public_key().line, made->status_key.public_key().line);
  EXPECT_NE(LoadKeys(keys, {}, std::vector<std::string>{"new.name"}, kStart)->tls.certificate_pem,
            made->tls.certificate_pem);
  for (const char* name : {"ca.key", "tls.key", "status.key"}) {
    struct stat info{};
    ASSERT_EQ(stat((keys + "/" + name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U) << name;
  }
  ASSERT_EQ(chmod(keys.c_str(), 0755), 0);
  EXPECT_EQ(LoadKeys(keys, {}, names, kStart).error().code, Reason::kPathUnsafe);
}

}  // namespace
}  // namespace daypass::server
