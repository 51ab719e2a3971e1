// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Files on a real file system: limits, trust, durability, modes.
#include "platform/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "platform/fd.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Reason;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;

mode_t ModeOf(const std::string& path) {
  struct stat facts{};
  EXPECT_EQ(lstat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 07777;
}

std::string Written(const TempDir& folder, const std::string& name, mode_t mode) {
  const std::string path = folder / name;
  EXPECT_TRUE(WriteFileDurably(path, "content\n", {.mode = mode}));
  return path;
}

TEST(Fd, ClosesWhatItOwnsAndGivesAwayWhatItIsAskedFor) {
  int number = -1;
  {
    Fd owner(open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = owner.get();
    Fd other(std::move(owner));
    EXPECT_FALSE(owner);  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(other.get(), number);
  }
  EXPECT_EQ(fcntl(number, F_GETFD), -1);
  Fd again(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Fd released(again.Release());
  EXPECT_GE(fcntl(released.get(), F_GETFD), 0);
}

TEST(Fd, DuplicatesAreClosedOnExec) {
  const Fd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto copy = Duplicate(fd.get());
  ASSERT_TRUE(copy);
  EXPECT_EQ(fcntl(copy->get(), F_GETFD), FD_CLOEXEC);
}

TEST(ReadFile, ReadsUpToTheLimitAndRefusesOneByteMore) {
  const TempDir folder;
  const std::string path = Written(folder, "file", 0644);  // 8 bytes
  const auto whole = ReadFile(path, 8);
  ASSERT_TRUE(whole);
  EXPECT_EQ(*whole, "content\n");
  const auto refused = ReadFile(path, 7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kTooLarge);
  EXPECT_EQ(refused.error().what, path + ": is too large; at most 7 bytes");
}

TEST(ReadFile, SaysWhyAFileCannotBeRead) {
  const auto missing = ReadFile("/nonexistent/file", 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what, "open /nonexistent/file: No such file or directory");
}

TEST(ReadFile, DoesNotWaitForTheWriterOfAFifo) {
  const TempDir folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  const auto refused = ReadFile(folder / "fifo", 10);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("not a regular file"));
}

TEST(ReadTrustedFile, ReadsWhatOnlyItsOwnerCanHaveWritten) {
  const TempDir folder;
  const auto read = ReadTrustedFile(Written(folder, "file", 0644), 100, geteuid());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, "content\n");
}

TEST(ReadTrustedFile, RefusesWhatGroupOrOthersMayWrite) {
  const TempDir folder;
  for (const mode_t mode : {0664u, 0646u}) {
    const auto refused = ReadTrustedFile(Written(folder, "file", mode), 100, geteuid());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Reason::kPathUnsafe);
  }
}

TEST(ReadTrustedFile, RefusesAFolderThatGroupOrOthersMayWrite) {
  const TempDir folder;
  const std::string path = Written(folder, "file", 0644);
  ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
  const auto refused = ReadTrustedFile(path, 100, geteuid());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Reason::kPathUnsafe);
  EXPECT_THAT(refused.error().what, HasSubstr(folder.path()));
}

TEST(ReadTrustedFile, RefusesAnotherOwnerOfFileOrFolder) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TempDir folder;
  const std::string path = Written(folder, "file", 0644);
  ASSERT_EQ(chown(path.c_str(), kNobody, kNobody), 0);
  EXPECT_FALSE(ReadTrustedFile(path, 100));
  ASSERT_EQ(chown(path.c_str(), 0, 0), 0);
  EXPECT_TRUE(ReadTrustedFile(path, 100));
  ASSERT_EQ(chown(folder.path().c_str(), kNobody, kNobody), 0);
  const auto refused = ReadTrustedFile(path, 100);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("belongs to uid 65534; must belong to uid 0"));
}

TEST(ReadTrustedFile, RefusesASymlinkAndAFolderInItsPlace) {
  const TempDir folder;
  Written(folder, "file", 0644);
  ASSERT_EQ(symlink("file", (folder / "link").c_str()), 0);
  const auto link = ReadTrustedFile(folder / "link", 100, geteuid());
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().code, Reason::kPathUnsafe);
  ASSERT_EQ(mkdir((folder / "sub").c_str(), 0755), 0);
  EXPECT_FALSE(ReadTrustedFile(folder / "sub", 100, geteuid()));
}

TEST(WriteFileDurably, ReplacesTheContentAndLeavesNothingElse) {
  const TempDir folder;
  const std::string path = Written(folder, "file", 0640);
  ASSERT_TRUE(WriteFileDurably(path, "new", {.mode = 0600}));
  EXPECT_EQ(*ReadFile(path, 100), "new");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_THAT(*ListDirectory(folder.path()), ElementsAre("file"));
}

TEST(WriteFileDurably, ReplacesASymlinkInsteadOfWritingThroughIt) {
  const TempDir folder;
  const std::string victim = Written(folder, "victim", 0600);
  ASSERT_EQ(symlink("victim", (folder / "link").c_str()), 0);
  ASSERT_TRUE(WriteFileDurably(folder / "link", "new"));
  EXPECT_EQ(*ReadFile(victim, 100), "content\n");
  EXPECT_EQ(*ReadFile(folder / "link", 100), "new");
}

TEST(WriteFileDurably, GivesTheFileToItsOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "file", "x", {.mode = 0640, .uid = kNobody, .gid = 1}));
  struct stat facts{};
  ASSERT_EQ(stat((folder / "file").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_uid, kNobody);
  EXPECT_EQ(facts.st_gid, 1u);
  EXPECT_EQ(ModeOf(folder / "file"), 0640u);
}

TEST(WriteFileDurably, KeepsTheOldContentWhenItFails) {
  const TempDir folder;
  ASSERT_EQ(mkdir((folder / "taken").c_str(), 0755), 0);  // rename onto a folder fails
  EXPECT_FALSE(WriteFileDurably(folder / "taken", "new"));
  EXPECT_THAT(*ListDirectory(folder.path()), ElementsAre("taken"));
}

TEST(RemoveFileDurably, TakesAMissingFileForRemoved) {
  const TempDir folder;
  const std::string path = Written(folder, "file", 0600);
  EXPECT_TRUE(RemoveFileDurably(path));
  EXPECT_FALSE(FileExists(path));
  EXPECT_TRUE(RemoveFileDurably(path));
  EXPECT_TRUE(RemoveFileDurably(folder / "no/such/folder"));
}

TEST(MakeDirectory, MakesParentsAndKeepsAnExistingOne) {
  const TempDir folder;
  const std::string path = folder / "var/lib/daypass";
  ASSERT_TRUE(MakeDirectory(path, {.mode = 0700}));
  EXPECT_EQ(ModeOf(path), 0700u);
  EXPECT_EQ(ModeOf(folder / "var/lib"), 0755u);
  EXPECT_TRUE(MakeDirectory(path, {.mode = 0700}));
  EXPECT_TRUE(MakeDirectory(path, {.mode = 0755}));  // tighter than asked for is good
}

TEST(MakeDirectory, DoesNotDependOnTheUmask) {
  const TempDir folder;
  const mode_t before = umask(0077);
  const auto made = MakeDirectory(folder / "run", {.mode = 0755});
  umask(before);
  ASSERT_TRUE(made);
  EXPECT_EQ(ModeOf(folder / "run"), 0755u);
}

TEST(MakeDirectory, RefusesAnExistingOneThatIsLooserOrSomebodyElses) {
  const TempDir folder;
  ASSERT_EQ(mkdir((folder / "loose").c_str(), 0755), 0);
  const auto loose = MakeDirectory(folder / "loose", {.mode = 0700});
  ASSERT_FALSE(loose);
  EXPECT_EQ(loose.error().what, folder / "loose" + ": has mode 0755; at most 0700");
  ASSERT_EQ(symlink("loose", (folder / "link").c_str()), 0);
  EXPECT_FALSE(MakeDirectory(folder / "link", {.mode = 0755}));
  const auto owner = MakeDirectory(folder / "loose", {.mode = 0755, .uid = geteuid() + 1});
  ASSERT_FALSE(owner);
  EXPECT_EQ(owner.error().code, Reason::kPathUnsafe);
}

}  // namespace
}  // namespace daypass::platform
