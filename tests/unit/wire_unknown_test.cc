// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whatever a signed document says that this version does not know, at any level of it, refuses the
// document: a restriction that is read over is a power that nobody granted.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "draw.h"
#include "wire/policy.h"
#include "wire/record.h"
#include "wire/signin.h"
#include "wire/statement.h"
#include "wire/status.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

using core::Reason;

[[maybe_unused]] const bool kConfigured = ConfigureProperties(10);

/// kGranted: taken.
using Parse = Reason (*)(const std::string& text);
template <auto parse>
Reason Outcome(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? Reason::kGranted : parsed.error().code;
}

struct Document {
  const char* name;
  std::string text;
  Parse parse;
  std::vector<size_t> objects;  ///< where the inside of each object of it begins
};

/// Where the inside of each object begins that has fields. Not so in the maps: keys there are
/// somebody's labels and zones, and any would do.
std::vector<size_t> ObjectsOf(const std::string& text) {
  static const std::set<std::string> kMaps = {"all", "any", "not", "zones"};
  std::vector<size_t> objects;
  std::string last;  // the string that ended last: at a brace, the key before it
  bool is_key = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      const size_t begin = ++i;
      while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
      is_key = text[i + 1] == ':';
      if (is_key) last = text.substr(begin, i - begin);
    } else if (text[i] == '{') {
      if (!kMaps.contains(last)) objects.push_back(i + 1);
      last.clear();
    } else if (text[i] == '[' || text[i] == ',') {
      continue;  // the key of an array is that of each object in it
    }
  }
  return objects;
}

Record SomeRecord() {
  Record record;
  record.realm = kRealm;
  record.seq = 1;
  record.prev = kNoPrev;
  record.host = "web-1";
  record.boot_id = kNonce;
  record.time = core::FromMillis(1'800'000'000'000);
  record.clock = "anchored";
  record.event = "decision.allowed";
  return record;
}

core::Status SomeStatus() {
  core::Status status;
  status.realm = kRealm;
  status.host = "web-1";
  status.number = kNonce;
  status.time = core::FromMillis(1'800'000'000'000);
  status.revoked = {{std::string(64, 'a'), "", core::FromMillis(5)},
                    {"", "bob", core::FromMillis(6)}};
  status.receipt = {9, std::string(64, 'd')};
  return status;
}

const std::vector<Document>& Documents() {
  static const std::vector<Document> kDocuments = [] {
    std::vector<Document> documents = {
        {"policy",
         ReadFile(DAYPASS_SOURCE_DIR "/tests/fuzz/corpus/policy/seed-everything"),
         Outcome<ParsePolicy>,
         {}},
        {"statement", EncodeStatement(MakeStatement(), kNonce), Outcome<ParseStatement>, {}},
        {"status", EncodeStatus(SomeStatus()), Outcome<ParseStatus>, {}},
        {"signin",
         EncodeSignin({kRealm, "bob", "daypass.example", kNonce, core::FromMillis(9)}),
         Outcome<ParseSignin>,
         {}},
        {"record", EncodeRecord(SomeRecord()), Outcome<ParseRecord>, {}}};
    for (Document& document : documents) document.objects = ObjectsOf(document.text);
    return documents;
  }();
  return kDocuments;
}

/// A key that no format knows: a known one in other letters, with an end, or in another alphabet.
std::string UnknownKey() {
  static const std::vector<std::string> kKnown = {
      "name",      "full",           "uses",        "touch", "valid_until_ms", "windows",
      "intercept", "rules",          "rest",        "cwd",   "sha256",         "approve",
      "automatic", "max_duration_s", "is",          "under", "one_of",         "re",
      "int",       "format",         "kind",        "realm", "hosts",          "on_end",
      "any",       "personal",       "memberships", "edit"};
  std::string key = Pick(kKnown);
  switch (Below(5)) {
    case 0:
      key[Below(key.size())] = 'A';
      return key;
    case 1:
      return key + Pick<std::string>({"_", " ", "2", "s_", "-", "\\n"});
    case 2:
      return "\xd0\xb0" + key;
    case 3:
      return Pick<std::string>({"", "$schema", "//", "comment", "deny", "x", "unless", "*"});
    default:
      return "x_" + key;
  }
}

std::string AnyValue() {
  return Pick<std::string>(
      {"1", "0", "-1", "\"\"", "\"x\"", "true", "false", "[]", "{}", "[1]", "{\"is\":\"x\"}"});
}

std::string With(const Document& document, size_t object, const std::string& key,
                 const std::string& value) {
  std::string text = document.text;
  const size_t at = document.objects.at(object);
  const std::string comma = text[at] == '}' ? "" : ",";
  return text.insert(at, "\"" + key + "\":" + value + comma);
}

TEST(UnknownField, IsLookedForInDocumentsThatAreTaken) {
  for (const Document& document : Documents()) {
    EXPECT_EQ(document.parse(document.text), Reason::kGranted) << document.name;
    EXPECT_FALSE(document.objects.empty());
  }
  EXPECT_GE(Documents()[0].objects.size(), 35u) << "of the policy, with everything in it";
}

// GF-31: in every object of every document, one by one. The control is the test above.
TEST(UnknownField, RefusesTheDocumentAtEveryLevel) {
  for (const Document& document : Documents()) {
    for (size_t i = 0; i < document.objects.size(); ++i) {
      EXPECT_EQ(document.parse(With(document, i, "x_new", "1")), Reason::kUnknownField)
          << document.name << " at byte " << document.objects[i];
    }
  }
}

// GF-31
PROPERTY(UnknownField, RefusesTheDocumentWhateverItIsCalled) {
  const Document& document = Pick(Documents());
  const std::string text = With(document, Below(document.objects.size()), UnknownKey(), AnyValue());
  const Reason outcome = document.parse(text);
  RC_ASSERT((outcome == Reason::kUnknownField || outcome == Reason::kMalformed));
}

// GF-31: a known key twice, with the same value or another.
PROPERTY(KnownField, RefusesTheDocumentASecondTime) {
  const Document& document = Pick(Documents());
  const size_t at = document.objects.at(Below(document.objects.size()));
  RC_PRE(document.text[at] == '"');
  const size_t end = document.text.find('"', at + 1);
  std::string text = document.text;
  text.insert(at, document.text.substr(at, end + 1 - at) + ":" + AnyValue() + ",");
  RC_ASSERT(document.parse(text) == Reason::kMalformed);
}

// GF-31: every format number but the one that is known.
PROPERTY(Format, RefusesTheDocumentIfItIsAnotherNumber) {
  const Document& document = Pick(Documents());
  const std::string number = OneIn(4) ? Pick<std::string>({"0", "9007199254740991", "10", "11"})
                                      : std::to_string(2 + Below(1'000'000));
  const std::string text = Replaced(document.text, R"("format":1,)", R"("format":)" + number + ",");
  RC_ASSERT(document.parse(text) == Reason::kUnknownFormat);
}

TEST(Format, IsANumberAndThere) {
  for (const Document& document : Documents()) {
    for (const char* other :
         {R"("format":"1",)", R"("format":true,)", R"("format":[1],)", "", R"("format":1.0,)",
          R"("format":-1,)", R"("format":null,)", R"("formats":1,)"}) {
      EXPECT_NE(document.parse(Replaced(document.text, R"("format":1,)", other)), Reason::kGranted)
          << document.name << " " << other;
    }
  }
}

}  // namespace
}  // namespace daypass::wire
