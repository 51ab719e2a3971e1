// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What one pass over a tree gathers besides the document: names that are defined, names that are
// used, and where, so that a misspelt group is found in the line that misspells it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/policy.h"
#include "wire/json_builder.h"
#include "wire/toml_table.h"

namespace daypass::policy {

using wire::Fault;
using wire::Place;
using wire::PlacedText;
using wire::TomlFile;
using wire::TomlTable;

struct Pass {
  Fault fault;
  core::Limits limits;
  core::Instant created;
  std::map<std::string, Place> people;
  std::map<std::string, Place> roles;
  std::set<std::string> groups;  ///< that at least one person is in
  std::vector<PlacedText> used_roles;
  std::vector<PlacedText> used_people;
  std::vector<PlacedText> used_groups;
  std::vector<PlacedText> used_zones;
};

/// Named things, sorted by name in the document: moving one between files changes no byte.
using Named = std::map<std::string, wire::ObjectBuilder>;

/// Reads every [[person]] of a file into `people`.
void ReadPeople(const TomlFile& file, Pass& pass, Named& people);
/// Reads every [[role]] of a file into `roles`.
void ReadRoles(const TomlFile& file, Pass& pass, Named& roles);

/// Every [[standing]] of policy.toml.
wire::ArrayBuilder ReadStanding(TomlTable& head, Pass& pass);
/// Its [breakglass].
wire::ObjectBuilder ReadBreakglass(TomlTable breakglass, Pass& pass);

/// One [[approve]]. `default_keys`: any, touch or verify, where it does not say.
wire::ObjectBuilder ReadApprove(TomlTable approve, std::string_view default_keys, Pass& pass);
wire::ObjectBuilder ReadSubjects(TomlTable subjects, Pass& pass);

/// A rule, and whether it hands out root.
struct BuiltRule {
  wire::ObjectBuilder json;
  bool equals_root = false;
};
BuiltRule ReadRule(TomlTable rule);

/// Hosts, doors, run_as and windows of a role or standing rule.
void ReadPlaces(TomlTable& table, Pass& pass, wire::ObjectBuilder& json);
/// Its rules, intercept and env. Returns whether one of the rules hands out root.
bool ReadRules(TomlTable& table, wire::ObjectBuilder& json);
wire::ObjectBuilder ReadHosts(TomlTable hosts);
wire::ArrayBuilder ReadWindows(TomlTable& table, std::string_view key, Pass& pass);
std::vector<std::string> Doors(TomlTable& table, std::string_view key);

/// The name of one [[person]], [[role]] or [[standing]], which no other in `taken` has. `what`:
/// what faults call it.
std::string ReadName(TomlTable& table, std::string_view what, std::map<std::string, Place>& taken);

/// A text that is one of a few words.
std::string Word(TomlTable& table, const PlacedText& text, std::string_view key,
                 std::initializer_list<std::string_view> words);

/// Public keys as the document writes them: without comments.
std::vector<std::string> KeyLines(TomlTable& table, std::string_view key);
std::string KeyLine(TomlTable& table, const PlacedText& text);

std::vector<std::string> Values(const std::vector<PlacedText>& texts);
/// Notes that each of `texts` is used as a person or group, and returns the values.
std::vector<std::string> Use(const std::vector<PlacedText>& texts, std::vector<PlacedText>& used);

}  // namespace daypass::policy
