// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// people/*.toml: who there is, which accounts and keys are theirs.
#include "policy/pass.h"
#include "wire/keys.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kKeyLine{1, 4096, wire::IsPlainLine, "an SSH public key on one line"};

wire::ObjectBuilder ReadKey(TomlTable key) {
  wire::ObjectBuilder json;
  json.String("key", KeyLine(key, key.Text("key", kKeyLine)));
  const std::vector<PlacedText> uses = key.Texts("uses", wire::kName);
  for (const PlacedText& use : uses) {
    if (use.value == "approve" || use.value == "administer" || use.value == "signin") continue;
    key.Fail(use.place, "uses: \"" + wire::Printable(use.value) +
                            "\" is not known; known are approve, administer, signin");
  }
  json.Strings("uses", Values(uses));
  if (key.OptionalFlag("touch")) json.Bool("touch", true);
  if (key.OptionalFlag("verify")) json.Bool("verify", true);
  key.Finish();
  return json;
}

wire::ArrayBuilder ReadMemberships(std::vector<TomlTable>& memberships, Pass& pass) {
  wire::ArrayBuilder array;
  for (TomlTable& membership : memberships) {
    wire::ObjectBuilder json;
    const std::string group = membership.Text("group", wire::kName).value;
    pass.groups.insert(group);
    json.String("group", group);
    if (const auto until = membership.OptionalInstant("valid_until")) {
      json.Instant("valid_until_ms", *until);
    } else {
      membership.Fail(membership.place(),
                      "valid_until is missing; a group without an end is written in groups");
    }
    membership.Finish();
    array.Object(json);
  }
  return array;
}

void ReadPerson(TomlTable person, Pass& pass, Named& people) {
  const std::string name = ReadName(person, "person", pass.people);

  wire::ObjectBuilder json;
  json.String("name", name);
  json.Strings("accounts", Values(person.OptionalTexts("accounts", wire::kAccount)));
  const std::vector<std::string> groups = Values(person.OptionalTexts("groups", wire::kName));
  pass.groups.insert(groups.begin(), groups.end());
  json.Strings("groups", groups);
  wire::ArrayBuilder keys;
  for (TomlTable& key : person.OptionalTables("key")) keys.Object(ReadKey(std::move(key)));
  json.Array("keys", keys);
  if (const auto until = person.OptionalInstant("valid_until")) {
    json.Instant("valid_until_ms", *until);
  }
  std::vector<TomlTable> memberships = person.OptionalTables("membership");
  if (!memberships.empty()) json.Array("memberships", ReadMemberships(memberships, pass));
  if (const auto kind = person.OptionalText("kind", wire::kName)) {
    if (Word(person, *kind, "kind", {"person", "service"}) == "service") {
      json.String("kind", "service");
    }
  }
  person.Finish();
  people.insert_or_assign(name, std::move(json));
}

}  // namespace

std::string KeyLine(TomlTable& table, const PlacedText& text) {
  if (text.value.empty()) return "";
  core::Result<wire::PublicKey> key = wire::ParsePublicKey(text.value);
  if (!key) {
    table.Fail(text.place, key.error().what);
    return "";
  }
  return key->line;
}

std::vector<std::string> KeyLines(TomlTable& table, std::string_view key) {
  std::vector<std::string> lines;
  for (const PlacedText& text : table.OptionalTexts(key, kKeyLine)) {
    lines.push_back(KeyLine(table, text));
  }
  return lines;
}

std::string ReadName(TomlTable& table, std::string_view what, std::map<std::string, Place>& taken) {
  PlacedText name = table.Text("name", wire::kName);
  table.SetLabel(std::string(what) + " \"" + wire::Printable(name.value) + "\"");
  const auto [earlier, is_new] = taken.emplace(name.value, name.place);
  if (!is_new) table.Fail(name.place, "this name is taken at " + earlier->second.Text());
  return std::move(name.value);
}

std::vector<std::string> Values(const std::vector<PlacedText>& texts) {
  std::vector<std::string> values;
  values.reserve(texts.size());
  for (const PlacedText& text : texts) values.push_back(text.value);
  return values;
}

std::vector<std::string> Use(const std::vector<PlacedText>& texts, std::vector<PlacedText>& used) {
  used.insert(used.end(), texts.begin(), texts.end());
  return Values(texts);
}

void ReadPeople(const TomlFile& file, Pass& pass, Named& people) {
  TomlTable top(file, pass.fault);
  for (TomlTable& person : top.OptionalTables("person")) {
    ReadPerson(std::move(person), pass, people);
  }
  top.Finish();
}

}  // namespace daypass::policy
