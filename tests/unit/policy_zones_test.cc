// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Rules of zones from the system's tables, and ten years of them beside what the system itself
// says: zdump at every change, libc at every quarter of an hour.
#include "policy/zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "core/hours.h"

namespace daypass::policy {
namespace {

using core::Hours;
using core::Instant;
using core::Seconds;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

const std::string kFolder = "/usr/share/zoneinfo";
constexpr Instant kFrom = std::chrono::sys_days{2026y / 1 / 1};
constexpr Instant kTo = std::chrono::sys_days{2036y / 1 / 1};
constexpr Seconds kStep = 15min;

/// North and south, half and quarter hours, winter time as the exception (Dublin), changes at
/// midnight (Beirut, Cairo, Havana), at 24:00 (Santiago), before it (Nuuk), at 26:00 (Jerusalem).
const std::vector<std::string> kNames = {"Africa/Cairo",
                                         "America/Havana",
                                         "America/New_York",
                                         "America/Nuuk",
                                         "America/Santiago",
                                         "America/St_Johns",
                                         "Asia/Beirut",
                                         "Asia/Jerusalem",
                                         "Asia/Kathmandu",
                                         "Asia/Tokyo",
                                         "Australia/Sydney",
                                         "Australia/Lord_Howe",
                                         "Europe/Berlin",
                                         "Europe/Dublin",
                                         "Europe/London",
                                         "Pacific/Auckland",
                                         "Pacific/Chatham",
                                         "Pacific/Easter",
                                         "UTC"};

core::Zone ZoneNamed(const std::string& name) {
  const core::Result<std::string> rule = ReadZoneRule(kFolder, name, kFrom);
  EXPECT_TRUE(rule) << rule.error().what;
  return rule ? *core::ParseZone(*rule) : core::Zone{};
}

Seconds OffsetAt(const core::Zone& zone, Instant at) {
  return core::ToLocal(zone, at).time_since_epoch() -
         std::chrono::floor<Seconds>(at).time_since_epoch();
}

/// What libc shows on the wall.
class SystemZone {
 public:
  explicit SystemZone(const std::string& name) {
    setenv("TZ", (":" + name).c_str(), 1);  // NOLINT(concurrency-mt-unsafe): tests have one thread
    tzset();
  }
  ~SystemZone() {
    unsetenv("TZ");  // NOLINT(concurrency-mt-unsafe)
    tzset();
  }
  SystemZone(const SystemZone&) = delete;
  SystemZone& operator=(const SystemZone&) = delete;

  core::LocalTime Wall(Instant at) const {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm local{};
    localtime_r(&seconds, &local);
    return core::LocalTime{Seconds{seconds + local.tm_gmtoff}};
  }
};

struct Change {
  Instant at;
  Seconds offset;
};

/// The lines of zdump: each change, a second before it and at it.
std::vector<Change> Zdump(const std::string& name) {
  std::vector<Change> changes;
  FILE* pipe = popen(("TZ=UTC LC_ALL=C zdump -v -c 2026,2036 " + name).c_str(), "re");  // NOLINT
  char line[512];
  while (pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr) {
    std::tm utc{};
    const char* rest = strptime(line + name.size(), " %a %b %d %H:%M:%S %Y UT = ", &utc);
    const char* offset = std::strstr(line, "gmtoff=");
    if (rest == nullptr || offset == nullptr) continue;
    changes.push_back(
        {Instant{Seconds{timegm(&utc)}}, Seconds{std::strtol(offset + 7, nullptr, 10)}});
  }
  if (pipe != nullptr) pclose(pipe);
  return changes;
}

TEST(Zones, ChangeWhenZdumpSaysForTenYears) {
  size_t compared = 0;
  for (const std::string& name : kNames) {
    const core::Zone zone = ZoneNamed(name);
    for (const Change& change : Zdump(name)) {
      if (change.at < kFrom || change.at >= kTo) continue;
      EXPECT_EQ(OffsetAt(zone, change.at), change.offset)
          << name << " " << change.at.time_since_epoch().count();
      ++compared;
    }
  }
  EXPECT_GE(compared, size_t{12 * 10 * 4}) << "zdump has told of too few changes";
}

/// Hours of many kinds, one set for each hour of the day and more around the usual changes.
std::vector<std::vector<Hours>> SomeHours(const std::string& zone) {
  const std::array<bool, 7> all{true, true, true, true, true, true, true};
  const std::array<bool, 7> week{false, true, true, true, true, true, false};
  const std::array<bool, 7> sunday{true};
  return {{{week, 8h, 18h, zone}},
          {{all, 22h, 6h, zone}},
          {{all, 0h, 24h, zone}},
          {{sunday, 2h + 15min, 2h + 45min, zone}},
          {{all, 1h, 2h + 30min, zone}, {all, 2h + 30min, 3h, zone}},
          {{all, 23h + 30min, 30min, zone}},
          {{all, 0h, 1h, zone}, {all, 2h, 3h, zone}, {week, 23h, 24h, zone}}};
}

/// The naive one: a wall that is never set back shows a time inside.
bool IsOpenNaively(const std::vector<Hours>& hours, core::LocalTime furthest) {
  const auto today = std::chrono::floor<std::chrono::days>(furthest);
  for (const Hours& each : hours) {
    for (const auto day : {today - std::chrono::days{1}, today}) {
      if (!each.days[std::chrono::weekday{day}.c_encoding()]) continue;
      const auto end = day + each.to + (each.to > each.from ? 0h : 24h);
      if (day + each.from <= furthest && furthest < end) return true;
    }
  }
  return false;
}

#ifdef __SANITIZE_ADDRESS__
constexpr size_t kRarely = 290;  // what is compared is the same without the sanitizers, and slow
constexpr auto kAround = 3h;
constexpr size_t kEnough = 100'000;
#else
constexpr size_t kRarely = 29;
constexpr auto kAround = 24h;
constexpr size_t kEnough = 1'000'000;
#endif

// TM-12: the host's zone (TZ) is each of them in turn. Control: they are open when they should be.
TEST(Hours, AreOpenWhenAWallThatIsNeverSetBackShowsATimeInsideForTenYears) {
  size_t compared = 0;
  for (const std::string& name : kNames) {
    const core::Zones zones = {{name, ZoneNamed(name)}};
    const SystemZone system(name);
    const std::vector<std::vector<Hours>> sets = SomeHours(name);
    Instant changed = kFrom;
    Seconds offset{0};
    core::LocalTime furthest = system.Wall(kFrom - 24h);
    size_t step = 0;
    for (Instant now = kFrom; now < kTo; now += kStep, ++step) {
      const core::LocalTime wall = system.Wall(now);
      furthest = std::max(furthest, wall);
      const Seconds ahead = wall.time_since_epoch() - Seconds{core::ToMillis(now) / 1000};
      if (ahead != std::exchange(offset, ahead)) changed = now;
      if (now - changed > kAround && step % kRarely != 0) continue;
      ASSERT_EQ(core::ToLocal(zones.at(name), now), wall) << name << " " << core::ToMillis(now);
      for (size_t i = 0; i < sets.size(); ++i) {
        const auto until = core::OpenUntil(sets[i], zones, {now, now}, now);
        ASSERT_EQ(until.has_value(), IsOpenNaively(sets[i], furthest))
            << name << ", hours " << i << ", " << core::ToMillis(now);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, kEnough);
}

TEST(NextOpening, IsShutBeforeAndOpenFromThere) {
  for (const std::string& name : kNames) {
    const core::Zones zones = {{name, ZoneNamed(name)}};
    for (const std::vector<Hours>& hours : SomeHours(name)) {
      const auto is_open = [&](Instant at) {
        return core::OpenUntil(hours, zones, {at, at}, at).has_value();
      };
      for (Instant now = kFrom; now < kTo; now += 37h * 11) {
        const auto until = core::OpenUntil(hours, zones, {now, now}, now + 48h);
        if (until && *until < now + 48h) {
          ASSERT_TRUE(is_open(*until - core::Millis{1})) << name;
          ASSERT_FALSE(is_open(*until)) << name;
        }
        const auto next = core::NextOpening(hours, zones, now);
        ASSERT_TRUE(next);
        ASSERT_GT(next->at, now);
        ASSERT_TRUE(is_open(next->at)) << name;
        if (!until) {
          ASSERT_FALSE(is_open(next->at - core::Millis{1})) << name;
        }
      }
    }
  }
}

std::string FileOf(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream(kFolder + "/" + name, std::ios::binary).rdbuf();
  return bytes.str();
}

TEST(ZoneRule, IsTheLastLineOfTheSystemsTable) {
  EXPECT_EQ(*ReadZoneRule(kFolder, "Europe/Berlin", kFrom), "CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(*ReadZoneRule(kFolder, "UTC", kFrom), "UTC0");
}

TEST(ZoneRule, IsRefusedForWhatIsNoZone) {
  const auto error = [](const std::string& name) {
    const core::Result<std::string> rule = ReadZoneRule(kFolder, name, kFrom);
    return rule ? "taken: " + *rule : rule.error().what;
  };
  EXPECT_THAT(error("Europe/Berlim"), HasSubstr("no time zone \"Europe/Berlim\""));
  EXPECT_THAT(error("Europe"), HasSubstr("no time zone \"Europe\""));
  EXPECT_THAT(error("zone.tab"), HasSubstr("no table of a time zone"));
}

// Its table lists the months of Ramadan up to 2087, and its rule knows nothing of them.
TEST(ZoneRule, IsRefusedWhereItDoesNotSayWhatTheTableSays) {
  const core::Result<std::string> rule = ReadZoneRule(kFolder, "Africa/Casablanca", kFrom);
  ASSERT_FALSE(rule);
  EXPECT_THAT(rule.error().what, HasSubstr("in ways that no rule can say"));
  std::string berlin = FileOf("Europe/Berlin");
  const size_t at = berlin.rfind("M10.5.0/3");
  ASSERT_NE(at, berlin.npos);
  EXPECT_TRUE(RuleOfZoneFile(berlin, kFrom)) << "control";
  berlin.replace(at, 9, "M10.4.0/3");
  EXPECT_FALSE(RuleOfZoneFile(berlin, kFrom));
}

TEST(ZoneRule, IsRefusedOfEveryTornTable) {
  const std::string berlin = FileOf("Europe/Berlin");
  for (size_t size = 0; size < berlin.size(); ++size) {
    EXPECT_FALSE(RuleOfZoneFile(std::string_view(berlin).substr(0, size), kFrom)) << size;
  }
  for (size_t at = 0; at < 44; ++at) {  // counts that lie
    for (const char byte : {'\x7f', '\xff'}) {
      std::string torn = berlin;
      torn[at] = byte;
      (void)RuleOfZoneFile(torn, kFrom);  // under the sanitizers: reads nothing that is not there
    }
  }
}

}  // namespace
}  // namespace daypass::policy
