// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/resolver_walk.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <array>
#include <climits>
#include <csignal>

#include "agent_folder_fixture.h"
#include "platform/socket.h"
#include "wire/digest.h"

namespace daypass::agent {
namespace {

using WalkTest = FolderTest;
using testing::Test;

void ExpectSafe(const core::PathFact& fact, const std::string& canonical) {
  EXPECT_TRUE(fact.safe);
  EXPECT_EQ(fact.unsafe, "");
  EXPECT_EQ(fact.canonical, canonical);
}

void ExpectUnsafe(const core::PathFact& fact, const std::string& why) {
  EXPECT_FALSE(fact.safe);
  EXPECT_EQ(fact.unsafe, why);
  EXPECT_EQ(fact.canonical, "");
}

// SC-01
TEST_F(WalkTest, GivesOneCanonicalPathHoweverTheCommandIsSpelt) {
  const std::string canonical = "/usr/bin/systemctl";
  for (const char* path : {"/usr/bin/systemctl", "/bin/systemctl", "/usr/bin/../bin/systemctl",
                           "//usr/bin/systemctl", "/usr//bin/./systemctl", "usr/bin/systemctl",
                           "/../../bin/systemctl", "bin/../usr/bin/systemctl"}) {
    SCOPED_TRACE(path);
    // Physical: "bin/.." is the folder above usr/bin, which is what the kernel would run.
    if (std::string(path) == "bin/../usr/bin/systemctl") {
      ExpectUnsafe(AskCommand(path), "/usr/usr/bin/systemctl does not exist");
    } else {
      ExpectSafe(AskCommand(path), canonical);
    }
  }
  ExpectSafe(AskCommand("systemctl", "/usr/bin"), canonical);
  ExpectSafe(AskCommand("./systemctl", "/usr/bin"), canonical);
  ExpectSafe(AskCommand("../bin/systemctl", "/usr/bin"), canonical);
  ExpectSafe(AskCommand("../../bin/systemctl", "/srv/app"), canonical);
}

// SC-02
TEST_F(WalkTest, FindsACommandUnsafeThatItsUserCouldReplace) {
  File("/home/alice/systemctl", "#!/bin/sh\n", 0755);
  const std::string why = "/home/alice belongs to uid 4201, not to root";
  ExpectUnsafe(AskCommand("./systemctl", "/home/alice"), why);
  ExpectUnsafe(AskCommand("/home/alice/systemctl"), why);
  Own("/home/alice", 0);  // the control
  File("/usr/bin/sh",
       "\x7f"
       "ELF",
       0755);
  ExpectSafe(AskCommand("/home/alice/systemctl"), "/home/alice/systemctl");
}

// SC-02
TEST_F(WalkTest, FindsALinkUnsafeThatItsUserCouldReplace) {
  Link("/home/alice/systemctl", "/usr/bin/systemctl");
  ExpectUnsafe(AskCommand("/home/alice/systemctl"), "/home/alice belongs to uid 4201, not to root");
  Own("/home/alice", 0);
  ExpectSafe(AskCommand("/home/alice/systemctl"), "/usr/bin/systemctl");
  Own("/home/alice/systemctl", kAlice);  // the link itself
  ExpectUnsafe(AskCommand("/home/alice/systemctl"),
               "/home/alice/systemctl belongs to uid 4201, not to root");
}

TEST_F(WalkTest, JudgesTheFoldersThatALinkLeadsThrough) {
  Link("/usr/bin/tool", "../../home/alice/../../usr/bin/systemctl");
  ExpectUnsafe(AskCommand("/usr/bin/tool"), "/home/alice belongs to uid 4201, not to root");
  Link("/usr/bin/tool2", "../../home/../usr/bin/systemctl");
  ExpectSafe(AskCommand("/usr/bin/tool2"), "/usr/bin/systemctl");
}

TEST_F(WalkTest, FindsWhatOthersCanWriteUnsafe) {
  struct Case {
    const char* path;
    mode_t bad, good;
  };
  for (const Case& c :
       {Case{"/usr/bin", 0775, 0755}, Case{"/usr/bin", 0757, 0755}, Case{"/usr/bin", 01777, 01755},
        Case{"/usr/bin/systemctl", 0775, 0755}, Case{"/usr/bin/systemctl", 04757, 04755}}) {
    SCOPED_TRACE(std::string(c.path) + " " + std::to_string(c.bad));
    Mode(c.path, c.bad);
    ExpectUnsafe(AskCommand("/bin/systemctl"),
                 std::string(c.path) + " can be written by others than root");
    Mode(c.path, c.good);
    ExpectSafe(AskCommand("/bin/systemctl"), "/usr/bin/systemctl");
  }
  File("/tmp/x", "", 0755);
  ExpectUnsafe(AskCommand("/tmp/x"), "/tmp can be written by others than root");
  Mode("/", 0777);
  ExpectUnsafe(AskCommand("/usr/bin/systemctl"), "/ can be written by others than root");
}

TEST_F(WalkTest, JudgesTheFoldersAboveTheOneThatARelativePathStartsFrom) {
  Folder("/home/alice/deep/down");
  File("/home/alice/deep/down/x", "", 0755);
  ExpectUnsafe(AskCommand("x", "/home/alice/deep/down"),
               "/home/alice belongs to uid 4201, not to root");
  // An absolute path does not care where it was typed.
  ExpectSafe(AskCommand("/usr/bin/systemctl", "/home/alice"), "/usr/bin/systemctl");
}

TEST_F(WalkTest, StaysBelowTheAskersRoot) {
  Link("/usr/bin/up", "../../../../../../../../usr/bin/systemctl");
  Link("/usr/bin/abs", "/usr/bin/systemctl");
  ExpectSafe(AskCommand("/usr/bin/up"), "/usr/bin/systemctl");
  ExpectSafe(AskCommand("/usr/bin/abs"), "/usr/bin/systemctl");
}

TEST_F(WalkTest, RefusesAFolderOutsideOfTheRootOrGone) {
  const std::string lost = "the current folder cannot be found from the root";
  const platform::Fd outside(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  ExpectUnsafe(ResolvePath({root_.get(), outside.get()}, {.path = "usr/bin/systemctl"}), lost);
  const platform::Fd gone = Open("/srv/app");
  std::filesystem::remove(top_ + "/srv/app");
  ExpectUnsafe(ResolvePath({root_.get(), gone.get()}, {.path = "x"}), lost);
}

// SC-07
TEST_F(WalkTest, ShowsWhereAnArgumentReallyLies) {
  Link("/srv/app/out", "../../etc");
  Folder("/srv/app2");
  Folder("/srv/app/data");
  ExpectSafe(AskFile("/srv/app/data"), "/srv/app/data");
  ExpectSafe(AskFile("/srv/app//data/."), "/srv/app/data");
  ExpectSafe(AskFile("/srv/app/data/"), "/srv/app/data");
  ExpectSafe(AskFile("/srv/app/../../etc/app.conf"), "/etc/app.conf");
  ExpectSafe(AskFile("/srv/app/out/app.conf"), "/etc/app.conf");
  ExpectSafe(AskFile("/srv/app2"), "/srv/app2");
  Own("/srv/app/data", kAlice);
  ExpectUnsafe(AskFile("/srv/app/data/x"), "/srv/app/data belongs to uid 4201, not to root");
}

TEST_F(WalkTest, KnowsWhereAFileWillBeThatDoesNotExistYet) {
  ExpectSafe(AskFile("/etc/new.conf"), "/etc/new.conf");
  ExpectSafe(AskFile("/srv/app/a/b/./c/"), "/srv/app/a/b/c");
  ExpectSafe(AskFile("new.conf", "/etc"), "/etc/new.conf");
  Link("/etc/soon.conf", "/srv/app/soon.conf");
  ExpectSafe(AskFile("/etc/soon.conf"), "/srv/app/soon.conf");
  ExpectUnsafe(AskFile("/home/alice/new"), "/home/alice belongs to uid 4201, not to root");
}

TEST_F(WalkTest, RefusesToGoUpFromWhatDoesNotExist) {
  ExpectUnsafe(AskFile("/srv/app/new/../../../etc/app.conf"), "/srv/app/new does not exist");
}

TEST_F(WalkTest, RefusesToGoThroughAFile) {
  ExpectUnsafe(AskFile("/etc/app.conf/x"), "/etc/app.conf is not a folder");
  ExpectUnsafe(AskFile("/etc/app.conf/"), "/etc/app.conf is not a folder");
  ExpectUnsafe(AskCommand("/usr/bin/systemctl/."), "/usr/bin/systemctl is not a folder");
  ExpectUnsafe(AskFile("/etc/app.conf/.."), "/etc/app.conf is not a folder");
}

TEST_F(WalkTest, SaysWhyACommandCannotBeRun) {
  ExpectUnsafe(AskCommand("/usr/bin/none"), "/usr/bin/none does not exist");
  ExpectUnsafe(AskCommand("/usr/bin"), "/usr/bin is not a regular file");
  ExpectUnsafe(AskCommand("/etc/app.conf"), "/etc/app.conf is not executable");
  ExpectUnsafe(AskCommand(""), "an empty path does not exist");
}

TEST_F(WalkTest, JudgesTheInterpreterOfAScript) {
  File("/usr/bin/sh",
       "\x7f"
       "ELF",
       0755);
  File("/usr/bin/script", "#! /bin/sh -e\necho\n", 0755);
  ExpectSafe(AskCommand("/usr/bin/script"), "/usr/bin/script");
  File("/home/alice/sh",
       "\x7f"
       "ELF",
       0755);
  File("/usr/bin/bad", "#!/home/alice/sh\n", 0755);
  ExpectUnsafe(AskCommand("/usr/bin/bad"), "/home/alice belongs to uid 4201, not to root");
  File("/usr/bin/worse", "#!/usr/bin/bad\n", 0755);
  ExpectUnsafe(AskCommand("/usr/bin/worse"), "/home/alice belongs to uid 4201, not to root");
  File("/usr/bin/lost", "#!/usr/bin/none\n", 0755);
  ExpectUnsafe(AskCommand("/usr/bin/lost"), "/usr/bin/none does not exist");
  File("/usr/bin/loop", "#!/usr/bin/loop\n", 0755);
  ExpectUnsafe(AskCommand("/usr/bin/loop"), "/usr/bin/loop has too many interpreters");
  // As the kernel: a relative interpreter is looked for where the asker stands.
  File("/usr/bin/relative", "#!sh\n", 0755);
  ExpectSafe(AskCommand("/usr/bin/relative", "/usr/bin"), "/usr/bin/relative");
  ExpectUnsafe(AskCommand("/usr/bin/relative", "/home/alice"),
               "/home/alice belongs to uid 4201, not to root");
  // An argument is not run: whether it begins with #! is not asked.
  ExpectSafe(AskFile("/usr/bin/bad"), "/usr/bin/bad");
}

TEST(InterpreterOf, ReadsTheFirstLineAsTheKernelDoes) {
  EXPECT_EQ(InterpreterOf("#!/bin/sh\n"), "/bin/sh");
  EXPECT_EQ(InterpreterOf("#! \t/bin/sh -e\n"), "/bin/sh");
  EXPECT_EQ(InterpreterOf("#!/usr/bin/env python3"), "/usr/bin/env");
  EXPECT_EQ(InterpreterOf({"#!/bin/sh\0x", 11}), "/bin/sh");
  for (const char* none : {"", "#", "#!", "#!  \n", " #!/bin/sh",
                           "\x7f"
                           "ELF"}) {
    EXPECT_EQ(InterpreterOf(none), "") << none;
  }
}

TEST_F(WalkTest, RefusesLinksOfProc) {
  const platform::Fd root(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  const auto ask = [&](const char* path) {
    return ResolvePath({root.get(), root.get()}, {.path = path});
  };
  ExpectUnsafe(ask("/proc/self/exe"), "/proc/self is a link of /proc");
  ExpectUnsafe(ask("/dev/stdin"), "/proc/self is a link of /proc");
  ExpectUnsafe(ask("/proc/1/root/etc"), "/proc/1/root is a link of /proc");
  ExpectUnsafe(ask("/proc/1/exe"), "/proc/1/exe is a link of /proc");
  ExpectSafe(ask("/proc/meminfo"), "/proc/meminfo");
}

TEST_F(WalkTest, GivesUpAfterFortyLinks) {
  File("/etc/end", "", 0644);
  Link("/etc/1", "end");
  for (int i = 2; i <= 41; ++i) Link("/etc/" + std::to_string(i), std::to_string(i - 1));
  ExpectSafe(AskFile("/etc/40"), "/etc/end");
  ExpectUnsafe(AskFile("/etc/41"), "/etc/1 is one symbolic link too many; at most 40");
  Link("/etc/loop", "loop");
  ExpectUnsafe(AskFile("/etc/loop"), "/etc/loop is one symbolic link too many; at most 40");
}

TEST_F(WalkTest, RefusesPathsThatAreTooLong) {
  const std::string too_long = "the path is too long; at most 4095 bytes";
  ExpectUnsafe(AskFile("/" + std::string(PATH_MAX, 'x')), too_long);
  ExpectUnsafe(AskFile(std::string("/etc\0/x", 7)), too_long);
  ExpectUnsafe(AskFile("/" + std::string(256, 'x')),
               "/" + std::string(256, 'x') + " cannot be opened: File name too long");
  std::string deep;
  for (int i = 0; i < 256; ++i) deep += "/d";
  ExpectSafe(AskFile(deep), deep);
  ExpectUnsafe(AskFile(deep + "/d"), "the path is too long; at most 256 folders and 4095 bytes");
}

TEST_F(WalkTest, HashesTheContentWhereARuleAsks) {
  EXPECT_EQ(Ask({.path = "/etc/app.conf", .want_sha256 = true}).sha256, wire::Sha256Hex("a = 1\n"));
  EXPECT_EQ(Ask({.path = "/etc/app.conf"}).sha256, "");
  File("/etc/empty", "", 0644);
  EXPECT_EQ(Ask({.path = "/etc/empty", .want_sha256 = true}).sha256, wire::Sha256Hex(""));
  EXPECT_EQ(Ask({.path = "/etc", .want_sha256 = true}).sha256, "");
  EXPECT_EQ(Ask({.path = "/etc/new", .want_sha256 = true}).sha256, "");
  File("/etc/huge", "", 0644);
  ASSERT_EQ(truncate((top_ + "/etc/huge").c_str(), off_t{kMaxHashedBytes} + 1), 0);
  const core::PathFact huge = Ask({.path = "/etc/huge", .want_sha256 = true});
  ExpectSafe(huge, "/etc/huge");
  EXPECT_EQ(huge.sha256, "");
}

/// Opens "/" and "/usr/bin" of the tree in a mount namespace where alice's folder hides /usr/bin.
[[noreturn]] void PassOtherMounts(const std::string& top, int socket) {
  const std::string bin = top + "/usr/bin";
  if (unshare(CLONE_NEWNS) != 0 || mount("", "/", "", MS_REC | MS_PRIVATE, "") != 0) _exit(1);
  if (mount((top + "/home/alice").c_str(), bin.c_str(), "", MS_BIND, "") != 0) _exit(2);
  const std::array<int, 2> fds = {open(top.c_str(), O_PATH | O_CLOEXEC),
                                  open(bin.c_str(), O_PATH | O_CLOEXEC)};
  const auto sent = platform::SendMessage(socket, "x", fds, platform::Deadline::Never());
  if (sent.status != platform::Transfer::kDone) _exit(3);
  // The mounts live as long as a process that has them, as a waiting sudo does.
  while (true) pause();
}

// SC-02: a mount that only the asker sees is what counts, for that is what sudo would run.
TEST_F(WalkTest, SeesTheMountsOfTheAsker) {
  File("/home/alice/systemctl",
       "\x7f"
       "ELF",
       0755);
  auto ends = platform::MakeSocketPair();
  ASSERT_TRUE(ends);
  const pid_t child = fork();
  if (child == 0) PassOtherMounts(top_, ends->second.get());
  ends->second.Close();
  auto chunk = platform::ReceiveChunk(ends->first.get(), 1, 2, platform::Deadline::Never());
  ASSERT_EQ(chunk.fds.size(), 2u) << "could not bind-mount in a namespace of its own";
  const AskerFolders asker{.root = chunk.fds[0].get(), .cwd = chunk.fds[1].get()};

  const std::string why = "/usr/bin belongs to uid 4201, not to root";
  ExpectUnsafe(ResolvePath(asker, {.path = "/bin/systemctl"}), why);
  ExpectUnsafe(ResolvePath(asker, {.path = "./systemctl"}), why);
  ExpectSafe(ResolvePath(asker, {.path = "/etc/app.conf"}), "/etc/app.conf");
  ExpectSafe(AskCommand("/bin/systemctl"), "/usr/bin/systemctl");  // what everybody else sees
  ASSERT_EQ(kill(child, SIGKILL), 0);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

}  // namespace
}  // namespace daypass::agent
