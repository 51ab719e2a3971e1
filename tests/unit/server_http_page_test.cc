// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// docs/formats/http.md against the table of routes, and its example against the server.
#include <sstream>

#include "server_fixture.h"

namespace daypass::server {
namespace {

std::string Page() {
  return wire::ReadFile(DAYPASS_SOURCE_DIR "/docs/formats/http.md");
}

std::string NameOf(Who who) {
  switch (who) {
    case Who::kAnyone:
      return "anyone";
    case Who::kHost:
      return "host";
    case Who::kPerson:
      return "person";
    case Who::kAdministrator:
      return "administrator";
  }
  return {};
}

/// The lines of the fenced blocks of this kind.
std::vector<std::string> Block(const std::string& kind) {
  std::vector<std::string> lines;
  std::istringstream page(Page());
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```" + kind;
    } else if (inside) {
      lines.push_back(line);
    }
  }
  return lines;
}

TEST(HttpPage, ListsExactlyTheRoutesThatThereAre) {
  std::vector<std::string> documented;
  std::istringstream page(Page());
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| GET |") && !line.starts_with("| POST |")) continue;
    size_t end = 0;
    for (int column = 0; column < 5; ++column) end = line.find('|', end) + 1;
    documented.push_back(line.substr(0, end));
  }
  std::vector<std::string> served;
  for (const Route& route : Routes()) {
    served.push_back(std::string("| ") + route.method + " | " + route.pattern + " | " +
                     NameOf(route.who) + " | " + std::to_string(route.max_body) + " |");
  }
  EXPECT_EQ(documented, served);
}

class HttpPageTest : public ServerTest {};

TEST_F(HttpPageTest, ShowsAnAnswerThatTheServerGives) {
  PushPolicy(1);
  const std::vector<std::string> request = Block("request");
  const std::vector<std::string> answer = Block("answer");
  ASSERT_EQ(request.size(), 2U);
  ASSERT_EQ(answer.size(), 2U);
  const std::string target = request[0].substr(request[0].find(' ') + 1);
  const Outcome given = PostText(target, request[1], "bob");
  EXPECT_EQ(std::to_string(given.status), answer[0]);
  EXPECT_EQ(given.body, answer[1]);
}

}  // namespace
}  // namespace daypass::server
