// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// roles/*.toml: what may be asked for, where, by whom, and who must say yes.
#include "core/door.h"
#include "policy/pass.h"
#include "wire/limits.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kLabel = wire::AtMost(wire::kLine, 256);
using wire::Printable;

/// A text that is one of a few words.
std::string Word(TomlTable& table, const PlacedText& text, std::string_view key,
                 std::initializer_list<std::string_view> words) {
  std::string known;
  for (const std::string_view word : words) {
    if (word == text.value) return text.value;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  if (!text.value.empty()) {
    table.Fail(text.place, std::string(key) + ": \"" + Printable(text.value) +
                               "\" is not known; known are " + known);
  }
  return text.value;
}

std::vector<std::string> Doors(TomlTable& role, std::string_view key) {
  std::vector<std::string> names;
  for (const PlacedText& door : role.OptionalTexts(key, wire::kName)) {
    names.push_back(Word(role, door, key, {"sudo", "ssh", "su", "login", "cron", "doas", "run0"}));
  }
  return names;
}

/// One label of `any` or `not`: a table with a single key.
wire::ArrayBuilder LabelList(TomlTable& hosts, std::string_view key) {
  wire::ArrayBuilder list;
  for (TomlTable& item : hosts.OptionalTables(key)) {
    const auto labels = item.TextEntries(kLabel);
    if (labels.size() != 1) {
      item.Fail(item.place(), "write one label in each item, such as { tier = \"web\" }");
      continue;
    }
    list.Object(wire::ObjectBuilder().String(labels[0].first.c_str(), labels[0].second.value));
  }
  return list;
}

wire::ObjectBuilder ReadHosts(TomlTable hosts) {
  wire::ObjectBuilder json;
  if (hosts.Has("names")) {
    json.Strings("names", Values(hosts.Texts("names", wire::kHostName)));
    if (hosts.Has("all") || hosts.Has("any") || hosts.Has("not")) {
      hosts.Fail(hosts.place(), "write either names, or labels (all, any, not)");
    }
    hosts.Finish();
    return json;
  }
  if (std::optional<TomlTable> labels = hosts.OptionalTable("all")) {
    std::map<std::string, std::string> all;
    for (auto& [label, value] : labels->TextEntries(kLabel)) all.emplace(label, value.value);
    json.StringMap("all", all);
  } else if (!hosts.Has("any")) {
    hosts.Fail(hosts.place(), "this means no host; write names, or labels in all or any");
  }
  if (hosts.Has("any")) json.Array("any", LabelList(hosts, "any"));
  if (hosts.Has("not")) json.Array("not", LabelList(hosts, "not"));
  hosts.Finish();
  return json;
}

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

wire::ObjectBuilder ReadRunAs(TomlTable run_as) {
  wire::ObjectBuilder json;
  json.Strings("users", Values(run_as.Texts("users", wire::kAccount)));
  json.Strings("groups", Values(run_as.OptionalTexts("groups", wire::kAccount)));
  run_as.Finish();
  return json;
}

/// Length, start, uses, end. `limits`: the policy's own, which no role exceeds.
void ReadTimes(TomlTable& role, const core::Limits& limits, wire::ObjectBuilder& json) {
  json.Duration("max_duration_s", role.Duration("max_duration", limits.max_duration));
  json.Duration("max_offline_s", role.Duration("max_offline", limits.max_offline));
  std::vector<std::string> start;
  for (const PlacedText& rule : role.OptionalTexts("start", wire::kName)) {
    start.push_back(Word(role, rule, "start", {"approval", "first_use", "scheduled"}));
  }
  if (!role.Has("start")) start.emplace_back("approval");
  json.Strings("start", start);
  if (const auto uses = role.OptionalInteger("uses", 0, wire::kMaxUses)) json.Int("uses", *uses);
  const std::optional<PlacedText> on_end = role.OptionalText("on_end", wire::kName);
  json.String("on_end",
              on_end ? Word(role, *on_end, "on_end", {"notify", "terminate"}) : "terminate");
  if (const auto until = role.OptionalInstant("valid_until")) {
    json.Instant("valid_until_ms", *until);
  }
}

/// Commands and everything around them. Returns whether the role hands out root.
bool ReadPowers(TomlTable& role, wire::ObjectBuilder& json) {
  const bool full = role.OptionalFlag("full");
  if (full) json.Bool("full", true);
  bool equals_root = full;
  wire::ArrayBuilder rules;
  for (TomlTable& rule : role.OptionalTables("rules")) {
    const BuiltRule built = ReadRule(std::move(rule));
    equals_root = equals_root || built.equals_root;
    rules.Object(built.json);
  }
  json.Array("rules", rules);
  if (role.Has("env")) {
    json.Strings("env", Values(role.OptionalTexts("env", wire::AtMost(wire::kLine, 256))));
  }
  if (role.OptionalFlag("unwatched")) json.Bool("unwatched", true);
  const std::vector<std::string> blind = Doors(role, "command_blind_doors");
  if (!blind.empty()) json.Strings("command_blind_doors", blind);
  return equals_root;
}

void ReadRole(TomlTable role, Pass& pass, Named& roles) {
  const PlacedText name = role.Text("name", wire::kName);
  role.SetLabel("role \"" + Printable(name.value) + "\"");
  const auto [earlier, is_new] = pass.roles.emplace(name.value, name.place);
  if (!is_new) role.Fail(name.place, "this name is taken at " + earlier->second.Text());

  wire::ObjectBuilder json;
  json.String("name", name.value);
  json.String("description", role.Text("description", wire::AtMost(wire::kLine, 1024)).value);
  json.Object("hosts", ReadHosts(role.Table("hosts")));
  const std::vector<std::string> doors = Doors(role, "doors");
  if (doors.empty()) role.Fail(role.PlaceOf("doors"), "doors is missing, such as [\"sudo\"]");
  json.Strings("doors", doors);
  json.Object("run_as", ReadRunAs(role.Table("run_as")));
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
  role.Finish();
  roles.insert_or_assign(name.value, std::move(json));
}

}  // namespace

void ReadRoles(const TomlFile& file, Pass& pass, Named& roles) {
  TomlTable top(file, pass.fault);
  for (TomlTable& role : top.OptionalTables("role")) ReadRole(std::move(role), pass, roles);
  top.Finish();
}

}  // namespace daypass::policy
