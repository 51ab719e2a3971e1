// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Memory files against the real kernel's seals.
#include "platform/memfd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace daypass::platform {
namespace {

using core::Reason;

TEST(Memfd, CarriesBytesThatNobodyCanChange) {
  const auto memory = MakeSealedMemfd("document");
  ASSERT_TRUE(memory);
  const auto read = ReadSealedMemfd(memory->get(), 8);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, "document");
  EXPECT_EQ(pwrite(memory->get(), "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(memory->get(), 0), -1);
  EXPECT_EQ(ftruncate(memory->get(), 100), -1);
}

TEST(Memfd, MayBeEmpty) {
  const auto memory = MakeSealedMemfd("");
  ASSERT_TRUE(memory);
  const auto read = ReadSealedMemfd(memory->get(), 8);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "");
}

TEST(Memfd, IsReadFromItsBeginningWhereverItsOffsetIs) {
  const auto memory = MakeSealedMemfd("document");
  ASSERT_TRUE(memory);
  lseek(memory->get(), 4, SEEK_SET);
  const auto read = ReadSealedMemfd(memory->get(), 8);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "document");
}

TEST(Memfd, AboveTheLimitIsRefused) {
  const auto memory = MakeSealedMemfd("document");
  ASSERT_TRUE(memory);
  const auto refused = ReadSealedMemfd(memory->get(), 7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kTooLarge);
}

TEST(Memfd, WithoutEachOfTheThreeSealsIsRefused) {
  constexpr int kAll = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
  for (const int missing : {F_SEAL_WRITE, F_SEAL_SHRINK, F_SEAL_GROW}) {
    const Fd memory(memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    ASSERT_EQ(fcntl(memory.get(), F_ADD_SEALS, kAll & ~missing), 0);
    const auto refused = ReadSealedMemfd(memory.get(), 8);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kProtocol);
    ASSERT_EQ(fcntl(memory.get(), F_ADD_SEALS, missing), 0);  // control: with it, it is taken
    EXPECT_TRUE(ReadSealedMemfd(memory.get(), 8));
  }
}

TEST(Memfd, AFileAPipeAndADirectoryAreRefused) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Fd read_end(ends[0]), write_end(ends[1]);
  const Fd file(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  const Fd root(open("/", O_PATH | O_CLOEXEC));
  for (const int fd : {read_end.get(), file.get(), root.get(), -1}) {
    const auto refused = ReadSealedMemfd(fd, 1'000'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kProtocol);
  }
}

}  // namespace
}  // namespace daypass::platform
