// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A server with 100,000 requests in its store (SQLite on disk). Prints how long it takes to list
// what is pending, to search by person, role and host, and to take one more; milliseconds, median
// and the last but one in twenty, without the network.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "server/store/requests.h"
#include "tests/unit/server_fixture.h"
#include "wire/digest.h"

namespace daypass::server {
namespace {

constexpr int kStored = 100'000;
constexpr int kStoredAtOnce = 10'000;
constexpr int kTimes = 200;

class Bench : public ServerTest {
 public:
  void TestBody() override {}

  void Fill() {
    PushPolicy(1);
    for (const char* host : {"web-1", "web-2"}) Enrol(host);
    for (int first = 0; first < kStored; first += kStoredAtOnce) {
      auto stored = store_->Transact(now_, [&](Tx& tx) -> core::Result<void> {
        for (int i = first; i < first + kStoredAtOnce; ++i) Requests(tx).Add(Row(i), {Host(i)});
        return {};
      });
      if (!stored) Fail(stored.error().what);
    }
  }

  void Measure(const char* name, const std::function<Outcome(int)>& ask,
               core::Millis wait = core::Millis{0}) {
    std::vector<double> samples;
    for (int i = 0; i < kTimes; ++i) {
      now_ += wait;
      tokens_.clear();
      for (const char* person : {"alice", "bob"}) SignIn(person);
      const auto start = std::chrono::steady_clock::now();
      const Outcome outcome = ask(i);
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      if (outcome.status != 200) Fail(outcome.body);
      samples.push_back(took.count());
    }
    std::ranges::sort(samples);
    std::printf("%s_ms=%.2f %s_p95_ms=%.2f ", name, samples[kTimes / 2], name,
                samples[kTimes * 95 / 100]);
  }

  Outcome List(const std::string& query) { return Get("/v1/requests?" + query, "bob"); }

  /// One more, of somebody with a history.
  Outcome SubmitOne(int i) {
    core::Statement statement = Statement();
    statement.reason = "submitted " + std::to_string(i);
    statement.created = now_;
    statement.start_by = now_ + std::chrono::hours{1};
    return Submit(statement);
  }

 private:
  static std::string Host(int i) { return i % 2 == 0 ? "web-1" : "web-2"; }

  RequestRow Row(int i) {
    core::Statement statement = Statement();
    statement.hosts = {Host(i)};
    statement.reason = "stored " + std::to_string(i);
    statement.created = now_ - std::chrono::minutes{kStored - i};
    statement.start_by = statement.created + std::chrono::hours{1};
    RequestRow row;
    row.statement = Encode(statement);
    row.id = wire::Sha256Hex(row.statement);
    row.short_id = core::ShortId(row.id);
    row.requested_by = i % 100 == 0 ? "alice" : "person-" + std::to_string(i % 500);
    row.subject = row.requested_by;
    row.role = i % 3 == 0 ? "web-operator" : "web-root";
    row.asked_from = "10.0.0.1";
    row.host_count = 1;
    row.state = i % 5 == 0 ? RequestState::kDenied : RequestState::kApproved;
    row.created = statement.created;
    row.start_by = statement.start_by;
    row.ends = statement.start_by;
    return row;
  }

  [[noreturn]] static void Fail(const std::string& what) {
    std::fprintf(stderr, "requests: %s\n", what.c_str());
    std::exit(1);
  }
};

int Main() {
  Bench bench;
  bench.Fill();
  bench.Measure("list", [&](int) { return bench.List("state=all"); });
  bench.Measure("pending", [&](int) { return bench.List("state=pending"); });
  bench.Measure("person", [&](int) { return bench.List("state=all&person=person-7"); });
  bench.Measure("role", [&](int) { return bench.List("state=all&role=web-operator&host=web-2"); });
  bench.Measure(
      "submit", [&](int i) { return bench.SubmitOne(i); },
      std::chrono::hours{2});  // nobody has a hundred pending
  std::printf("\n");
  return 0;
}

}  // namespace
}  // namespace daypass::server

int main() {
  return daypass::server::Main();
}
