// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a denied person reads.
#include "agent/wording.h"

#include <gmock/gmock.h>

#include "tests/unit/core_fixture.h"

namespace daypass::agent {
namespace {

using testing::HasSubstr;
using testing::Not;

core::Query Restart() {
  core::Query query;
  query.user = "alice";
  query.uid = 1001;
  query.command = query.command_path.canonical = "/usr/bin/systemctl";
  query.command_path.safe = true;
  query.args = {"restart", "nginx"};
  query.runas_user = "root";
  return query;
}

struct Scene {
  core::Policy policy = core::MakePolicy();
  core::HostIdentity host{core::kRealm, "web-1", {}};
  core::Snapshot snapshot;
  Scene() {
    snapshot.host = &host;
    snapshot.policy = &policy;
    snapshot.now = core::Now{core::kNoon, core::kNoon};
  }
};

TEST(Wording, NamesTheCommandTheReasonAndTheWayToAsk) {
  Scene scene;
  const Wording wording = Explain(scene.snapshot, Restart(), {});
  EXPECT_THAT(wording.text, HasSubstr("/usr/bin/systemctl restart nginx as root"));
  EXPECT_THAT(wording.text, HasSubstr("you hold no grant"));
  EXPECT_THAT(wording.hint, HasSubstr("daypass request --role web-operator"));
}

TEST(Wording, OffersNoRoleThatWouldNotAllowTheCommand) {
  Scene scene;
  core::Query query = Restart();
  query.args = {"stop", "sshd"};
  const Wording wording = Explain(scene.snapshot, query, {});
  EXPECT_EQ(wording.hint, "");
  EXPECT_THAT(wording.text, HasSubstr("administrators"));
}

// PL-26's text, and LG-05's kind of input: a terminal obeys nothing of it.
TEST(Wording, ShowsNoByteThatATerminalObeys) {
  Scene scene;
  core::Query query = Restart();
  query.args = {"\x1b]0;owned\x07", "a\nb"};
  const Wording wording = Explain(scene.snapshot, query, {});
  EXPECT_THAT(wording.text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(wording.text, HasSubstr("?]0;owned? a?b"));
}

TEST(Wording, SaysWhenTheWindowEnded) {
  Scene scene;
  core::Decision decision;
  decision.reason = core::Reason::kExpired;
  decision.until = core::kNoon - core::Seconds{60};
  EXPECT_THAT(Explain(scene.snapshot, Restart(), decision).text, HasSubstr("Z"));
}

}  // namespace
}  // namespace daypass::agent
