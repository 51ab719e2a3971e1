// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server_fixture.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "wire/open.h"
#include "wire/policy.h"

namespace daypass::server {

using wire::ObjectBuilder;
using wire::ObjectReader;
using wire::UnknownKeys;

namespace {

constexpr wire::StringRule kAnything{0, size_t{32} << 20};

wire::Json Parse(const std::string& body) {
  auto json = wire::ParseJson(body, {.max_bytes = body.size(), .max_string = body.size()});
  return json ? std::move(*json) : nullptr;
}

constexpr const char* kPolicyText = R"({
"realm":"00112233445566778899aabbccddeeff","format":1,"type":"policy","version":VERSION,
"previous":"","created_ms":1799990000000,"expires_ms":1802592000000,
"administrators":{"threshold":2,"people":["dave","erin"]},
"server":{"status_keys":["KEY-STATUS"],"automatic_keys":[]},
"limits":{"max_duration_s":28800,"max_pending_s":86400,"max_offline_s":3600},
"people":[
{"name":"alice","accounts":["alice","alice-adm"],"groups":["dev"],
 "keys":[{"key":"KEY-alice","uses":["signin"]}]},
{"name":"bob","accounts":["bob","deploy"],"groups":["sre"],
 "keys":[{"key":"KEY-bob","uses":["approve","signin"]}]},
{"name":"carol","accounts":["carol"],"groups":["sre"],
 "keys":[{"key":"KEY-carol","uses":["approve","signin"]}]},
{"name":"dave","accounts":["dave"],"groups":["admins"],
 "keys":[{"key":"KEY-dave","uses":["administer","signin"]}]},
{"name":"erin","accounts":["erin"],"groups":["admins"],
 "keys":[{"key":"KEY-erin","uses":["administer","signin"]}]}],
"roles":[
{"name":"web-operator","description":"Run the web servers","hosts":{"all":{"tier":"web"}},
 "doors":["sudo"],"run_as":{"users":["root"],"groups":[]},
 "rules":[{"id":"restart","path":"/usr/bin/systemctl","args":[{"is":"restart"},{"is":"nginx"}],
  "rest":"none"}],
 "max_duration_s":3600,"max_offline_s":600,"start":["approval","scheduled"],
 "on_end":"terminate","subjects":{"groups":["dev","sre"]},
 "approve":[{"count":1,"groups":["sre"],"keys":"any"}]},
{"name":"web-root","description":"Everything","hosts":{"names":["web-1","web-2"]},
 "doors":["sudo"],"run_as":{"users":["root"],"groups":[]},"rules":[],"full":true,
 "max_duration_s":3600,"max_offline_s":600,"start":["approval"],
 "on_end":"terminate","subjects":{"any":true},
 "approve":[{"count":2,"groups":["sre"],"keys":"any"}]}]
})";

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Response LoopbackServer::Ask(Request request, const std::string& target) const {
  auto endpoint = router_.Find(target, request);
  EXPECT_TRUE(endpoint) << endpoint.error().what;
  if (!endpoint) return {};
  return (*endpoint)->handler(request);
}

std::string Outcome::Text(const char* key) const {
  const wire::Json json = Parse(body);
  if (!json) return "not JSON: " + body;
  return ObjectReader(json.get(), UnknownKeys::kIgnore).OptString(key, kAnything).value_or("");
}

int64_t Outcome::Number(const char* key) const {
  const wire::Json json = Parse(body);
  if (!json) return -1;
  return ObjectReader(json.get(), UnknownKeys::kIgnore)
      .OptInt(key, -wire::kMaxJsonInt, wire::kMaxJsonInt)
      .value_or(-1);
}

std::vector<std::string> Outcome::Texts(const char* array, const char* key) const {
  std::vector<std::string> texts;
  const wire::Json json = Parse(body);
  if (!json) return texts;
  ObjectReader(json.get(), UnknownKeys::kIgnore).Objects(array, {}, [&](ObjectReader& element) {
    texts.push_back(element.OptString(key, kAnything).value_or(""));
  });
  return texts;
}

std::string Short(const Outcome& reply) {
  return std::to_string(reply.status) + " " + reply.error();
}

Town::Town() {
  for (const char* person : {"alice", "bob", "carol", "dave", "erin", "mallory"}) {
    keys_.emplace(person, wire::PrivateKey::Generate());
  }
}

std::string Town::Policy(int version, const std::string& status_key_line,
                         const Edits& edits) const {
  std::string text = kPolicyText;
  ReplaceAll(text, "VERSION", std::to_string(version));
  for (const auto& [from, to] : edits) text = wire::Replaced(text, from, to);
  ReplaceAll(text, "KEY-STATUS", status_key_line);
  for (const auto& [person, key] : keys_) {
    ReplaceAll(text, "KEY-" + person, key.public_key().line);
  }
  return text;
}

std::string Town::Sign(const std::string& type, const std::string& payload,
                       const std::vector<std::string>& people) const {
  wire::Envelope envelope{type, payload, {}};
  for (const std::string& person : people) {
    envelope.signatures.push_back(wire::Sign(KeyOf(person), wire::NamespaceOf(type), payload));
  }
  return wire::EncodeEnvelope(envelope);
}

ServerTest::ServerTest() {
  const std::vector<std::string> names{"localhost"};
  auto keys = MakeKeys(folder_.path("keys"), {}, names, now_);
  EXPECT_TRUE(keys) << keys.error().what;
  context_.reset(new Context{
      std::move(keys->ca), std::move(keys->status_key), std::move(keys->automatic_key), names, {}});
  auto store = Store::Open(folder_.path("server.db"));
  EXPECT_TRUE(store) << store.error().what;
  store_ = std::make_unique<Store>(std::move(*store));
  Serve(http_, *store_, *context_, [this] { return now_; });
}

Outcome ServerTest::Get(const std::string& target, const std::string& person) {
  Request request;
  request.method = "GET";
  if (!person.empty()) request.bearer = SignIn(person);
  Response response = http_.Ask(std::move(request), target);
  return {response.status, response.body, response.wait};
}

Outcome ServerTest::Post(const std::string& target, const ObjectBuilder& body,
                         const std::string& person) {
  return PostText(target, body.Dump(), person);
}

Outcome ServerTest::PostText(const std::string& target, const std::string& body,
                             const std::string& person) {
  Request request;
  request.method = "POST";
  request.body = body;
  if (!person.empty()) request.bearer = SignIn(person);
  Response response = http_.Ask(std::move(request), target);
  return {response.status, response.body, response.wait};
}

Outcome ServerTest::GetAs(const std::string& host, const std::string& target) {
  Request request;
  request.method = "GET";
  request.peer = peers_[host];
  Response response = http_.Ask(std::move(request), target);
  return {response.status, response.body, response.wait};
}

Outcome ServerTest::PostAs(const std::string& host, const std::string& target,
                           const ObjectBuilder& body) {
  Request request;
  request.method = "POST";
  request.peer = peers_[host];
  request.body = body.Dump();
  Response response = http_.Ask(std::move(request), target);
  return {response.status, response.body, response.wait};
}

Outcome ServerTest::PushPolicy(int version, const Town::Edits& edits,
                               const std::vector<std::string>& signers) {
  const std::string payload = town_.Policy(version, context_->status_key.public_key().line, edits);
  const std::string envelope = town_.Sign("policy", payload, signers);
  Outcome reply;
  if (version_ == 0) {
    auto row =
        store_->Transact(now_, [&](Tx& tx) { return TrustFirstPolicy(tx, *context_, envelope); });
    EXPECT_TRUE(row) << row.error().what;
    reply.status = row ? 200 : 0;
  } else {
    reply = Post("/v1/policies", ObjectBuilder().String("envelope", envelope), "dave");
  }
  if (reply.status == 200) {
    auto parsed = wire::ParsePolicy(payload);
    EXPECT_TRUE(parsed) << parsed.error().what;
    policy_ = std::move(*parsed);
    version_ = policy_.version;
  }
  return reply;
}

Outcome ServerTest::TrySignIn(const std::string& challenge, const std::string& signer) {
  return Post("/v1/sign-in",
              ObjectBuilder().String("envelope", town_.Sign("signin", challenge, {signer})));
}

std::string ServerTest::SignIn(const std::string& person) {
  std::string& token = tokens_[person];
  if (!token.empty()) return token;
  const Outcome challenge = Post("/v1/sign-in/challenge", ObjectBuilder().String("person", person));
  EXPECT_EQ(Short(challenge), "200 ");
  const Outcome session = TrySignIn(challenge.Text("challenge"), person);
  EXPECT_EQ(Short(session), "200 ") << session.body;
  return token = session.Text("token");
}

std::string ServerTest::JoinToken(const std::string& host) {
  return Post("/v1/join-tokens", ObjectBuilder().String("name", host), "dave").Text("token");
}

Outcome ServerTest::TryEnrol(const std::string& host, const std::string& token) {
  const auto key = host_keys_.try_emplace(host, wire::PrivateKey::Generate()).first;
  return Post("/v1/hosts", ObjectBuilder()
                               .String("token", token)
                               .String("name", host)
                               .StringMap("labels", {{"tier", "web"}})
                               .String("host_key", key->second.public_key().line)
                               .String("csr", MakeCsr().csr_pem));
}

void ServerTest::Enrol(const std::string& host) {
  const Outcome reply = TryEnrol(host, JoinToken(host));
  ASSERT_EQ(Short(reply), "200 ") << reply.body;
  auto certificate = CertificateFromPem(reply.Text("certificate"), "certificate");
  ASSERT_TRUE(certificate);
  peers_[host] = {CommonName(certificate->get()), PublicKeyDigest(certificate->get())};
}

core::Digest ServerTest::RoleDigest(const std::string& role) const {
  return core::FindRole(policy_, role)->digest;
}

core::Statement ServerTest::Statement() const {
  core::Statement statement = wire::MakeStatement();
  statement.requester = "alice";
  statement.role_digest = RoleDigest("web-operator");
  statement.policy_version = version_;
  statement.created = now_;
  statement.start_by = now_ + std::chrono::hours(1);
  return statement;
}

std::string ServerTest::Encode(const core::Statement& statement) const {
  return wire::EncodeStatement(statement, wire::kNonce);
}

Outcome ServerTest::Submit(const core::Statement& statement, const std::string& person) {
  return Post("/v1/requests", ObjectBuilder().String("statement", Encode(statement)), person);
}

std::string ServerTest::Asked(const core::Statement& statement) {
  const Outcome reply = Submit(statement);
  EXPECT_EQ(Short(reply), "200 ") << reply.body;
  return reply.Text("id");
}

std::string ServerTest::StatementOf(const std::string& id) {
  return Get("/v1/requests/" + id, "bob").Text("statement");
}

std::string ServerTest::SignatureOf(const std::string& person, const std::string& statement) const {
  return wire::Sign(town_.KeyOf(person), "grant@daypass", statement);
}

Outcome ServerTest::Approve(const std::string& id, const std::string& person) {
  return ApproveWith(id, SignatureOf(person, StatementOf(id)));
}

Outcome ServerTest::ApproveWith(const std::string& id, const std::string& signature,
                                const std::string& person) {
  return Post("/v1/requests/" + id + "/approvals", ObjectBuilder().String("signature", signature),
              person);
}

TestCsr MakeCsr(const std::string& common_name) {
  const Key key{EVP_EC_gen("P-256")};
  const CertificateRequest csr{X509_REQ_new()};
  X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(csr.get()), NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  EXPECT_EQ(X509_REQ_set_pubkey(csr.get(), key.get()), 1);
  EXPECT_GT(X509_REQ_sign(csr.get(), key.get(), EVP_sha256()), 0);
  const std::unique_ptr<BIO, OpensslFree> bio{BIO_new(BIO_s_mem())};
  EXPECT_EQ(PEM_write_bio_X509_REQ(bio.get(), csr.get()), 1);
  char* text = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(bio.get(), &text));
  auto key_pem = ToPem(key.get());
  EXPECT_TRUE(key_pem);
  return {std::string(text, size), *key_pem};
}

}  // namespace daypass::server
