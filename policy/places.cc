// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/places.h"

#include <algorithm>
#include <charconv>
#include <iterator>

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

/// Takes "3" of "3/keys/0", and leaves "keys/0".
std::string_view TakePart(std::string_view& rest) {
  const size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// The element that the next part counts to; null if there is none.
template <typename List>
auto TakeElement(const List& list, std::string_view& rest) {
  const std::string_view part = TakePart(rest);
  size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool is_there =
      error == std::errc{} && end == part.data() + part.size() && index < list.size();
  return is_there ? &*std::next(list.begin(), static_cast<ptrdiff_t>(index)) : nullptr;
}

wire::Place PlaceInPerson(const PersonPlaces& person, std::string_view rest) {
  if (TakePart(rest) != "keys") return person.person;
  const wire::Place* key = TakeElement(person.keys, rest);
  return key == nullptr ? person.person : *key;
}

wire::Place PlaceInRole(const RolePlaces& role, std::string_view rest) {
  const std::string_view part = TakePart(rest);
  const wire::Place* place = nullptr;
  if (part == "rules") place = TakeElement(role.rules, rest);
  if (part == "approve") place = TakeElement(role.approve, rest);
  return place == nullptr ? role.role : *place;
}

}  // namespace

Places FindPlaces(const Tree& tree) {
  Places places;
  places.head.file = tree.head.name;
  wire::Fault known_already;
  if (const auto file = wire::TomlFile::Parse(tree.head.text, tree.head.name, known_already)) {
    const TomlTable head(*file, known_already);
    places.head = head.place();
    places.administrators = head.PlaceOf("administrators");
    places.server = head.PlaceOf("server");
    places.limits = head.PlaceOf("limits");
  }
  ForEach(tree.people, "person", [&](const std::string& name, TomlTable& person) {
    places.people[name] = {person.place(), PlacesOf(person, "key")};
  });
  ForEach(tree.roles, "role", [&](const std::string& name, TomlTable& role) {
    places.roles[name] = {role.place(), PlacesOf(role, "rules"), PlacesOf(role, "approve")};
  });
  return places;
}

wire::Place PlaceOfPointer(const Places& places, std::string_view pointer) {
  pointer.remove_prefix(std::min<size_t>(1, pointer.size()));
  const std::string_view part = TakePart(pointer);
  if (part == "administrators") return places.administrators;
  if (part == "server") return places.server;
  if (part == "limits") return places.limits;
  // The document has them sorted by name, as the maps do.
  if (part == "people") {
    const auto* person = TakeElement(places.people, pointer);
    return person == nullptr ? places.head : PlaceInPerson(person->second, pointer);
  }
  if (part == "roles") {
    const auto* role = TakeElement(places.roles, pointer);
    return role == nullptr ? places.head : PlaceInRole(role->second, pointer);
  }
  return places.head;
}

}  // namespace daypass::policy
