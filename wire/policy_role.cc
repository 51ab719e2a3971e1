// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_role.h"

#include <algorithm>
#include <utility>

#include "wire/limits.h"
#include "wire/policy.h"

namespace daypass::wire {
namespace {

using core::Door;
using core::Reason;
using core::Role;
using core::StartRule;

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

std::vector<StartRule> ReadStarts(ObjectReader& in) {
  std::vector<StartRule> starts;
  for (const std::string& name : in.Strings("start", AtMost(kName, 16), {1, 3})) {
    if (name == "approval") {
      starts.push_back(StartRule::kApproval);
    } else if (name == "first_use") {
      starts.push_back(StartRule::kFirstUse);
    } else if (name == "scheduled") {
      starts.push_back(StartRule::kScheduled);
    } else {
      in.Fail(Reason::kMalformed, "start",
              "\"" + name + "\" is no start rule; allowed: approval first_use scheduled");
    }
  }
  return starts;
}

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

core::Subjects ReadSubjects(ObjectReader& in) {
  core::Subjects subjects;
  if (in.Has("any")) {
    subjects.any = in.Bool("any");
    if (!subjects.any) in.Fail(Reason::kMalformed, "any", "may only be true; else leave it out");
    return subjects;
  }
  if (in.Has("people")) subjects.people = in.Strings("people", kName, kSome);
  if (in.Has("groups")) subjects.groups = in.Strings("groups", kName, kSome);
  if (subjects.people.empty() && subjects.groups.empty()) {
    in.Fail(Reason::kMalformed, "", "nobody; needs \"any\", \"people\" or \"groups\"");
  }
  return subjects;
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
  return rule;
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

core::ApprovalRule ReadApproval(ObjectReader& in) {
  core::ApprovalRule rule;
  rule.count = static_cast<uint32_t>(in.Int("count", 1, kMaxApprovers));
  rule.groups = in.Strings("groups", kName, kSome);
  rule.keys = ReadKeyUse(in, "keys");
  return rule;
}

}  // namespace

core::KeyUse ReadKeyUse(ObjectReader& in, const char* key) {
  return in.Enum<core::KeyUse>(key, {{"any", core::KeyUse::kAny},
                                     {"touch", core::KeyUse::kTouch},
                                     {"verify", core::KeyUse::kVerify}});
}

Role ReadRole(ObjectReader& in) {
  Role role;
  role.name = in.String("name", kName);
  role.description = in.String("description", kOptionalLine);
  role.digest = RoleDigest(in.object());
  in.Object("hosts", [&](ObjectReader& hosts) { role.hosts = ReadHosts(hosts); });
  role.doors = ReadDoors(in, "doors", kSome);
  in.Object("run_as", [&](ObjectReader& run_as) {
    role.run_as.users = run_as.Strings("users", kAccount, kAny);
    role.run_as.groups = run_as.Strings("groups", kAccount, kAny);
  });
  in.Objects("rules", kAny, [&](ObjectReader& rule) { role.rules.push_back(ReadRule(rule)); });
  role.full = in.OptBool("full");
  if (in.Has("env")) role.env = in.Strings("env", kVariable, kAny);
  role.max_duration = in.Duration("max_duration_s", core::Seconds{1}, kMaxDuration);
  role.max_offline = in.Duration("max_offline_s", core::Seconds{0}, kMaxOffline);
  role.start = ReadStarts(in);
  role.uses = static_cast<uint32_t>(in.OptInt("uses", 0, kMaxUses).value_or(0));
  role.on_end = in.Enum<core::OnEnd>(
      "on_end", {{"notify", core::OnEnd::kNotify}, {"terminate", core::OnEnd::kTerminate}});
  in.Object("subjects", [&](ObjectReader& subjects) { role.subjects = ReadSubjects(subjects); });
  in.Objects("approve", {1, 16},
             [&](ObjectReader& rule) { role.approve.push_back(ReadApproval(rule)); });
  if (in.Has("command_blind_doors")) {
    role.command_blind_doors = ReadDoors(in, "command_blind_doors", kAny);
  }
  role.unwatched = in.OptBool("unwatched");
  role.valid_until = in.OptInstant("valid_until_ms");
  return role;
}

}  // namespace daypass::wire
