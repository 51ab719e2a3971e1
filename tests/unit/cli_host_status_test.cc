// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/host_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr core::Instant kNow = core::FromMillis(1'793'610'200'000);  // 2026-11-02 09:03:20 UTC

core::Result<HostStatus> Read(const char* status, const char* roles = R"({"roles":[]})") {
  core::Result<wire::Json> status_json = wire::ParseJson(status, {.max_bytes = 65536});
  core::Result<wire::Json> roles_json = wire::ParseJson(roles, {.max_bytes = 65536});
  EXPECT_TRUE(status_json && roles_json);
  return ReadHostStatus(*status_json, *roles_json);
}

std::string Render(const HostStatus& status) {
  setenv("TZ", "UTC", 1);
  tzset();
  return RenderHostStatus(status, kNow, Style(false));
}

TEST(HostStatus, SaysWhatYouHoldUntilWhen) {
  core::Result<HostStatus> status = Read(
      R"({"host":"web-1","user":"alice","mode":"enforce","clock":"anchored","freshness":"fresh",
          "policy_version":3,"server_ok_ms":1793610197000,"news":"of the next version",
          "grants":[{"id":"x","short":"g-a","role":"web-operator","reason":"nginx","state":"active",
                     "until_ms":1793610920000,"start_by_ms":1793613800000},
                    {"id":"y","short":"g-b","role":"web-operator","reason":"","state":"not_started",
                     "start_by_ms":1793613800000}],
          "requests":[{"id":"z","short":"g-c","state":"pending","text":"1 of approvers",
                       "start_by_ms":1793613800000}],
          "windows":[{"query":1}]})",
      R"({"roles":[{"name":"web-operator","description":"restart it","max_duration_s":28800,
          "guarded_by":"needs 1 of approvers"}]})");
  ASSERT_TRUE(status) << status.error().what;
  EXPECT_EQ(Render(*status), R"(host    web-1
mode    enforce: nothing passes without a grant
clock   anchored
server  fresh, heard 09:03:17, 3s ago
policy  version 3

YOU HOLD  ROLE          STATE        WINDOW                                         WHY
g-a       web-operator  active       ends 09:15:20, in 12m                          nginx
g-b       web-operator  not_started  starts with its first use, by 10:03:20, in 1h

YOU ASKED  STATE    LATEST START
g-c        pending  10:03:20, in 1h  1 of approvers

YOU MAY ASK FOR  AT MOST              GUARDED BY
web-operator     8h       restart it  needs 1 of approvers

1 of your commands run.
)");
}

TEST(HostStatus, SaysWhenThereIsNothing) {
  core::Result<HostStatus> status = Read(
      R"({"host":"web-1","mode":"permissive","clock":"unknown","freshness":"offline",
          "policy_version":0,"grants":[],"requests":[],"windows":[]})");
  ASSERT_TRUE(status) << status.error().what;
  const std::string text = Render(*status);
  EXPECT_THAT(text, HasSubstr("permissive: decides and records, stops nobody"));
  EXPECT_THAT(text, HasSubstr("offline, never heard"));
  EXPECT_THAT(text, HasSubstr("none held yet"));
  EXPECT_THAT(text, HasSubstr("You hold nothing here."));
  EXPECT_THAT(text, Not(HasSubstr("YOU MAY ASK FOR")));
}

TEST(HostStatus, RefusesWhatIsNoAnswer) {
  EXPECT_FALSE(Read(R"({"host":1})"));
}

}  // namespace
}  // namespace daypass::cli
