// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/places.h"

namespace daypass::policy {
namespace {

using wire::TomlTable;

/// The tables named `key` of all files, each handed to `note` with its name.
template <typename Note>
void ForEach(const std::vector<SourceFile>& sources, std::string_view key, Note note) {
  for (const SourceFile& source : sources) {
    wire::Fault known_already;
    const auto file = wire::TomlFile::Parse(source.text, source.name, known_already);
    if (!file) continue;
    TomlTable top(*file, known_already);
    for (TomlTable& table : top.OptionalTables(key)) {
      note(table.Text("name", wire::kName).value, table);
    }
  }
}

std::vector<wire::Place> PlacesOf(TomlTable& table, std::string_view key) {
  std::vector<wire::Place> places;
  for (const TomlTable& item : table.OptionalTables(key)) places.push_back(item.place());
  return places;
}

}  // namespace

Places FindPlaces(const Tree& tree) {
  Places places;
  places.head.file = tree.head.name;
  ForEach(tree.people, "person", [&](const std::string& name, TomlTable& person) {
    places.people[name] = {person.place(), PlacesOf(person, "key")};
  });
  ForEach(tree.roles, "role", [&](const std::string& name, TomlTable& role) {
    places.roles[name] = {role.place(), PlacesOf(role, "rules"), PlacesOf(role, "approve")};
  });
  return places;
}

}  // namespace daypass::policy
