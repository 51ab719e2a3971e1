// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// docs/formats/stores.md against the tables that the agent and the server really make.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "agent/store.h"
#include "platform/database.h"
#include "server/store/store.h"
#include "wire_fixture.h"

namespace daypass {
namespace {

/// The words of some SQL, one blank between them, none after a bracket that opens.
std::string Words(const std::string& sql) {
  std::istringstream in(sql);
  std::string words;
  for (std::string word; in >> word;)
    words += (words.empty() || words.ends_with('(') ? "" : " ") + word;
  return words;
}

/// The statements in the page's fence of one kind.
std::vector<std::string> OnPage(const std::string& kind) {
  std::ifstream page(DAYPASS_SOURCE_DIR "/docs/formats/stores.md");
  std::vector<std::string> statements;
  std::string line;
  while (std::getline(page, line) && line != "```" + kind) continue;
  for (std::string sql; std::getline(page, line) && line != "```";) {
    sql += line + "\n";
    if (!line.ends_with(";")) continue;
    statements.push_back(Words(sql.substr(0, sql.rfind(';'))));
    sql.clear();
  }
  return statements;
}

/// The statements that made the tables and indexes of a file, as SQLite keeps them.
std::vector<std::string> InFile(const std::string& path) {
  auto database = platform::Database::Open(path);
  EXPECT_TRUE(database);
  if (!database) return {};
  auto rows = database->Prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL");
  EXPECT_TRUE(rows);
  std::vector<std::string> statements;
  while (true) {
    const auto row = rows->Step();
    if (!row || !*row) return statements;
    statements.push_back(Words(rows->Text(0)));
  }
}

TEST(StoresPage, ShowsTheAgentsTables) {
  const wire::TempDir folder;
  ASSERT_TRUE(agent::Store::Open(folder.path("agent.db")));
  const auto shown = OnPage("agent-sql");
  EXPECT_FALSE(shown.empty());
  EXPECT_THAT(InFile(folder.path("agent.db")), testing::UnorderedElementsAreArray(shown));
}

TEST(StoresPage, ShowsTheServersTables) {
  const wire::TempDir folder;
  umask(077);  // as the server does
  ASSERT_TRUE(server::Store::Open(folder.path("server.db")));
  const auto shown = OnPage("server-sql");
  EXPECT_FALSE(shown.empty());
  EXPECT_THAT(InFile(folder.path("server.db")), testing::UnorderedElementsAreArray(shown));
}

}  // namespace
}  // namespace daypass
