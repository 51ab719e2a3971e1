// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's API, from the request line to the answer: the real table of routes over a real
// store, with people signed in, a host enrolled and requests in every state. Whatever is sent, and
// whoever sends it: an answer of the table's kind, no fault of the server's own, no approval that
// no approver signed, and nothing for whom the route is not.
//
// Input: "METHOD TARGET WHO", then the body in the next lines. WHO is a person, a host, or a token
// as it was sent. In target and body @PENDING@, @APPROVED@ and @DENIED@ stand for ids, @STATEMENT@,
// @NUMBER@ and @SIGNATURE@ for texts that are right, the signature for something else.
#include <algorithm>
#include <filesystem>

#include "server/http/error.h"
#include "tests/fuzz/scratch.h"
#include "tests/fuzz/target.h"
#include "tests/unit/server_fixture.h"

namespace daypass::fuzz {

// Bodies may be larger at some routes; none of them is read into more than its own size.
const Reader kReader{.limit = size_t{1} << 20, .max_input = size_t{8} << 10, .read = Try};

namespace {

using server::Outcome;
using server::Request;
using server::Response;
using server::Route;
using server::Who;

/// What a method may be made of (RFC 9110, section 5.6.2).
bool IsOfToken(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// The town of the unit tests, made once; set back after whatever has changed it.
class World : public server::ServerTest {
 public:
  World() {
    PushPolicy(1);
    Enrol("web-1");
    for (const char* person : {"alice", "bob", "dave"}) SignIn(person);
    const std::string approved = Ask("approved");
    Approve(approved, "bob");
    const std::string denied = Ask("denied");
    Post("/v1/requests/" + denied + "/denial", wire::ObjectBuilder().String("reason", "no"), "bob");
    const std::string pending = Ask("pending");
    words_ = {{"@PENDING@", pending},
              {"@APPROVED@", approved},
              {"@DENIED@", denied},
              {"@STATEMENT@", Quoted(Encode(Statement()))},
              {"@NUMBER@", std::string(32, '7')},
              {"@SIGNATURE@", Quoted(SignatureOf("bob", "something else"))}};
    for (const Route& route : server::Routes()) {
      router_.Add(route.method, route.pattern, route.max_body,
                  [&route, this](const Request& request) {
                    asked_ = &route;
                    return server::AnswerRequest(route, *store_, *context_, now_, request);
                  });
    }
    OpenCopyOf(folder_.path("server.db"));
    grants_ = Grants();
    Require(grants_.size() == 1, "the world holds one grant");
  }

  void Send(std::string_view input) {
    Request request;
    std::string_view line = TakeLine(input);
    request.method = TakeUntil(line, " ");
    if (!std::ranges::all_of(request.method, IsOfToken)) return;  // Beast's to refuse
    std::string target(TakeUntil(line, " "));
    const bool known = Introduce(std::string(line), request);
    request.server = "localhost";
    request.body = input;
    for (const auto& [word, text] : words_) {
      ReplaceAll(target, word, text);
      ReplaceAll(request.body, word, text);
    }
    const auto endpoint = router_.Find(target, request);
    if (!endpoint) return RequireFit(endpoint.error());
    if (request.body.size() > (*endpoint)->max_body) return;  // never read by the server
    asked_ = nullptr;
    const Response response = (*endpoint)->handler(request);
    Require(asked_ != nullptr, "a handler stands in the table");
    Judge(*asked_, request, response, known);
    if (response.status == 200 && request.method != "GET") SetBack();
  }

 private:
  void TestBody() override {}
  static std::string Quoted(const std::string& text) {
    const std::string object = wire::ObjectBuilder().String("x", text).Dump();
    return object.substr(6, object.size() - 8);  // {"x":" and "}
  }

  std::string Ask(const std::string& reason) {
    core::Statement statement = Statement();
    statement.reason = reason;
    return Asked(statement);
  }

  /// Goes on with a copy of the first world. The routes hold the store itself: it stays where it
  /// is.
  void OpenCopyOf(const std::string& original) {
    if (copies_ == 0) *store_ = Open(folder_.path("nothing.db"));  // writes all of it into the file
    const std::string copy = folder_.path("copy-" + std::to_string(++copies_));
    std::filesystem::copy_file(original, copy);
    *store_ = Open(copy);
    for (const char* part : {"", "-wal", "-shm"}) {
      std::filesystem::remove(folder_.path("copy-" + std::to_string(copies_ - 1)) + part);
    }
  }

  static server::Store Open(const std::string& path) {
    auto store = server::Store::Open(path);
    Require(static_cast<bool>(store), "the store opens");
    return std::move(*store);
  }

  void SetBack() {
    Require(Grants() == grants_, "nobody is given a grant that no approver signed");
    OpenCopyOf(folder_.path("server.db"));
  }

  /// Every grant that hosts are given, withdrawn ones left out.
  std::vector<std::string> Grants() {
    std::vector<std::string> held;
    for (const std::string& id : GetAs("web-1", "/v1/host/grants?after=0").Texts("grants", "id")) {
      if (id != words_.at("@APPROVED@") || grants_.empty()) held.push_back(id);
    }
    if (grants_.empty()) return held;
    held.push_back(words_.at("@APPROVED@"));  // it may have been revoked
    return held;
  }

  /// Whether the one who asks is somebody.
  bool Introduce(const std::string& who, Request& request) {
    if (const auto host = peers_.find(who); host != peers_.end()) {
      request.peer = host->second;
      return true;
    }
    const auto token = tokens_.find(who);
    request.bearer = token == tokens_.end() ? who : token->second;
    return token != tokens_.end();
  }

  static void Judge(const Route& route, const Request& request, const Response& response,
                    bool known) {
    constexpr int kOk = 200;
    Require(response.status != 500 && response.status != 503, "a request is no fault of ours");
    Require(known || route.who == Who::kAnyone || response.status == 401,
            "a stranger is told nothing");
    const bool is_host = !request.peer.host.empty();
    if (response.status == kOk && route.who != Who::kAnyone) {
      Require(is_host == (route.who == Who::kHost), "a host is no person, nor a person a host");
    }
    Require(!response.wait || response.status == kOk, "nobody waits for a refusal");
    if (response.content_type != "application/json") return;
    const auto body = wire::ParseJson(
        response.body, {.max_bytes = response.body.size(), .max_string = response.body.size()});
    Require(static_cast<bool>(body), "an answer is JSON");
    if (response.status == kOk) return;
    wire::ObjectReader in(body->get());
    const auto reason = core::ParseReason(in.String("error", wire::kName));
    const std::string message = in.String("message", {1, 16384, wire::IsPlainText, "plain text"});
    (void)in.String("field", {0, 16384});
    (void)in.String("hint", {0, 1024});
    Require(static_cast<bool>(in.Finish()) && reason, "a refusal has its four parts");
    Require(server::HttpStatusOf(*reason) == response.status, "a refusal has its reason's status");
  }

  server::Router router_;
  const Route* asked_ = nullptr;
  std::map<std::string, std::string> words_;
  std::vector<std::string> grants_;
  size_t copies_ = 0;
};

}  // namespace

void Try(std::string_view input) {
  static World world;
  world.Send(input);
}

}  // namespace daypass::fuzz
