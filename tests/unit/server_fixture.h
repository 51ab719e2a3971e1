// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A server with a real store, real keys and real signatures, asked without a network; and the
// people and hosts that ask it. What HTTPS adds is in server_https_test.cc.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/api/routes.h"
#include "server/keys.h"
#include "server/workflow/policies.h"
#include "wire/statement.h"
#include "wire_fixture.h"

namespace daypass::server {

/// An HTTP server without HTTP: the routes, asked directly.
class LoopbackServer : public HttpServer {
 public:
  void On(std::string method, std::string_view pattern, size_t max_body, Handler handler) override {
    router_.Add(std::move(method), pattern, max_body, std::move(handler));
  }
  uint16_t port() const override { return 0; }
  void Run() override {}
  void Stop() override {}
  void Wake(const std::string& topic) override { woken.push_back(topic); }

  Response Ask(Request request, const std::string& target) const;

  std::vector<std::string> woken;

 private:
  Router router_;
};

/// What came back.
struct Outcome {
  int status = 0;
  std::string body;
  std::optional<Wait> wait;

  std::string Text(const char* key) const;
  int64_t Number(const char* key) const;
  /// One text of each object of an array: Texts("grants", "envelope").
  std::vector<std::string> Texts(const char* array, const char* key) const;
  std::string error() const { return Text("error"); }
};

/// Status and error of a reply, as tests compare them: "403 self_approval".
std::string Short(const Outcome& reply);

inline constexpr core::Instant kStart = core::FromMillis(1'800'000'000'000);

/// The policy of these tests. alice (dev) asks; bob and carol (sre) approve; dave and erin
/// administer, two of two. Roles: "web-operator" wants one of sre, "web-root" two.
class Town {
 public:
  Town();

  const wire::PrivateKey& KeyOf(const std::string& person) const { return keys_.at(person); }

  /// The payload, with edits {from, to} made to its text.
  using Edits = std::vector<std::pair<std::string, std::string>>;
  std::string Policy(int version, const std::string& status_key_line,
                     const Edits& edits = {}) const;

  /// An envelope of any type, signed by these people.
  std::string Sign(const std::string& type, const std::string& payload,
                   const std::vector<std::string>& people) const;

 private:
  std::map<std::string, wire::PrivateKey> keys_;
};

/// An edit that makes dave one of sre.
inline const std::pair<std::string, std::string> kDaveApproves = {
    "\"groups\":[\"admins\"],\n \"keys\":[{\"key\":\"KEY-dave\",\"uses\":[",
    "\"groups\":[\"sre\"],\n \"keys\":[{\"key\":\"KEY-dave\",\"uses\":[\"approve\","};

class ServerTest : public testing::Test {
 protected:
  ServerTest();

  // Asking. `person` empty: not signed in; signs in once per person.
  Outcome Get(const std::string& target, const std::string& person = "");
  Outcome Post(const std::string& target, const wire::ObjectBuilder& body,
               const std::string& person = "");
  Outcome PostText(const std::string& target, const std::string& body,
                   const std::string& person = "");

  // As a host, by its certificate.
  Outcome GetAs(const std::string& host, const std::string& target);
  Outcome PostAs(const std::string& host, const std::string& target,
                 const wire::ObjectBuilder& body);

  /// Takes the usual policy, the first time through `trust`.
  Outcome PushPolicy(int version, const Town::Edits& edits = {},
                     const std::vector<std::string>& signers = {"dave", "erin"});
  std::string SignIn(const std::string& person);
  Outcome TrySignIn(const std::string& challenge, const std::string& signer);
  /// A join token by dave, then enrolment with labels {"tier":"web"}.
  void Enrol(const std::string& host);
  Outcome TryEnrol(const std::string& host, const std::string& token);
  std::string JoinToken(const std::string& host);

  /// A statement of alice for web-1 that every check accepts.
  core::Statement Statement() const;
  std::string Encode(const core::Statement& statement) const;
  Outcome Submit(const core::Statement& statement, const std::string& person = "alice");
  /// Submits the usual statement (or this one) and returns its id.
  std::string Asked(const core::Statement& statement);
  std::string Asked() { return Asked(Statement()); }
  std::string StatementOf(const std::string& id);
  Outcome Approve(const std::string& id, const std::string& person);
  Outcome ApproveWith(const std::string& id, const std::string& signature,
                      const std::string& person = "bob");
  std::string SignatureOf(const std::string& person, const std::string& statement) const;

  core::Digest RoleDigest(const std::string& role) const;

  Town town_;
  wire::TempDir folder_;
  core::Instant now_ = kStart;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Store> store_;
  LoopbackServer http_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, wire::PrivateKey> host_keys_;
  std::map<std::string, Peer> peers_;
  uint64_t version_ = 0;
  core::Policy policy_;
};

/// A signing request for a fresh ECDSA key, and that key.
struct TestCsr {
  std::string csr_pem;
  std::string key_pem;
};
TestCsr MakeCsr(const std::string& common_name = "whatever");

}  // namespace daypass::server
