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

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// A route's path, where every {name} stands for something.
std::string PathOf(const Route& route) {
  std::string path = route.pattern;
  for (size_t at; (at = path.find('{')) != std::string::npos;) {
    path.replace(at, path.find('}') - at + 1, "1");
  }
  return path;
}

// What the document says of a route is what the route does: it knows these parameters and keys, and
// no others.
TEST_F(HttpPageTest, RoutesTakeWhatTheirRowsSay) {
  PushPolicy(1);
  Enrol("web-1");
  for (const Route& route : Routes()) {
    const std::string path = PathOf(route);
    const bool is_get = route.method == std::string("GET");
    const bool is_host = route.who == Who::kHost;
    const std::string who = route.who == Who::kAnyone ? "" : "dave";
    if (is_get) {
      std::string known;
      for (const std::string& name : Words(route.query))
        known += (known.empty() ? "" : ", ") + name;
      if (known.empty()) continue;
      const Outcome refused = is_host ? GetAs("web-1", path + "?zz=1") : Get(path + "?zz=1", who);
      EXPECT_EQ(refused.Text("message"), "zz: is not known here; known: " + known) << path;
      continue;
    }
    wire::ObjectBuilder body;
    for (std::string key : Words(route.keys)) {
      if (key.ends_with('?')) key.pop_back();
      body.String(key.c_str(), "x");
    }
    const Outcome known = is_host ? PostAs("web-1", path, body) : Post(path, body, who);
    EXPECT_NE(known.error(), "unknown_field") << path << ": " << known.body;
    const Outcome less = is_host ? PostAs("web-1", path, wire::ObjectBuilder())
                                 : Post(path, wire::ObjectBuilder(), who);
    if (!Words(route.keys).empty()) {
      EXPECT_EQ(less.status, 400) << path << ": " << less.body;
    }
    body.String("zz", "x");
    const Outcome more = is_host ? PostAs("web-1", path, body) : Post(path, body, who);
    EXPECT_EQ(more.status, 400) << path << ": " << more.body;
  }
}

TEST_F(HttpPageTest, OpenApiDocumentListsTheRoutes) {
  const Outcome document = Get("/v1/openapi.json");
  ASSERT_EQ(document.status, 200);
  EXPECT_EQ(document.Text("openapi"), "3.1.0");
  for (const Route& route : Routes()) {
    EXPECT_THAT(document.body, testing::HasSubstr("\"" + std::string(route.pattern) + "\":{"));
    EXPECT_THAT(document.body, testing::HasSubstr(route.about));
  }
}

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
