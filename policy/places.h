// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Where things of a policy stand in its sources: the document itself has no lines.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/tree.h"
#include "wire/toml_table.h"

namespace daypass::policy {

struct PersonPlaces {
  wire::Place person;
  std::vector<wire::Place> keys;  ///< in the document's order
};
struct RolePlaces {
  wire::Place role;
  std::vector<wire::Place> rules, approve;  ///< in the document's order
};

struct Places {
  wire::Place administrators, server, limits, head;
  std::map<std::string, PersonPlaces> people;  ///< by name
  std::map<std::string, RolePlaces> roles;
};

/// Reads the sources once more. `tree`: one whose files BuildPolicy could read.
Places FindPlaces(const Tree& tree);

/// What a JSON pointer into the document ("/people/3/keys/0") comes from, as near as is known.
wire::Place PlaceOfPointer(const Places& places, std::string_view pointer);

}  // namespace daypass::policy
