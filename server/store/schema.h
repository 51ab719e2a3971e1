// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How each noun's tables came to be. Versions count from 1; what a released version holds is never
// edited, a later one is added. SQL that SQLite and PostgreSQL both read: BIGINT and TEXT, no NULL.
#pragma once

#include <string_view>
#include <vector>

namespace daypass::server {

/// Statements of one version, each on its own: SQLite would run only the first of several.
using Migration = std::vector<std::string_view>;

struct Schema {
  std::string_view noun;
  std::vector<Migration> versions;
};

Schema ApprovalsSchema();
Schema ChallengesSchema();
Schema ChangesSchema();
Schema HostsSchema();
Schema JoinTokensSchema();
Schema PoliciesSchema();
Schema RecordsSchema();
Schema RequestsSchema();
Schema RevocationsSchema();
Schema SessionsSchema();

}  // namespace daypass::server
