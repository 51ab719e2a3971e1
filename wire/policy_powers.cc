// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_powers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/limits.h"

namespace daypass::wire {
namespace {

using core::Door;
using core::Reason;

constexpr Count kSome{1, 1000};
constexpr Count kAny{0, 1000};
constexpr StringRule kLabelValue = AtMost(kLine, 256);
constexpr StringRule kArgument{0, 4096, IsPlainLine, kLine.allowed};

bool IsVariable(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  return is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9');
         });
}
constexpr StringRule kVariable{1, 64, IsVariable, "the name of a variable: A-Z a-z 0-9 _"};

// A list of {label: value}, each with one label.
std::vector<std::pair<std::string, std::string>> ReadLabels(ObjectReader& in, const char* key) {
  std::vector<std::pair<std::string, std::string>> labels;
  in.Objects(key, kSome, [&](ObjectReader& label) {
    for (auto& [name, value] : label.Members(kName, kLabelValue, {1, 1})) {
      labels.emplace_back(name, value);
    }
  });
  return labels;
}

core::Matcher ReadMatcher(ObjectReader& in) {
  if (in.Has("is")) return core::MatchIs{in.String("is", kArgument)};
  if (in.Has("one_of")) return core::MatchOneOf{in.Strings("one_of", kArgument, kSome)};
  if (in.Has("under")) return core::MatchUnder{in.String("under", kPath)};
  if (in.Has("re")) return core::MatchPattern{in.String("re", kLine)};
  const std::vector<int64_t> range = in.Ints("int", -kMaxJsonInt, kMaxJsonInt, {2, 2});
  if (!in.ok()) return core::MatchIs{};
  if (range[0] > range[1]) in.Fail(Reason::kMalformed, "int", "the lower bound is the higher one");
  return core::MatchInt{range[0], range[1]};
}

core::CommandRule ReadCommand(ObjectReader& in) {
  core::CommandRule rule;
  rule.path = in.String("path", kPath);
  in.Objects("args", kAny, [&](ObjectReader& arg) { rule.args.push_back(ReadMatcher(arg)); });
  rule.rest_any = in.Enum<bool>("rest", {{"none", false}, {"any", true}});
  rule.cwd = in.OptString("cwd", kPath);
  rule.sha256 = in.OptString("sha256", kDigest);
  rule.equals_root = in.OptBool("equals_root");
  if (in.Has("may_run")) rule.may_run = in.Strings("may_run", kPath, kSome);
  return rule;
}

core::Hours ReadHours(ObjectReader& in) {
  core::Hours hours;
  for (const std::string& name : in.Strings("days", kWeekday, {1, 7})) {
    const auto day = static_cast<size_t>(std::ranges::find(kWeekdays, name) - kWeekdays.begin());
    if (hours.days[day]) in.Fail(Reason::kMalformed, "days", "\"" + name + "\" stands twice");
    hours.days[day] = true;
  }
  hours.from = ReadClockTime(in.String("from", kClockTime));
  hours.to = ReadClockTime(in.String("to", kClockTime));
  hours.zone = in.String("zone", kZoneName);
  if (!in.ok()) return hours;
  if (hours.from == hours.to) in.Fail(Reason::kMalformed, "to", "is the same time as \"from\"");
  if (hours.from == core::Seconds{86400}) in.Fail(Reason::kMalformed, "from", "write 00:00");
  return hours;
}

core::Rule ReadRule(ObjectReader& in) {
  core::Rule rule;
  rule.id = in.String("id", kName);
  if (in.Has("edit")) {
    core::EditRule edit;
    in.Object("edit",
              [&](ObjectReader& files) { edit.files = files.Strings("files", kPath, kSome); });
    rule.kind = std::move(edit);
  } else {
    rule.kind = ReadCommand(in);
  }
  return rule;
}

}  // namespace

core::HostSelector ReadHosts(ObjectReader& in) {
  core::HostSelector hosts;
  if (in.Has("names")) {
    hosts.names = in.Strings("names", kHostName, kSome);
    return hosts;  // labels beside names are unknown keys: it is one or the other
  }
  if (in.Has("all")) hosts.all = in.StringMap("all", kName, kLabelValue, kSome);
  if (in.Has("any")) hosts.any = ReadLabels(in, "any");
  if (in.Has("not")) hosts.none_of = ReadLabels(in, "not");
  if (hosts.all.empty() && hosts.any.empty()) {
    in.Fail(Reason::kMalformed, "", "selects no host; needs \"names\", \"all\" or \"any\"");
  }
  return hosts;
}

std::vector<core::Hours> ReadWindows(ObjectReader& in, const char* key) {
  std::vector<core::Hours> windows;
  in.Objects(key, {1, kMaxWindows},
             [&](ObjectReader& window) { windows.push_back(ReadHours(window)); });
  return windows;
}

std::vector<Door> ReadDoors(ObjectReader& in, const char* key, Count count) {
  std::vector<Door> doors;
  for (const std::string& name : in.Strings(key, AtMost(kName, 16), count)) {
    const std::optional<Door> door = core::ParseDoor(name);
    if (!door) {
      in.Fail(Reason::kMalformed, key,
              "\"" + name + "\" is no door; doors: sudo ssh su login cron doas run0");
      break;
    }
    doors.push_back(*door);
  }
  return doors;
}

void ReadPowers(ObjectReader& in, core::Powers& powers) {
  in.Object("hosts", [&](ObjectReader& hosts) { powers.hosts = ReadHosts(hosts); });
  powers.doors = ReadDoors(in, "doors", kSome);
  in.Object("run_as", [&](ObjectReader& run_as) {
    powers.run_as.users = run_as.Strings("users", kAccount, kAny);
    powers.run_as.groups = run_as.Strings("groups", kAccount, kAny);
  });
  if (in.Has("env")) powers.env = in.Strings("env", kVariable, kAny);
  if (in.Has("windows")) powers.windows = ReadWindows(in, "windows");
  in.Objects("rules", kAny, [&](ObjectReader& rule) { powers.rules.push_back(ReadRule(rule)); });
  powers.intercept = in.OptBool("intercept");
}

}  // namespace daypass::wire
