// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// roles/*.toml: what may be asked for, where, by whom, and who must say yes.
#include "core/duration.h"
#include "core/pattern.h"
#include "policy/pass.h"
#include "wire/limits.h"

namespace daypass::policy {
namespace {

wire::ObjectBuilder ReadAutomatic(TomlTable automatic, Pass& pass) {
  wire::ObjectBuilder json;
  json.Object("subjects", ReadSubjects(automatic.Table("subjects"), pass));
  json.Object("hosts", ReadHosts(automatic.Table("hosts")));
  json.Duration("max_duration_s", automatic.Duration("max_duration", pass.limits.max_duration));
  json.Int("per_day", automatic.Integer("per_day", 1, wire::kMaxUses));
  automatic.Finish();
  return json;
}

wire::ObjectBuilder ReadServerConditions(TomlTable server, Pass& pass) {
  wire::ObjectBuilder json;
  if (server.OptionalFlag("stages")) json.Bool("stages", true);
  if (server.Has("hours")) json.Array("hours", ReadWindows(server, "hours", pass));
  if (const auto on_call = server.OptionalText("on_call", wire::kName)) {
    json.String("on_call", on_call->value);
  }
  if (const auto ticket = server.OptionalText("ticket", wire::kLine)) {
    if (const core::Result<void> compiles = core::CheckPattern(ticket->value); !compiles) {
      server.Fail(ticket->place, "ticket: " + compiles.error().what);
    }
    json.String("ticket", ticket->value);
  }
  if (const auto risk = server.OptionalInteger("max_risk", 0, 100)) json.Int("max_risk", *risk);
  if (const auto most = server.OptionalInteger("per_day", 1, wire::kMaxUses)) {
    json.Int("per_day", *most);
  }
  server.Finish();
  return json;
}

/// Length, start, uses, end. `limits`: the policy's own, which no role exceeds.
void ReadTimes(TomlTable& role, const core::Limits& limits, wire::ObjectBuilder& json) {
  json.Duration("max_duration_s", role.Duration("max_duration", limits.max_duration));
  json.Duration("max_offline_s", role.Duration("max_offline", limits.max_offline));
  if (role.Has("max_pending")) {
    json.Duration("max_pending_s", role.Duration("max_pending", limits.max_pending));
  }
  std::vector<std::string> start;
  for (const PlacedText& rule : role.OptionalTexts("start", wire::kName)) {
    start.push_back(Word(role, rule, "start", {"approval", "first_use", "scheduled"}));
  }
  if (!role.Has("start")) start.emplace_back("approval");
  json.Strings("start", start);
  if (const auto uses = role.OptionalInteger("uses", 0, wire::kMaxUses)) json.Int("uses", *uses);
  const std::optional<PlacedText> on_end = role.OptionalText("on_end", wire::kName);
  json.String("on_end", on_end ? Word(role, *on_end, "on_end", {"notify", "hangup", "terminate"})
                               : "terminate");
  if (role.Has("grace")) json.Duration("grace_s", role.Duration("grace", wire::kMaxGrace));
  if (role.Has("warn")) {
    wire::ArrayBuilder warn;
    for (const PlacedText& text : role.Texts("warn", wire::kLine)) {
      const core::Result<core::Seconds> before = core::ParseDuration(text.value);
      if (!before) role.Fail(text.place, "warn: " + before.error().what);
      if (before) warn.Int(before->count());
    }
    json.Array("warn_s", warn);
  }
  if (const auto until = role.OptionalInstant("valid_until")) {
    json.Instant("valid_until_ms", *until);
  }
}

/// Commands and what they may do. Returns whether the role hands out root.
bool ReadPowers(TomlTable& role, wire::ObjectBuilder& json) {
  const bool full = role.OptionalFlag("full");
  if (full) json.Bool("full", true);
  const bool equals_root = ReadRules(role, json) || full;
  if (role.OptionalFlag("unwatched")) json.Bool("unwatched", true);
  const std::vector<std::string> blind = Doors(role, "command_blind_doors");
  if (!blind.empty()) json.Strings("command_blind_doors", blind);
  return equals_root;
}

void ReadRole(TomlTable role, Pass& pass, Named& roles) {
  const std::string name = ReadName(role, "role", pass.roles);

  wire::ObjectBuilder json;
  json.String("name", name);
  json.String("description", role.Text("description", wire::AtMost(wire::kLine, 1024)).value);
  ReadPlaces(role, pass, json);
  const bool equals_root = ReadPowers(role, json);
  ReadTimes(role, pass.limits, json);
  json.Object("subjects", ReadSubjects(role.Table("subjects"), pass));
  wire::ArrayBuilder approve;
  std::vector<TomlTable> approvals = role.OptionalTables("approve");
  if (approvals.empty()) role.Fail(role.place(), "[[role.approve]] is missing: who says yes?");
  for (TomlTable& approval : approvals) {
    approve.Object(ReadApprove(std::move(approval), equals_root ? "touch" : "any", pass));
  }
  json.Array("approve", approve);
  if (std::optional<TomlTable> automatic = role.OptionalTable("automatic")) {
    json.Object("automatic", ReadAutomatic(*std::move(automatic), pass));
  }
  if (std::optional<TomlTable> server = role.OptionalTable("server")) {
    json.Object("server", ReadServerConditions(*std::move(server), pass));
  }
  role.Finish();
  roles.insert_or_assign(name, std::move(json));
}

}  // namespace

wire::ObjectBuilder ReadSubjects(TomlTable subjects, Pass& pass) {
  wire::ObjectBuilder json;
  const std::vector<PlacedText> people = subjects.OptionalTexts("people", wire::kName);
  const std::vector<PlacedText> groups = subjects.OptionalTexts("groups", wire::kName);
  const bool any = subjects.OptionalFlag("any");
  if (any == (!people.empty() || !groups.empty())) {
    subjects.Fail(subjects.place(), "write people, groups or both; or any = true alone");
  }
  if (any) json.Bool("any", true);
  if (!people.empty()) json.Strings("people", Use(people, pass.used_people));
  if (!groups.empty()) json.Strings("groups", Use(groups, pass.used_groups));
  subjects.Finish();
  return json;
}

wire::ObjectBuilder ReadApprove(TomlTable approve, std::string_view default_keys, Pass& pass) {
  wire::ObjectBuilder json;
  json.Int("count", approve.Integer("count", 1, wire::kMaxApprovers));
  json.Strings("groups", Use(approve.Texts("groups", wire::kName), pass.used_groups));
  const std::optional<PlacedText> keys = approve.OptionalText("keys", wire::kName);
  json.String("keys", keys ? Word(approve, *keys, "keys", {"any", "touch", "verify"})
                           : std::string(default_keys));
  approve.Finish();
  return json;
}

void ReadRoles(const TomlFile& file, Pass& pass, Named& roles) {
  TomlTable top(file, pass.fault);
  for (TomlTable& role : top.OptionalTables("role")) ReadRole(std::move(role), pass, roles);
  top.Finish();
}

}  // namespace daypass::policy
