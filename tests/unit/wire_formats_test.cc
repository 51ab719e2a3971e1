// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reads the worked examples back out of docs/formats/*.md: what the pages say is what the code
// does.
#include <gtest/gtest.h>

#include <sstream>

#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/json.h"
#include "wire/open.h"
#include "wire/policy.h"
#include "wire/record.h"
#include "wire/signin.h"
#include "wire/sshsig.h"
#include "wire/statement.h"
#include "wire/status.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

constexpr JsonLimits kLimits{.max_bytes = 65536};

/// The contents of the page's fenced blocks of one kind, each with its last line's end.
std::vector<std::string> Blocks(const std::string& page, const std::string& kind) {
  std::istringstream lines(ReadFile(std::string(DAYPASS_SOURCE_DIR) + "/docs/formats/" + page));
  std::vector<std::string> blocks;
  bool is_inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (is_inside && line == "```") {
      is_inside = false;
    } else if (is_inside) {
      blocks.back() += line + "\n";
    } else if (line == "```" + kind) {
      is_inside = true;
      blocks.emplace_back();
    }
  }
  EXPECT_FALSE(blocks.empty()) << page << " has no block of the kind " << kind;
  if (blocks.empty()) blocks.emplace_back();
  return blocks;
}

/// The lines of the first such block, without their ends.
std::vector<std::string> Lines(const std::string& page, const std::string& kind) {
  std::istringstream block(Blocks(page, kind)[0]);
  std::vector<std::string> lines;
  for (std::string line; std::getline(block, line);) lines.push_back(line);
  return lines;
}

std::string Line(const std::string& page, const std::string& kind) {
  const std::vector<std::string> lines = Lines(page, kind);
  EXPECT_EQ(lines.size(), 1u) << page << " " << kind;
  return lines[0];
}

TEST(Formats, ExampleOfCanonicalJson) {
  const auto json = ParseJson(Blocks("canonical-json.md", "json")[0], kLimits);
  ASSERT_TRUE(json) << json.error().what;
  EXPECT_EQ(Dump(*json), Line("canonical-json.md", "canonical"));
}

TEST(Formats, ExampleOfAnEnvelope) {
  const auto grant = OpenGrant(Blocks("envelope.md", "envelope")[0]);
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->payload, Line("statement.md", "statement"));
  ASSERT_EQ(grant->signatures.size(), 1u);
  EXPECT_EQ(grant->signatures[0].key.line, Line("envelope.md", "key"));
  EXPECT_EQ(EncodeEnvelope(*ParseEnvelope(Blocks("envelope.md", "envelope")[0], "grant", 32768)),
            Blocks("envelope.md", "envelope")[0]);
}

TEST(Formats, ExamplesOfSignatures) {
  const auto keys = Blocks("sshsig.md", "key");
  const auto signatures = Blocks("sshsig.md", "signature");
  ASSERT_EQ(keys.size(), 2u);
  ASSERT_EQ(signatures.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    const auto verified = VerifySignature(signatures[i], "grant@daypass", "hello");
    ASSERT_TRUE(verified) << verified.error().what;
    EXPECT_EQ(verified->key.line + "\n", keys[i]);
    EXPECT_EQ(verified->presence, i == 1);
    EXPECT_EQ(verified->verified, i == 1);
    EXPECT_TRUE(SshKeygenAccepts(verified->key, "grant@daypass", signatures[i], "hello"));
  }
}

TEST(Formats, ExampleOfAPolicy) {
  const auto json = ParseJson(Blocks("policy.md", "policy")[0], kLimits);
  ASSERT_TRUE(json) << json.error().what;
  const auto policy = ParsePolicy(Dump(*json));
  ASSERT_TRUE(policy) << policy.error().what;
  EXPECT_EQ((std::vector{policy->digest, policy->roles[0].digest}), Lines("policy.md", "digest"));
}

TEST(Formats, ExampleOfAStatement) {
  const std::string bytes = Line("statement.md", "statement");
  const auto statement = ParseStatement(bytes);
  ASSERT_TRUE(statement) << statement.error().what;
  EXPECT_EQ((std::vector{statement->id, core::ShortId(statement->id)}),
            Lines("statement.md", "id"));
  EXPECT_EQ(statement->role_digest, Lines("policy.md", "digest")[1]);
  EXPECT_EQ(EncodeStatement(*statement, "8c1d2e3f405162738495a6b7c8d9eafb"), bytes);
}

TEST(Formats, ExampleOfAStatus) {
  const std::string bytes = Line("status.md", "status");
  const auto status = ParseStatus(bytes);
  ASSERT_TRUE(status) << status.error().what;
  EXPECT_EQ(EncodeStatus(*status), bytes);
  EXPECT_EQ(status->revoked[0].id, Lines("statement.md", "id")[0]);
  EXPECT_EQ(status->receipt.digest, Line("record.md", "digest"));
}

TEST(Formats, ExampleOfASignin) {
  const std::string bytes = Line("signin.md", "signin");
  const auto signin = ParseSignin(bytes);
  ASSERT_TRUE(signin) << signin.error().what;
  EXPECT_EQ(EncodeSignin(*signin), bytes);
}

TEST(Formats, ExampleOfARecord) {
  const std::vector<std::string> lines = Lines("record.md", "record");
  ASSERT_EQ(lines.size(), 2u);
  for (const std::string& line : lines) {
    const auto record = ParseRecord(line);
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_EQ(EncodeRecord(*record), line);
    EXPECT_EQ(record->grant, Lines("statement.md", "id")[0]);
  }
  const std::vector<StoredRecord> chain = {{1, lines[0], ""},
                                           {2, lines[1], Blocks("record.md", "signature")[0]}};
  const auto head = VerifyChain({ParseRecord(lines[0])->realm, "web-1", 0, kNoPrev}, chain,
                                *ParsePublicKey(Line("record.md", "key")));
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->signed_seq, 2u);
  EXPECT_EQ(head->digest, Line("record.md", "digest"));
}

}  // namespace
}  // namespace daypass::wire
