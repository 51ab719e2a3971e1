// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daypass::core {
namespace {

using ::testing::HasSubstr;

TEST(Duration, ReadsANumberAndAUnit) {
  EXPECT_EQ(*ParseDuration("30s"), Seconds{30});
  EXPECT_EQ(*ParseDuration("20m"), Seconds{1200});
  EXPECT_EQ(*ParseDuration("8h"), Seconds{28800});
  EXPECT_EQ(*ParseDuration("3d"), Seconds{259200});
  EXPECT_EQ(*ParseDuration("3650d"), Seconds{315'360'000});
  EXPECT_EQ(*ParseDuration("315360000s"), Seconds{315'360'000});
}

TEST(Duration, RefusesEverythingElseAndShowsExamples) {
  for (const char* text :
       {"", "s", "3651d", "315360001s", "8", "8 h", " 8h", "8h ", "1h30m", "-5m", "+5m", "0s",
        "1.5h", "8w", "8H", "99999999999999999999s", "4000d", "0x10s"}) {
    const Result<Seconds> duration = ParseDuration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().code, Reason::kMalformed);
    EXPECT_THAT(duration.error().what, HasSubstr("20m, 8h or 3d")) << text;
  }
}

TEST(Duration, IsWrittenExactly) {
  EXPECT_EQ(FormatDuration(Seconds{0}), "0s");
  EXPECT_EQ(FormatDuration(Seconds{90}), "1m 30s");
  EXPECT_EQ(FormatDuration(Seconds{28800}), "8h");
  EXPECT_EQ(FormatDuration(Seconds{86700}), "1d 5m");
  EXPECT_EQ(FormatDuration(Seconds{-90}), "-1m 30s");
}

TEST(Duration, ReadsBackWhatItWritesInOneUnit) {
  for (int64_t seconds : {1, 59, 60, 3600, 86400, 864000}) {
    EXPECT_EQ(*ParseDuration(FormatDuration(Seconds{seconds})), Seconds{seconds});
  }
}

}  // namespace
}  // namespace daypass::core
