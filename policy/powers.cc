// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What may be done and where: the part that roles and standing rules have in common.
#include "core/door.h"
#include "policy/pass.h"
#include "wire/limits.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kLabel = wire::AtMost(wire::kLine, 256);
using wire::Printable;

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

wire::ObjectBuilder ReadRunAs(TomlTable run_as) {
  wire::ObjectBuilder json;
  json.Strings("users", Values(run_as.Texts("users", wire::kAccount)));
  json.Strings("groups", Values(run_as.OptionalTexts("groups", wire::kAccount)));
  run_as.Finish();
  return json;
}

wire::ObjectBuilder ReadWindow(TomlTable window, Pass& pass) {
  wire::ObjectBuilder json;
  json.Strings("days", Values(window.Texts("days", wire::kWeekday)));
  const PlacedText from = window.Text("from", wire::kClockTime);
  const PlacedText to = window.Text("to", wire::kClockTime);
  if (from.value == to.value) {
    window.Fail(to.place, "to: the same time as from; a whole day is from 00:00 to 24:00");
  }
  const PlacedText zone = window.Text("zone", wire::kZoneName);
  pass.used_zones.push_back(zone);
  json.String("from", from.value).String("to", to.value).String("zone", zone.value);
  window.Finish();
  return json;
}

}  // namespace

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

wire::ArrayBuilder ReadWindows(TomlTable& table, std::string_view key, Pass& pass) {
  wire::ArrayBuilder array;
  for (TomlTable& window : table.OptionalTables(key)) {
    array.Object(ReadWindow(std::move(window), pass));
  }
  return array;
}

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

void ReadPlaces(TomlTable& table, Pass& pass, wire::ObjectBuilder& json) {
  json.Object("hosts", ReadHosts(table.Table("hosts")));
  const std::vector<std::string> doors = Doors(table, "doors");
  if (doors.empty()) table.Fail(table.PlaceOf("doors"), "doors is missing, such as [\"sudo\"]");
  json.Strings("doors", doors);
  json.Object("run_as", ReadRunAs(table.Table("run_as")));
  if (table.Has("windows")) json.Array("windows", ReadWindows(table, "windows", pass));
}

bool ReadRules(TomlTable& table, wire::ObjectBuilder& json) {
  bool equals_root = false;
  wire::ArrayBuilder rules;
  for (TomlTable& rule : table.OptionalTables("rules")) {
    const BuiltRule built = ReadRule(std::move(rule));
    equals_root = equals_root || built.equals_root;
    rules.Object(built.json);
  }
  json.Array("rules", rules);
  if (table.OptionalFlag("intercept")) json.Bool("intercept", true);
  if (table.Has("env")) {
    json.Strings("env", Values(table.OptionalTexts("env", wire::AtMost(wire::kLine, 256))));
  }
  return equals_root;
}

}  // namespace daypass::policy
