// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Where things of a policy stand in its sources: the document itself has no lines.
#pragma once

#include <map>
#include <string>
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
  wire::Place head;
  std::map<std::string, PersonPlaces> people;  ///< by name
  std::map<std::string, RolePlaces> roles;
};

/// Reads the sources once more. `tree`: one that BuildPolicy made a document of.
Places FindPlaces(const Tree& tree);

}  // namespace daypass::policy
