// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The small tables: doors, reasons, host selectors, short ids.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "core/door.h"
#include "core/hosts.h"
#include "core/reason.h"
#include "core/statement.h"

namespace daypass::core {
namespace {

TEST(Door, HasOneNameThatIsReadBack) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Door::kRun0); ++i) {
    const auto door = static_cast<Door>(i);
    EXPECT_TRUE(names.insert(DoorName(door)).second) << DoorName(door);
    EXPECT_EQ(ParseDoor(DoorName(door)), door);
  }
  EXPECT_EQ(ParseDoor(""), std::nullopt);
  EXPECT_EQ(ParseDoor("Sudo"), std::nullopt);
  EXPECT_EQ(ParseDoor("sshd"), std::nullopt);  // a service is not a door
}

TEST(Door, IsFoundByThePamServiceAndUnknownServicesAreAtNone) {
  const std::vector<std::pair<std::string, Door>> rows = {
      {"sudo", Door::kSudo}, {"sudo-i", Door::kSudo},
      {"sshd", Door::kSsh},  {"su", Door::kSu},
      {"su-l", Door::kSu},   {"login", Door::kLogin},
      {"cron", Door::kCron}, {"crond", Door::kCron},
      {"doas", Door::kDoas}, {"systemd-run0", Door::kRun0}};
  for (const auto& [service, door] : rows) EXPECT_EQ(DoorOfService(service), door) << service;
  using std::string_view_literals::operator""sv;
  for (std::string_view other : {""sv, "sudo2"sv, "SUDO"sv, "vsftpd"sv, "sudo\0i"sv, "sudo\0"sv}) {
    EXPECT_EQ(DoorOfService(other), std::nullopt) << other;
  }
}

TEST(Door, IsALoginExactlyWhereTheSubjectComesInAsItself) {
  for (Door door : {Door::kSsh, Door::kLogin, Door::kCron})
    EXPECT_TRUE(IsLogin(door)) << DoorName(door);
  for (Door door : {Door::kSudo, Door::kSu, Door::kDoas, Door::kRun0}) {
    EXPECT_FALSE(IsLogin(door)) << DoorName(door);
  }
}

TEST(Reason, HasOneNameAndOneTextThatIsASentenceWithoutFullStop) {
  std::set<std::string_view> names;
  std::set<std::string_view> texts;
  for (int i = 0; i <= static_cast<int>(Reason::kInternal); ++i) {
    const auto reason = static_cast<Reason>(i);
    const std::string_view name = ReasonName(reason);
    const std::string_view text = ReasonText(reason);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_TRUE(texts.insert(text).second) << text;
    EXPECT_EQ(ParseReason(name), reason);
    EXPECT_TRUE(std::ranges::all_of(name, [](char c) { return c == '_' || std::islower(c) != 0; }))
        << name;
    EXPECT_GT(text.size(), 10U) << name;
    EXPECT_NE(text.back(), '.') << name;
  }
}

// The names stand in records, on the wire and in the journal for good: interfaces are kept.
TEST(Reason, KeepsTheNamesThatWereOncePublished) {
  for (const char* name : {"granted",
                           "standing",
                           "exempt",
                           "root",
                           "breakglass",
                           "time_unknown",
                           "policy_missing",
                           "policy_expired",
                           "policy_behind",
                           "role_unknown",
                           "role_changed",
                           "status_stale",
                           "approvals_missing",
                           "approver_not_allowed",
                           "self_approval",
                           "touch_missing",
                           "revoked",
                           "dropped",
                           "suspended",
                           "not_started",
                           "expired",
                           "used_up",
                           "outside_hours",
                           "start_out_of_range",
                           "wrong_host",
                           "wrong_realm",
                           "wrong_door",
                           "wrong_runas",
                           "wrong_command",
                           "wrong_argument",
                           "wrong_file",
                           "wrong_cwd",
                           "option_refused",
                           "environment",
                           "intercept_missing",
                           "path_unsafe",
                           "digest",
                           "arguments_too_long",
                           "no_grant",
                           "wrong_subject",
                           "malformed",
                           "too_large",
                           "unknown_field",
                           "unknown_format",
                           "key_unknown",
                           "key_refused",
                           "bad_signature",
                           "wrong_namespace",
                           "below_threshold",
                           "rollback",
                           "equivocation",
                           "agent_silent",
                           "agent_untrusted",
                           "peer_refused",
                           "protocol",
                           "store_unavailable",
                           "containment_failed",
                           "too_late",
                           "internal"}) {
    EXPECT_NE(ParseReason(name), std::nullopt) << name;
  }
  EXPECT_EQ(ParseReason(""), std::nullopt);
  EXPECT_EQ(ParseReason("Granted"), std::nullopt);
}

TEST(Selects, MeansTheHostsThatItNames) {
  const HostSelector selector{{"web-1", "web-2"}, {}, {}, {}};
  EXPECT_TRUE(Selects(selector, "web-1", {}));
  EXPECT_TRUE(Selects(selector, "web-2", {{"env", "prod"}}));
  EXPECT_FALSE(Selects(selector, "web-3", {}));
  EXPECT_FALSE(Selects(selector, "web-1.example.org", {}));
  EXPECT_FALSE(Selects(selector, "", {}));
}

TEST(Selects, MeansNoHostWithoutACondition) {
  EXPECT_FALSE(Selects({}, "web-1", {{"env", "prod"}}));
}

TEST(Selects, WantsEveryLabelOfAllAndOneOfAny) {
  const HostSelector selector{
      {}, {{"env", "prod"}, {"site", "ber"}}, {{"tier", "web"}, {"tier", "db"}}, {}};
  EXPECT_TRUE(Selects(selector, "h", {{"env", "prod"}, {"site", "ber"}, {"tier", "web"}}));
  EXPECT_TRUE(Selects(selector, "h", {{"env", "prod"}, {"site", "ber"}, {"tier", "db"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "prod"}, {"tier", "web"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "test"}, {"site", "ber"}, {"tier", "web"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "prod"}, {"site", "ber"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "prod"}, {"site", "ber"}, {"tier", "mail"}}));
}

TEST(Selects, ByAnyLabelAloneButNotByWhatAHostIsNot) {
  EXPECT_TRUE(Selects({{}, {}, {{"tier", "web"}}, {}}, "h", {{"tier", "web"}}));
  EXPECT_FALSE(Selects({{}, {}, {{"tier", "web"}}, {}}, "h", {{"tier", "db"}}));
  EXPECT_FALSE(Selects({}, "h", {{"tier", "web"}}));
}

TEST(Selects, MatchesNothingByALabelThatTheHostLacksUnderNotToo) {
  const HostSelector selector{{}, {{"env", "prod"}}, {}, {{"pci", "yes"}}};
  EXPECT_TRUE(Selects(selector, "h", {{"env", "prod"}, {"pci", "no"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "prod"}, {"pci", "yes"}}));
  EXPECT_FALSE(Selects(selector, "h", {{"env", "prod"}}));
}

// Expected values: python3 -c 'base64.b32encode(bytes.fromhex(id))[:16].lower()'.
TEST(ShortId, IsTheFirstSixteenCharactersOfBase32) {
  EXPECT_EQ(ShortId("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            "g-4oymiquy7qobjgx3");
  EXPECT_EQ(ShortId(std::string(64, '0')), "g-aaaaaaaaaaaaaaaa");
  EXPECT_EQ(ShortId(std::string(64, 'f')), "g-7777777777777777");
}

TEST(ShortId, DependsOnExactlyTheFirstTwentyDigits) {
  const Digest id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  for (size_t i = 0; i < id.size(); ++i) {
    Digest other = id;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_EQ(ShortId(other) != ShortId(id), i < 20) << i;
  }
}

TEST(ShortId, IsEmptyForWhatIsNoDigest) {
  EXPECT_EQ(ShortId(""), "");
  EXPECT_EQ(ShortId("0123456789abcdef012"), "");
  EXPECT_EQ(ShortId("0123456789abcdef0123"),
            ShortId("0123456789abcdef0123" + std::string(44, 'f')));
}

}  // namespace
}  // namespace daypass::core
