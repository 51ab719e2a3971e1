// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What journald gets: its socket is taken over in a mount namespace of this program's own.
#include "platform/journal.h"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "platform/fd.h"
#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using testing::HasSubstr;

constexpr char kFolder[] = "/run/systemd/journal";

class JournalTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // An empty /run of our own: nothing of this machine's journal is touched.
    private_run_ = unshare(CLONE_NEWNS) == 0 &&
                   mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                   mount("tmpfs", "/run", "tmpfs", 0, nullptr) == 0 &&
                   MakeDirectory(kFolder, {.mode = 0755});
  }
  void SetUp() override {
    if (!private_run_) GTEST_SKIP() << "no mount namespace can be made here (root is needed)";
  }
  void TearDown() override { unlink("/run/systemd/journal/socket"); }

  static Fd TakeOver() {
    Fd journald(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{AF_UNIX, "/run/systemd/journal/socket"};
    EXPECT_EQ(bind(journald.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return journald;
  }

  static inline bool private_run_ = false;
};

TEST_F(JournalTest, GetsTheFieldsAsTheyAre) {
  const Fd journald = TakeOver();
  const std::string binary("a\nb\0c", 5);
  const JournalField fields[] = {{"MESSAGE", "alice used sudo"}, {"DAYPASS_ARGV_B64", binary}};
  const auto sent = SendToJournal(fields);
  ASSERT_TRUE(sent) << sent.error().what;
  char text[1000];
  const ssize_t got = recv(journald.get(), text, sizeof text, MSG_DONTWAIT);
  ASSERT_GT(got, 0);
  const std::string entry(text, static_cast<size_t>(got));
  EXPECT_THAT(entry, HasSubstr("MESSAGE=alice used sudo\n"));
  // Values with line ends go as a 64-bit length, little-endian, and the bytes.
  const std::string framed = std::string("DAYPASS_ARGV_B64\n\5\0\0\0\0\0\0\0", 25) + binary + "\n";
  EXPECT_THAT(entry, HasSubstr(framed));
}

// LG-09: whoever decides must not hang with a journald that hangs.
TEST_F(JournalTest, DoesNotWaitForAJournaldThatDoesNotRead) {
  const Fd journald = TakeOver();
  const JournalField fields[] = {{"MESSAGE", "one of many"}};
  core::Result<void> sent;
  size_t taken = 0;
  while ((sent = SendToJournal(fields)) && taken < 100'000) ++taken;
  ASSERT_FALSE(sent) << "its queue has an end";
  EXPECT_GT(taken, 0U) << "control: while there was room, it was sent";
  const std::string large(1'000'000, 'x');
  const JournalField large_fields[] = {{"MESSAGE", large}};
  EXPECT_FALSE(SendToJournal(large_fields));
  char text[1000];
  ASSERT_GT(recv(journald.get(), text, sizeof text, MSG_DONTWAIT), 0);
  EXPECT_TRUE(SendToJournal(fields)) << "control: it reads again";
}

TEST_F(JournalTest, TakesEntriesLargerThanADatagram) {
  const Fd journald = TakeOver();
  const std::string large(4'000'000, 'x');
  const JournalField fields[] = {{"MESSAGE", "m"}, {"DAYPASS_ARGV", large}};
  const auto sent = SendToJournal(fields);
  EXPECT_TRUE(sent) << sent.error().what;  // travels as a memory file
}

TEST_F(JournalTest, ThatIsNotThereIsAFault) {
  const JournalField fields[] = {{"MESSAGE", "m"}};
  const auto refused = SendToJournal(fields);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "send to the journal: No such file or directory");
}

TEST_F(JournalTest, ThatNobodyReadsIsAFault) {
  TakeOver();  // closed again: the socket file stays
  const JournalField fields[] = {{"MESSAGE", "m"}};
  EXPECT_FALSE(SendToJournal(fields));
}

TEST_F(JournalTest, NamesThatJournaldWouldDropAreRefused) {
  const Fd journald = TakeOver();
  const std::string long_name(65, 'A');
  for (const std::string& name : {std::string(), std::string("_UID"), std::string("lower"),
                                  std::string("A=B"), std::string("9A"), long_name}) {
    const JournalField fields[] = {{"MESSAGE", "m"}, {name, "x"}};
    EXPECT_FALSE(SendToJournal(fields)) << name;
  }
}

}  // namespace
}  // namespace daypass::platform
