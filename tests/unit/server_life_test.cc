// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The life of requests, held to the table of docs/requests.md: each event in each state, and random
// lives of several requests at once. DAYPASS_CASES says how many.
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "server_fixture.h"

namespace daypass::server {
namespace {

using std::chrono::minutes;
using wire::ObjectBuilder;

#ifdef __SANITIZE_ADDRESS__
constexpr int kUsualCases = 600;  // slow, and it is not the logic that is looked at
#else
constexpr int kUsualCases = 10'000;
#endif

/// State and event to what comes of it, as the page says.
using Table = std::map<std::pair<std::string, std::string>, std::string>;

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '|');) {
    const size_t begin = cell.find_first_not_of(" `");
    if (begin == std::string::npos) continue;
    cells.push_back(cell.substr(begin, cell.find_last_not_of(" `") + 1 - begin));
  }
  return cells;
}

Table ReadTable() {
  std::ifstream page(DAYPASS_SOURCE_DIR "/docs/requests.md");
  Table table;
  std::vector<std::string> head;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("|") || line.starts_with("|--")) continue;
    const std::vector<std::string> cells = Cells(line);
    if (head.empty()) {
      head = cells;
      continue;
    }
    for (size_t i = 1; i < cells.size(); ++i) table[{cells[0], head.at(i)}] = cells[i];
  }
  return table;
}

constexpr const char* kAgain = "asked again";
constexpr const char* kEnough = "enough approve";
constexpr const char* kOne = "one of two approves";
constexpr const char* kDeny = "denied";
constexpr const char* kCancel = "cancelled";
constexpr const char* kRevoke = "revoked";
constexpr const char* kPasses = "start_by` passes";
const std::vector<std::string> kEvents = {kAgain, kEnough, kOne, kDeny, kCancel, kRevoke};

/// A request, and what the table says of it.
struct Life {
  core::Statement statement;
  std::string id;
  std::string state = "pending";
  bool has_one = false;  // bob's approval
};

class LifeTest : public ServerTest {
 protected:
  LifeTest() : table_(ReadTable()) {
    PushPolicy(1);
    Enrol("web-1");
  }

  /// Two of sre have to say yes to "web-root".
  Life Begin() {
    Life life;
    life.statement = Statement();
    life.statement.role = "web-root";
    life.statement.role_digest = RoleDigest("web-root");
    life.statement.created = now_;
    life.statement.start_by = now_ + minutes{10};
    life.statement.reason = "life " + std::to_string(++begun_);
    life.id = Asked(life.statement);
    return life;
  }

  std::string StateOf(const Life& life) {
    const Outcome shown = Get("/v1/requests/" + life.id, "bob");
    return shown.Text("revoked_by").empty() ? shown.Text("state") : "revoked";
  }

  Outcome Happen(Life& life, const std::string& event) {
    if (event == kAgain) return Submit(life.statement);
    if (event == kOne) return Approve(life.id, "bob");
    if (event == kEnough) {
      Approve(life.id, "bob");
      return Approve(life.id, "carol");
    }
    const std::string path = "/v1/requests/" + life.id;
    ObjectBuilder why;
    why.String("reason", "so");
    if (event == kDeny) return Post(path + "/denial", why, "carol");
    if (event == kCancel) return Post(path + "/cancel", ObjectBuilder(), "alice");
    return Post("/v1/grants/" + life.id + "/revoke", why, "bob");
  }

  /// What the table says; an approval that it has already is no news.
  std::string Expected(const Life& life, const std::string& event) const {
    return event == kOne && life.has_one ? life.state : table_.at({life.state, event});
  }

  void Check(Life& life, const std::string& event) {
    const std::string expected = Expected(life, event);
    const Outcome outcome = Happen(life, event);
    const std::string at = life.state + ", " + event + ": " + outcome.body;
    if (expected == "refused") {
      EXPECT_EQ(outcome.status, 409) << at;
    } else {
      EXPECT_EQ(outcome.status, 200) << at;
      life.state = expected;
    }
    if (event == kOne && life.state == "pending") life.has_one = true;
    ASSERT_EQ(StateOf(life), life.state) << at;
  }

  void Age(std::vector<Life*> lives) {
    now_ += minutes{1};
    for (Life* life : lives) {
      if (now_ >= life->statement.start_by) life->state = table_.at({life->state, kPasses});
    }
  }

  /// A request in this state.
  Life In(const std::string& state) {
    Life life = Begin();
    if (state == "approved" || state == "revoked") Happen(life, kEnough);
    if (state == "revoked") Happen(life, kRevoke);
    if (state == "denied") Happen(life, kDeny);
    if (state == "cancelled") Happen(life, kCancel);
    if (state == "expired") now_ += minutes{10};
    life.state = state;
    return life;
  }

  Table table_;
  int begun_ = 0;
};

TEST_F(LifeTest, IsWhatThePageSays) {
  ASSERT_EQ(table_.size(), 6U * 7U) << "the page has another table";
  for (const char* state : {"pending", "approved", "denied", "cancelled", "expired", "revoked"}) {
    for (const std::string& event : kEvents) {
      Life life = In(state);
      ASSERT_EQ(StateOf(life), state);
      Check(life, event);
      if (HasFatalFailure()) return;
    }
    Life life = In(state);
    now_ += minutes{10};
    EXPECT_EQ(StateOf(life), table_.at({state, kPasses})) << state << " in the end";
  }
}

// CC-02, CC-03, and whatever else comes of several people at work on several requests at once.
TEST_F(LifeTest, IsTheSameInAnyOrder) {
  const char* text = std::getenv("DAYPASS_CASES");
  const int cases = text == nullptr ? kUsualCases : std::atoi(text);
  std::mt19937 random(20'261'123);
  const auto pick = [&](size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random);
  };
  for (int sequence = 0; sequence < cases; sequence += 3) {
    now_ += minutes{10};  // what the ones before left pending has run out
    if (sequence % 60 == 0) tokens_.clear();
    std::vector<Life> lives;
    for (int i = 0; i < 3; ++i) lives.push_back(Begin());
    for (int step = 0; step < 8; ++step) {
      Life& life = lives[pick(lives.size())];
      const size_t event = pick(kEvents.size() + 1);
      if (event == kEvents.size()) {
        Age({&lives[0], &lives[1], &lives[2]});
      } else {
        Check(life, kEvents[event]);
      }
      if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "sequence " << sequence;
    }
  }
}

}  // namespace
}  // namespace daypass::server
