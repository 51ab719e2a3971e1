// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/json.h"

#include <gtest/gtest.h>
#include <jansson.h>
#include <malloc.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "wire/json_reader.h"

namespace daypass::wire {
namespace {

using core::Reason;
using namespace std::string_literals;

constexpr JsonLimits kLimits{.max_bytes = 4096, .max_depth = 4, .max_string = 16};

Reason Parse(std::string_view text, const JsonLimits& limits = kLimits) {
  const core::Result<Json> json = ParseJson(text, limits);
  return json ? Reason::kGranted : json.error().code;
}

std::string Repeat(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

size_t HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(Json, ReadsObjectsArraysStringsIntegersAndTruth) {
  EXPECT_EQ(Parse(R"({"a":[1,-2,0],"b":{"c":"d\n\u00e9"},"e":true,"f":false})"), Reason::kGranted);
  EXPECT_EQ(Parse(" {\n} \n"), Reason::kGranted);
}

// GF-31: duplicate keys. Control: two keys.
TEST(Json, RefusesAKeyThatAppearsTwice) {
  EXPECT_EQ(Parse(R"({"a":1,"b":2})"), Reason::kGranted);
  EXPECT_EQ(Parse(R"({"a":1,"a":1})"), Reason::kMalformed);
  EXPECT_EQ(Parse(R"({"x":{"a":1,"\u0061":2}})"), Reason::kMalformed);
}

// GF-33: NUL and what is not UTF-8. Control: the same with a good character.
TEST(Json, RefusesNulAndBadUtf8) {
  EXPECT_EQ(Parse("{\"a\":\"\xC3\xA9\"}"), Reason::kGranted);
  for (const std::string& bad : {"\\u0000"s, "\0"s, "\xC3"s, "\xC0\x80"s, "\xED\xA0\x80"s,
                                 "\xF5\x80\x80\x80"s, "\xFF"s, "\\ud800"s, "\x01"s}) {
    EXPECT_EQ(Parse("{\"a\":\"" + bad + "\"}"), Reason::kMalformed) << bad;
    EXPECT_EQ(Parse("{\"" + bad + "\":1}"), Reason::kMalformed) << bad;
  }
  EXPECT_EQ(Parse("{}\0"s), Reason::kMalformed);
}

TEST(Json, RefusesWhatDocumentsDoNotUse) {
  for (const std::string& bad : {R"({"a":null})"s,
                                 R"({"a":1.0})"s,
                                 R"({"a":1e3})"s,
                                 R"({"a":1E3})"s,
                                 R"({"a":0.5})"s,
                                 R"({"a":12345678901234567})"s,
                                 R"({"a":-12345678901234567})"s,
                                 R"({"a":01})"s,
                                 R"({"a":+1})"s,
                                 R"({"a":-})"s,
                                 R"({"a":NaN})"s,
                                 R"({"a":True})"s,
                                 R"({'a':1})"s,
                                 R"({"a":1,})"s,
                                 R"({"a" 1})"s,
                                 R"([1])"s,
                                 R"("a")"s,
                                 "1"s,
                                 ""s,
                                 " "s,
                                 "{"s,
                                 "{\"a"s,
                                 "{}{}"s,
                                 "{}x"s,
                                 "{}]"s,
                                 "{} // end"s,
                                 "\xEF\xBB\xBF{}"s}) {
    EXPECT_EQ(Parse(bad), Reason::kMalformed) << bad;
  }
}

// GF-34: each limit, and one above it.
TEST(Json, RefusesWhatIsOneAboveALimit) {
  EXPECT_EQ(Parse(R"({"a":")" + std::string(16, 'x') + "\"}"), Reason::kGranted);
  EXPECT_EQ(Parse(R"({"a":")" + std::string(17, 'x') + "\"}"), Reason::kTooLarge);
  EXPECT_EQ(Parse("{\"" + std::string(17, 'x') + "\":1}"), Reason::kTooLarge);
  EXPECT_EQ(Parse(R"({"a":[[[1]]]})"), Reason::kGranted);
  EXPECT_EQ(Parse(R"({"a":[[[[1]]]]})"), Reason::kTooLarge);
  EXPECT_EQ(Parse(R"({"a":{"a":{"a":{}}}})"), Reason::kGranted);
  EXPECT_EQ(Parse(R"({"a":{"a":{"a":{"a":{}}}}})"), Reason::kTooLarge);
  EXPECT_EQ(Parse("{}" + std::string(4094, ' ')), Reason::kGranted);
  EXPECT_EQ(Parse("{}" + std::string(4095, ' ')), Reason::kTooLarge);
}

// GF-34: before anything is built, in time linear in the limit.
TEST(Json, RefusesALargeDocumentBeforeBuildingIt) {
  constexpr JsonLimits kPolicy{.max_bytes = size_t{16} << 20};
  const std::string deep = Repeat("[", kPolicy.max_bytes);
  const std::string wide = "{\"a\":[" + Repeat("{},", kPolicy.max_bytes / 3 - 4) + "{}]}";
  const std::string longest = "{\"a\":\"" + std::string(kPolicy.max_bytes - 8, 'x') + "\"}";
  for (const std::string* text : {&deep, &wide, &longest}) {
    const size_t before = HeapInUse();
    // A deadline of safety, not of speed: a scan that is not linear takes minutes.
    const auto start = std::chrono::steady_clock::now();
    const core::Result<Json> json = ParseJson(*text, kPolicy);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    ASSERT_FALSE(json);
    EXPECT_EQ(json.error().code, Reason::kTooLarge);
    EXPECT_LT(HeapInUse(), before + 4096);
  }
}

#if !defined(__SANITIZE_ADDRESS__)  // which has a heap of its own, and counts nothing
// GF-30, in part: what the scan lets through takes no more than four times the limit.
TEST(Json, TakesNoMoreMemoryThanFourTimesTheLimit) {
  constexpr JsonLimits kMany{.max_bytes = size_t{1} << 20};
  int counter = 0;
  const auto key = [&] { return "\"k" + std::to_string(counter++) + "\":"; };
  const auto grow = [&](const auto& element, std::string_view open, std::string_view close) {
    size_t least = 0;
    size_t most = kMany.max_bytes;  // the most elements that are let through
    const auto text = [&](size_t elements) {
      std::string result(open);
      for (size_t i = 0; i < elements; ++i) result += (i == 0 ? "" : ",") + element();
      return result.append(close);
    };
    while (most - least > 256) {
      const size_t middle = (least + most) / 2;
      (Parse(text(middle), kMany) == Reason::kGranted ? least : most) = middle;
    }
    const std::string largest = text(least);
    const size_t before = HeapInUse();
    const core::Result<Json> json = ParseJson(largest, kMany);
    EXPECT_TRUE(json);
    return HeapInUse() - before;
  };
  const auto limit = 4 * kMany.max_bytes;
  EXPECT_LT(grow([] { return std::string("{}"); }, "{\"a\":[", "]}"), limit);
  EXPECT_LT(grow([] { return std::string("[]"); }, "{\"a\":[", "]}"), limit);
  EXPECT_LT(grow([] { return std::string("1"); }, "{\"a\":[", "]}"), limit);
  EXPECT_LT(grow([] { return std::string("\"\""); }, "{\"a\":[", "]}"), limit);
  EXPECT_LT(grow([] { return R"({"is":"restart"})"s; }, "{\"a\":[", "]}"), limit);
  EXPECT_LT(grow([&] { return key() + "1"; }, "{", "}"), limit);
  EXPECT_LT(grow([&] { return key() + "true"; }, "{", "}"), limit);
}
#endif

TEST(Json, SaysWhereAndWhatIsWrongWithoutQuotingTheDocument) {
  const core::Result<Json> json = ParseJson(R"({"secret":1,"secret":2})", kLimits);
  ASSERT_FALSE(json);
  EXPECT_NE(json.error().what.find("byte"), std::string::npos) << json.error().what;
  EXPECT_NE(json.error().what.find("twice"), std::string::npos) << json.error().what;
  EXPECT_EQ(json.error().what.find("secret"), std::string::npos) << json.error().what;
}

TEST(Json, DumpsCanonically) {
  const core::Result<Json> json = ParseJson(
      "{ \"b\" : [ 1 , -0 ],\"B\":\"\\u00e9\\/\\n\",\"c\":\"\\u001f\\u007f\", \"a\":{} }", kLimits);
  ASSERT_TRUE(json);
  EXPECT_EQ(Dump(*json), "{\"B\":\"\xC3\xA9/\\n\",\"a\":{},\"b\":[1,0],\"c\":\"\\u001F\x7F\"}");
}

// A verified document that jansson reads without memory may lack a byte.
TEST(EndWithoutMemoryDeathTest, EndsTheProcessInsteadOfReadingOn) {
  const auto ask_jansson_for = [](size_t size) {
    EndWithoutMemory();
    json_malloc_t get = nullptr;
    json_free_t give_back = nullptr;
    json_get_alloc_funcs(&get, &give_back);
    give_back(get(size));
    std::exit(0);
  };
  EXPECT_EXIT(ask_jansson_for(4096), testing::ExitedWithCode(0), "");  // the control
  EXPECT_DEATH(ask_jansson_for(SIZE_MAX / 2), "");
}

}  // namespace
}  // namespace daypass::wire
