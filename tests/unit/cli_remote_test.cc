// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The server's word is held to the bytes it carries.
#include "cli/remote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/server_client.h"
#include "tests/unit/cli_fixture.h"
#include "wire/json_builder.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

wire::ObjectBuilder AsTheServerTells(const RemoteRequest& request, const std::string& id) {
  wire::ObjectBuilder json;
  json.String("id", id).String("short", core::ShortId(id)).String("state", request.state);
  json.String("statement", request.bytes).String("origin", request.origin);
  json.String("requested_by", "alice").Array("approvals", wire::ArrayBuilder());
  json.String("needed", "1 of approvers").String("news", "a field of the next version");
  json.Instant("created_ms", kNow).Instant("start_by_ms", kNow);
  return json;
}

TEST(Remote, TakesAStatementWhoseDigestIsItsId) {
  const RemoteRequest request = MakeRequest(MakeStatement(MakePolicy().policy));
  core::Result<RemoteRequest> read =
      ReadRemoteRequest(AsTheServerTells(request, request.statement.id).Take().get());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->statement.reason, "nginx does not start");
  EXPECT_EQ(read->bytes, request.bytes);
}

TEST(Remote, RefusesAStatementUnderAnotherId) {
  const RemoteRequest request = MakeRequest(MakeStatement(MakePolicy().policy));
  core::Result<RemoteRequest> read =
      ReadRemoteRequest(AsTheServerTells(request, std::string(64, '0')).Take().get());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("its id is not the digest of its statement"));
}

TEST(Remote, KnowsAnIdWhenItSeesOne) {
  EXPECT_TRUE(CheckId("g-abcdefghij234567"));
  EXPECT_TRUE(CheckId(std::string(64, '0')));
  for (const char* id : {"", "g-", "g-abcdefghij23456", "g-ABCDEFGHIJ234567", "g-abcdefghij234561",
                         "../requests", "g-abcdefghij23456/"}) {
    core::Result<std::string> checked = CheckId(id);
    ASSERT_FALSE(checked) << id;
    EXPECT_THAT(checked.error().what, HasSubstr("g- and 16 letters or digits"));
  }
}

TEST(ServerUrl, IsHttpsAndAHost) {
  EXPECT_EQ(*CheckServerUrl("https://daypass.example:8443/"), "https://daypass.example:8443");
  EXPECT_EQ(HostOfUrl("https://daypass.example:8443"), "daypass.example");
  EXPECT_EQ(HostOfUrl("https://daypass.example"), "daypass.example");
  EXPECT_EQ(HostOfUrl("https://[::1]:8443"), "::1");
  for (const char* url : {"", "http://x", "daypass.example", "https://", "https://a/b",
                          "https://user@a", "https://a?b"}) {
    EXPECT_FALSE(CheckServerUrl(url)) << url;
  }
}

TEST(ServerError, KeepsReasonFieldAndHint) {
  const core::Error error = ReadServerError(
      409, R"({"error":"conflict","field":"/name","message":"is taken","hint":"take another"})");
  EXPECT_EQ(error.code, core::Reason::kConflict);
  EXPECT_EQ(error.field, "/name");
  EXPECT_EQ(error.what, "is taken\ntake another");
}

TEST(ServerError, GoesByTheStatusWhereItDoesNotKnowTheReason) {
  EXPECT_EQ(ReadServerError(403, R"({"error":"new_reason","message":"x"})").code,
            core::Reason::kNotYours);
  EXPECT_EQ(ReadServerError(404, "<html>").code, core::Reason::kNotFound);
  EXPECT_EQ(ReadServerError(500, "").code, core::Reason::kProtocol);
  EXPECT_THAT(ReadServerError(401, "{}").what, HasSubstr("daypass login"));
}

TEST(ServerError, EscapesWhatTheServerWrites) {
  const core::Error error = ReadServerError(400, R"({"message":"a\u001b[2Jb\nc"})");
  EXPECT_EQ(error.what, "a\\e[2Jb\\nc") << "and cannot add lines of its own";
}

}  // namespace
}  // namespace daypass::cli
