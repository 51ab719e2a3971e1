// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_role.h"

#include <utility>

#include "wire/limits.h"
#include "wire/policy.h"
#include "wire/policy_powers.h"

namespace daypass::wire {
namespace {

using core::Reason;
using core::Role;
using core::StartRule;

constexpr Count kSome{1, 1000};
constexpr Count kAny{0, 1000};

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

core::AutomaticApproval ReadAutomatic(ObjectReader& in) {
  core::AutomaticApproval automatic;
  in.Object("subjects",
            [&](ObjectReader& subjects) { automatic.subjects = ReadSubjects(subjects); });
  in.Object("hosts", [&](ObjectReader& hosts) { automatic.hosts = ReadHosts(hosts); });
  automatic.max_duration = in.Duration("max_duration_s", core::Seconds{1}, kMaxDuration);
  automatic.per_day = static_cast<uint32_t>(in.Int("per_day", 1, kMaxUses));
  return automatic;
}

core::ServerConditions ReadServerConditions(ObjectReader& in) {
  core::ServerConditions server;
  server.stages = in.OptBool("stages");
  if (in.Has("hours")) server.hours = ReadWindows(in, "hours");
  server.on_call = in.OptString("on_call", kName).value_or("");
  server.ticket = in.OptString("ticket", kLine).value_or("");
  if (const auto risk = in.OptInt("max_risk", 0, 100))
    server.max_risk = static_cast<uint32_t>(*risk);
  server.per_day = static_cast<uint32_t>(in.OptInt("per_day", 1, kMaxUses).value_or(0));
  return server;
}

/// How it ends.
void ReadEnd(ObjectReader& in, Role& role) {
  role.on_end = in.Enum<core::OnEnd>("on_end", {{"notify", core::OnEnd::kNotify},
                                                {"hangup", core::OnEnd::kHangup},
                                                {"terminate", core::OnEnd::kTerminate}});
  role.grace = core::Seconds{in.OptInt("grace_s", 1, kMaxGrace.count()).value_or(0)};
  if (!in.Has("warn_s")) return;
  for (const int64_t seconds : in.Ints("warn_s", 1, kMaxDuration.count(), {1, 8})) {
    role.warn.emplace_back(seconds);
  }
}

}  // namespace

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

core::ApprovalRule ReadApproval(ObjectReader& in) {
  core::ApprovalRule rule;
  rule.count = static_cast<uint32_t>(in.Int("count", 1, kMaxApprovers));
  rule.groups = in.Strings("groups", kName, kSome);
  rule.keys = ReadKeyUse(in, "keys");
  return rule;
}

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
  ReadPowers(in, role);
  role.full = in.OptBool("full");
  role.max_duration = in.Duration("max_duration_s", core::Seconds{1}, kMaxDuration);
  role.max_offline = in.Duration("max_offline_s", core::Seconds{0}, kMaxOffline);
  if (in.Has("max_pending_s")) {
    role.max_pending = in.Duration("max_pending_s", core::Seconds{1}, kMaxPending);
  }
  role.start = ReadStarts(in);
  role.uses = static_cast<uint32_t>(in.OptInt("uses", 0, kMaxUses).value_or(0));
  ReadEnd(in, role);
  in.Object("subjects", [&](ObjectReader& subjects) { role.subjects = ReadSubjects(subjects); });
  in.Objects("approve", {1, 16},
             [&](ObjectReader& rule) { role.approve.push_back(ReadApproval(rule)); });
  if (in.Has("command_blind_doors")) {
    role.command_blind_doors = ReadDoors(in, "command_blind_doors", kAny);
  }
  role.unwatched = in.OptBool("unwatched");
  role.valid_until = in.OptInstant("valid_until_ms");
  if (in.Has("automatic")) {
    in.Object("automatic", [&](ObjectReader& value) { role.automatic = ReadAutomatic(value); });
  }
  if (in.Has("server")) {
    in.Object("server", [&](ObjectReader& value) { role.server = ReadServerConditions(value); });
  }
  return role;
}

}  // namespace daypass::wire
