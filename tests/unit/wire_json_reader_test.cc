// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json_reader.h"

#include <gtest/gtest.h>
#include <jansson.h>

#include "wire/json_builder.h"

namespace daypass::wire {
namespace {

using core::Reason;

constexpr JsonLimits kLimits{.max_bytes = 4096};

// Reads `text` with `read`, and returns the first fault's place and words.
template <typename Read>
core::Error FaultOf(std::string_view text, Read read, UnknownKeys unknown = UnknownKeys::kRefuse) {
  const core::Result<Json> json = ParseJson(text, kLimits);
  EXPECT_TRUE(json) << text;
  ObjectReader in(json->get(), unknown);
  read(in);
  const core::Result<void> done = in.Finish();
  return done ? core::Error{Reason::kGranted, "", ""} : done.error();
}

TEST(ObjectReader, ReadsEveryKindOfValue) {
  const core::Result<Json> json = ParseJson(
      R"({"s":"x","i":7,"b":true,"t":1000,"d":60,"e":"two","raw":"AAE=","raws":["","/w=="],
          "list":["a","b"],"ints":[1,2],"labels":{"env":"prod"},"sub":{"x":1},"subs":[{"x":1},{"x":2}],
          "kept":{"y":3}})",
      kLimits);
  ASSERT_TRUE(json);
  ObjectReader in(json->get());
  EXPECT_EQ(in.String("s", kLine), "x");
  EXPECT_EQ(in.OptString("no", kLine), std::nullopt);
  EXPECT_EQ(in.Int("i", 0, 10), 7);
  EXPECT_EQ(in.OptInt("no", 0, 10), std::nullopt);
  EXPECT_TRUE(in.Bool("b"));
  EXPECT_TRUE(in.OptBool("no", true));
  EXPECT_EQ(in.Instant("t"), core::FromMillis(1000));
  EXPECT_EQ(in.OptInstant("no"), std::nullopt);
  EXPECT_EQ(in.Duration("d", core::Seconds{1}, core::Seconds{60}), core::Seconds{60});
  EXPECT_EQ(in.Enum<int>("e", {{"one", 1}, {"two", 2}}), 2);
  EXPECT_EQ(in.Bytes("raw", 2), std::string("\0\1", 2));
  EXPECT_EQ(in.BytesList("raws", {0, 2}, 1), (std::vector<std::string>{"", "\xFF"}));
  EXPECT_EQ(in.Strings("list", kLine, {0, 2}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(in.Ints("ints", 1, 2, {2, 2}), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(in.StringMap("labels", kName, kLine, {}).at("env"), "prod");
  int64_t sum = 0;
  in.Object("sub", [&](ObjectReader& sub) { sum += sub.Int("x", 0, 9); });
  in.Objects("subs", {0, 2}, [&](ObjectReader& sub) { sum += sub.Int("x", 0, 9); });
  EXPECT_EQ(sum, 4);
  EXPECT_EQ(Dump(in.Take("kept")), R"({"y":3})");
  EXPECT_EQ(in.OptTake("no"), nullptr);
  const auto done = in.Finish();
  EXPECT_TRUE(done) << done.error().what;
}

TEST(ObjectReader, NamesThePlaceWhatIsWrongAndWhatIsAllowed) {
  const core::Error fault = FaultOf(R"({"roles":[{"x":1},{"x":90000}]})", [](ObjectReader& in) {
    in.Objects("roles", {}, [](ObjectReader& role) { role.Int("x", 0, 86400); });
  });
  EXPECT_EQ(fault.code, Reason::kMalformed);
  EXPECT_EQ(fault.field, "/roles/1/x");
  EXPECT_EQ(fault.what, "/roles/1/x: 90000 is too large; at most 86400");
}

TEST(ObjectReader, RefusesValuesOfAnotherKind) {
  using Read = void (*)(ObjectReader&);
  const std::vector<std::pair<std::string_view, Read>> cases = {
      {R"({"a":1})", [](ObjectReader& in) { in.String("a", kLine); }},
      {R"({"a":"1"})", [](ObjectReader& in) { in.Int("a", 0, 9); }},
      {R"({"a":true})", [](ObjectReader& in) { in.Int("a", 0, 9); }},
      {R"({"a":1})", [](ObjectReader& in) { in.Bool("a"); }},
      {R"({"a":{}})", [](ObjectReader& in) { in.Strings("a", kLine, {}); }},
      {R"({"a":[1]})", [](ObjectReader& in) { in.Strings("a", kLine, {}); }},
      {R"({"a":[]})", [](ObjectReader& in) { in.Object("a", [](ObjectReader&) { FAIL(); }); }},
      {R"({"a":[1]})",
       [](ObjectReader& in) { in.Objects("a", {}, [](ObjectReader&) { FAIL(); }); }},
      {R"({"a":"x"})", [](ObjectReader& in) { in.Take("a"); }},
      {R"({"a":{"x":1}})", [](ObjectReader& in) { in.StringMap("a", kName, kLine, {}); }},
      {R"({"a":"AA"})", [](ObjectReader& in) { in.Bytes("a", 9); }},
      {R"({"a":"three"})", [](ObjectReader& in) { in.Enum<int>("a", {{"one", 1}}); }},
      {R"({"a":-1})", [](ObjectReader& in) { in.Instant("a"); }},
      {R"({"a":253402300800000})", [](ObjectReader& in) { in.Instant("a"); }},
      {R"({"a":[]})", [](ObjectReader& in) { in.String("a", kLine); }},
      {R"({"a":"[]"})", [](ObjectReader& in) { in.Ints("a", 0, 9, {}); }},
      {R"({"a":{}})", [](ObjectReader& in) { in.StringMap("a", kName, kLine, {1, 9}); }},
      {R"({})", [](ObjectReader& in) { EXPECT_EQ(in.String("a", kLine), ""); }},
      {R"({})", [](ObjectReader& in) { EXPECT_EQ(in.Int("a", 3, 9), 3); }},
      {R"({})", [](ObjectReader& in) { EXPECT_FALSE(in.Bool("a")); }},
      {R"({})", [](ObjectReader& in) { EXPECT_EQ(in.Bytes("a", 9), ""); }},
      {R"({})", [](ObjectReader& in) { EXPECT_EQ(in.Take("a"), nullptr); }},
      {R"({})", [](ObjectReader& in) { EXPECT_EQ(in.Enum<int>("a", {{"one", 1}}), 1); }},
      {R"({})", [](ObjectReader& in) { in.Object("a", [](ObjectReader&) { FAIL(); }); }},
      {R"({"a":["x"]})", [](ObjectReader& in) { in.Strings("a", kLine, {2, 3}); }},
  };
  for (const auto& [text, read] : cases) {
    const core::Error fault = FaultOf(text, read);
    EXPECT_EQ(fault.code, Reason::kMalformed) << text;
    EXPECT_EQ(fault.field.substr(0, 2), "/a") << text;
  }
}

TEST(ObjectReader, SaysWhatStandsInTheWrongPlace) {
  const std::pair<json_t*, std::string_view> cases[] = {
      {json_object(), "an object"},   {json_array(), "an array"},
      {json_string("x"), "a string"}, {json_real(1.5), "a number that is no integer"},
      {json_true(), "true or false"}, {json_false(), "true or false"},
      {json_null(), "null"},
  };
  for (const auto& [value, kind] : cases) {
    const Json object(json_pack("{s:o}", "a", value));
    ObjectReader in(object.get());
    EXPECT_EQ(in.Int("a", 0, 9), 0);
    EXPECT_EQ(in.Finish().error().what, "/a: " + std::string(kind) + "; allowed: an integer");
  }
  EXPECT_EQ(FaultOf(R"({"a":1})", [](ObjectReader& in) { in.String("a", kLine); }).what,
            "/a: an integer; allowed: a string");
}

TEST(ObjectReader, ReadsNothingOutOfWhatIsNoObject) {
  const Json list(json_pack("[i]", 1));
  for (const json_t* value :
       {static_cast<const json_t*>(nullptr), static_cast<const json_t*>(list.get())}) {
    ObjectReader in(value, UnknownKeys::kIgnore);
    EXPECT_FALSE(in.ok());
    EXPECT_FALSE(in.Has("a"));
    EXPECT_EQ(in.OptString("a", kLine), std::nullopt);
    EXPECT_TRUE(in.Members(kName, kLine, {}).empty());
    const core::Result<void> done = in.Finish();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Reason::kMalformed);
    EXPECT_EQ(done.error().what, "not an object");
    EXPECT_EQ(done.error().field, "");
  }
}

TEST(ObjectReader, RefusesWhatIsOverALimit) {
  EXPECT_EQ(FaultOf(R"({"a":"xyz"})", [](auto& in) { in.String("a", AtMost(kLine, 2)); }).code,
            Reason::kTooLarge);
  EXPECT_EQ(FaultOf(R"({"a":[1,2]})", [](auto& in) { in.Ints("a", 0, 9, {0, 1}); }).code,
            Reason::kTooLarge);
  EXPECT_EQ(FaultOf(R"({"a":"AAEC"})", [](auto& in) { in.Bytes("a", 2); }).code, Reason::kTooLarge);
  const auto members = [](auto& in) { in.StringMap("a", kName, kLine, {0, 1}); };
  EXPECT_EQ(FaultOf(R"({"a":{"x":"1"}})", members).code, Reason::kGranted);
  EXPECT_EQ(FaultOf(R"({"a":{"x":"1","y":"2"}})", members).code, Reason::kTooLarge);
}

TEST(ObjectReader, KeepsTheFirstFault) {
  const core::Error fault = FaultOf(R"({"a":1,"b":2})", [](ObjectReader& in) {
    in.String("a", kLine);
    in.String("b", kLine);
    in.Fail(Reason::kTooLarge, "b", "later");
  });
  EXPECT_EQ(fault.field, "/a");
}

// GF-31: unknown keys, at every level. Control: the same keys, known.
TEST(ObjectReader, RefusesUnknownKeysAtEveryLevel) {
  const auto read = [](ObjectReader& in) {
    in.Object("o", [](ObjectReader& o) { o.Int("x", 0, 9); });
    in.Objects("l", {}, [](ObjectReader& l) { l.Int("x", 0, 9); });
  };
  EXPECT_EQ(FaultOf(R"({"o":{"x":1},"l":[{"x":1}]})", read).code, Reason::kGranted);
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"o":{"x":1},"l":[{"x":1}],"y":1})", "/y"},
      {R"({"o":{"x":1,"y":1},"l":[{"x":1}]})", "/o/y"},
      {R"({"o":{"x":1},"l":[{"x":1},{"x":1,"~a/b":1}]})", "/l/1/~0a~1b"}};
  for (const auto& [text, place] : cases) {
    const core::Error fault = FaultOf(text, read);
    EXPECT_EQ(fault.code, Reason::kUnknownField) << text;
    EXPECT_EQ(fault.field, place);
    EXPECT_EQ(FaultOf(text, read, UnknownKeys::kIgnore).code, Reason::kGranted) << text;
  }
}

TEST(Builder, MakesEveryKindOfValue) {
  ArrayBuilder list;
  list.String("x").Int(1).Object(ObjectBuilder().Bool("t", true));
  const std::string text = ObjectBuilder()
                               .String("s", "x")
                               .OptString("none", "")
                               .Int("i", -7)
                               .Instant("t", core::FromMillis(5))
                               .Duration("d", core::Seconds{60})
                               .Bytes("raw", std::string("\0\1", 2))
                               .StringMap("m", {{"k", "v"}})
                               .Array("l", list)
                               .Value("null", nullptr)
                               .Dump();
  EXPECT_EQ(text,
            R"({"d":60,"i":-7,"l":["x",1,{"t":true}],"m":{"k":"v"},"raw":"AAE=","s":"x","t":5})");
}

TEST(Builder, CannotFailOnBytesThatAreNoText) {
  const std::string text = ObjectBuilder().String("s", std::string("a\xFF\0b", 4)).Dump();
  EXPECT_EQ(text,
            "{\"s\":\"a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\"}");
  EXPECT_TRUE(ParseJson(text, kLimits));
}

}  // namespace
}  // namespace daypass::wire
