// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/statement.h"

#include <gtest/gtest.h>

#include <span>

#include "wire/digest.h"
#include "wire/signin.h"
#include "wire/status.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

struct Change {
  std::string_view from, to, place;
  Reason code = Reason::kMalformed;
};

template <typename Parse>
void ExpectRefused(const std::string& good, Parse parse, std::span<const Change> changes) {
  ASSERT_TRUE(parse(good));
  for (const Change& change : changes) {
    const auto result = parse(Replaced(good, change.from, change.to));
    ASSERT_FALSE(result) << change.to;
    EXPECT_EQ(core::ReasonName(result.error().code), core::ReasonName(change.code)) << change.to;
    EXPECT_EQ(result.error().field, change.place) << change.to;
  }
}

TEST(Statement, ComesBackAsItWas) {
  core::Statement statement = MakeStatement();
  statement.hosts = {"web-1", "web-2"};
  statement.start = core::StartRule::kScheduled;
  statement.start_at = core::FromMillis(1'800'001'000'000);
  statement.ticket = "OPS-7";
  statement.extends = std::string(64, 'e');
  const std::string bytes = EncodeStatement(statement, kNonce);
  const auto again = ParseStatement(bytes);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->id, Sha256Hex(bytes));
  EXPECT_EQ(again->realm, statement.realm);
  EXPECT_EQ(again->subject, statement.subject);
  EXPECT_EQ(again->requester, statement.requester);
  EXPECT_EQ(again->role, statement.role);
  EXPECT_EQ(again->role_digest, statement.role_digest);
  EXPECT_EQ(again->policy_version, statement.policy_version);
  EXPECT_EQ(again->hosts, statement.hosts);
  EXPECT_EQ(again->duration, statement.duration);
  EXPECT_EQ(again->start, statement.start);
  EXPECT_EQ(again->start_at, statement.start_at);
  EXPECT_EQ(again->start_by, statement.start_by);
  EXPECT_EQ(again->uses, statement.uses);
  EXPECT_EQ(again->reason, statement.reason);
  EXPECT_EQ(again->ticket, statement.ticket);
  EXPECT_EQ(again->created, statement.created);
  EXPECT_EQ(again->extends, statement.extends);
  EXPECT_EQ(EncodeStatement(*again, kNonce), bytes);
}

TEST(Statement, HasAnotherIdWithAnotherNonce) {
  EXPECT_NE(ParseStatement(EncodeStatement(MakeStatement(), kNonce))->id,
            ParseStatement(EncodeStatement(MakeStatement(), kRealm))->id);
}

// The id is that of the bytes, whatever they look like: nothing is written anew to verify it.
TEST(Statement, MayBeWrittenWithOneFieldALine) {
  const std::string bytes =
      Replaced(EncodeStatement(MakeStatement(), kNonce), R"(,"subject")", ",\n \"subject\"");
  ASSERT_TRUE(ParseStatement(bytes));
  EXPECT_EQ(ParseStatement(bytes)->id, Sha256Hex(bytes));
}

TEST(Statement, IsRefusedWhereAValueIsNotAllowed) {
  const Change changes[] = {
      {R"("hosts":["web-1"])", R"("hosts":[])", "/hosts"},
      {R"("hosts":["web-1"])", R"("hosts":["web-1","web-1"])", "/hosts"},
      {R"("hosts":["web-1"])", R"("hosts":["*"])", "/hosts/0"},
      {R"("uses":0)", R"("uses":-1)", "/uses"},
      {R"("hosts":["web-1"])", R"("hosts":["web-1"],"other":1)", "/other", Reason::kUnknownField},
      {R"("duration_s":1800)", R"("duration_s":0)", "/duration_s"},
      {R"("duration_s":1800)", R"("duration_s":2592001)", "/duration_s"},
      {R"("rule":"approval")", R"("rule":"now")", "/start/rule"},
      {R"("rule":"approval")", R"("rule":"scheduled")", "/start/at_ms"},
      {R"("rule":"approval")", R"("rule":"approval","at_ms":1)", "/start/at_ms"},
      {R"("start_by_ms":1800003600000)", R"("start_by_ms":1800000000000)", "/start_by_ms"},
      {R"("kind":"normal")", R"("kind":"breakglass")", "/kind"},
      {R"("subject":"alice")", R"("subject":"root:x")", "/subject"},
      {R"("subject":"alice")", R"("subject":"")", "/subject"},
      {R"("role_digest":"a)", R"("role_digest":"A)", "/role_digest"},
      {R"("reason":"nginx does not answer")", R"("reason":"")", "/reason"},
      {R"("type":"grant")", R"("type":"request")", "/type", Reason::kWrongNamespace},
      {R"("format":1)", R"("format":2)", "/format", Reason::kUnknownFormat},
      {R"("realm":"00)", R"("realm":"0)", "/realm"},
  };
  ExpectRefused(EncodeStatement(MakeStatement(), kNonce), ParseStatement, changes);
}

// GF-33: text that approvers read. Controls: a reason at its limit, and one of other letters.
TEST(Statement, IsRefusedWithTextThatReadsOtherThanItIsWritten) {
  const auto parse = [](std::string_view reason) {
    core::Statement statement = MakeStatement();
    statement.reason = reason;
    const auto parsed = ParseStatement(EncodeStatement(statement, kNonce));
    return parsed ? Reason::kGranted : parsed.error().code;
  };
  EXPECT_EQ(parse(std::string(1024, 'x')), Reason::kGranted);
  EXPECT_EQ(parse("n\xC3\xA4"
                  "chtlich"),
            Reason::kGranted);
  EXPECT_EQ(parse(std::string(1025, 'x')), Reason::kTooLarge);
  EXPECT_EQ(parse(std::string(1 << 20, 'x')), Reason::kTooLarge);
  EXPECT_EQ(parse("a\nb"), Reason::kMalformed);
  EXPECT_EQ(parse("a\x1B[2Jb"), Reason::kMalformed);
  EXPECT_EQ(parse("harmless \xE2\x80\xAE"), Reason::kMalformed);
}

// GF-34: as many hosts as allowed, and one more.
TEST(Statement, NamesAtMostFiveHundredHosts) {
  core::Statement statement = MakeStatement();
  for (int i = 2; i <= 500; ++i) statement.hosts.push_back("web-" + std::to_string(i));
  EXPECT_TRUE(ParseStatement(EncodeStatement(statement, kNonce)));
  statement.hosts.emplace_back("web-501");
  const auto over = ParseStatement(EncodeStatement(statement, kNonce));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Reason::kTooLarge);
}

TEST(Statement, CountsUsesOnOneHostOnly) {
  core::Statement statement = MakeStatement();
  statement.uses = 2;
  EXPECT_TRUE(ParseStatement(EncodeStatement(statement, kNonce)));
  statement.hosts.emplace_back("web-2");
  EXPECT_EQ(ParseStatement(EncodeStatement(statement, kNonce)).error().field, "/uses");
}

core::Status MakeStatus() {
  core::Status status;
  status.realm = kRealm;
  status.host = "web-1";
  status.number = kNonce;
  status.time = core::FromMillis(1'800'000'000'000);
  status.policy_version = 3;
  status.revoked = {{std::string(64, 'a'), "", core::FromMillis(5)},
                    {"", "bob", core::FromMillis(6)}};
  status.suspended = {{"carol"}, {"SHA256:" + std::string(43, 'x')}};
  status.receipt = {9, std::string(64, 'd')};
  return status;
}

TEST(Status, ComesBackAsItWas) {
  const core::Status status = MakeStatus();
  const auto again = ParseStatus(EncodeStatus(status));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->host, status.host);
  EXPECT_EQ(again->number, status.number);
  EXPECT_EQ(again->time, status.time);
  EXPECT_EQ(again->policy_version, status.policy_version);
  ASSERT_EQ(again->revoked.size(), 2u);
  EXPECT_EQ(again->revoked[0].id, status.revoked[0].id);
  EXPECT_EQ(again->revoked[1].person, "bob");
  EXPECT_EQ(again->revoked[1].at, core::FromMillis(6));
  EXPECT_EQ(again->suspended.people, status.suspended.people);
  EXPECT_EQ(again->suspended.keys, status.suspended.keys);
  EXPECT_EQ(again->receipt.seq, 9u);
  EXPECT_EQ(again->receipt.digest, status.receipt.digest);
}

TEST(Status, OfAHostWithoutRecordsHasAnEmptyReceipt) {
  core::Status status = MakeStatus();
  status.receipt = {};
  EXPECT_TRUE(ParseStatus(EncodeStatus(status)));
}

TEST(Status, IsRefusedWhereAValueIsNotAllowed) {
  const Change changes[] = {
      {R"("person":"bob")", R"("people":"bob")", "/revoked/1"},
      {R"("person":"bob")", R"("person":"bob","x":1)", "/revoked/1/x", Reason::kUnknownField},
      {R"("person":"bob")",
       R"("person":"bob","id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")",
       "/revoked/1"},
      {R"("people":["carol"])", R"("people":["carol"],"x":[])", "/suspended/x",
       Reason::kUnknownField},
      {R"("seq":9)", R"("seq":-9)", "/receipt/seq"},
      {R"("number":"0)", R"("number":"x)", "/number"},
      {R"("host":"web-1")", R"("host":"Web 1")", "/host"},
      {R"("format":1)", R"("format":0)", "/format", Reason::kUnknownFormat},
      {R"("type":"status")", R"("type":"grant")", "/type", Reason::kWrongNamespace},
  };
  ExpectRefused(EncodeStatus(MakeStatus()), ParseStatus, changes);
}

// GF-34: a status one byte above its limit, before a single revocation is read.
TEST(Status, IsRefusedAboveItsLimit) {
  const std::string good = EncodeStatus(MakeStatus());
  EXPECT_TRUE(ParseStatus(good + std::string((256 << 10) - good.size(), ' ')));
  const auto over = ParseStatus(good + std::string((256 << 10) - good.size() + 1, ' '));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Reason::kTooLarge);
}

TEST(Signin, ComesBackAsItWas) {
  const Signin signin{kRealm, "bob", "daypass.example.org", kNonce, core::FromMillis(7)};
  const auto again = ParseSignin(EncodeSignin(signin));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->person, "bob");
  EXPECT_EQ(again->server, signin.server);
  EXPECT_EQ(again->number, kNonce);
  EXPECT_EQ(again->expires, signin.expires);
  const Change changes[] = {
      {R"("person":"bob")", R"("person":"Bob")", "/person"},
      {R"("person":"bob")", R"("person":"bob","as":"carol")", "/as", Reason::kUnknownField},
      {R"("type":"signin")", R"("type":"grant")", "/type", Reason::kWrongNamespace},
  };
  ExpectRefused(EncodeSignin(signin), ParseSignin, changes);
}

}  // namespace
}  // namespace daypass::wire
