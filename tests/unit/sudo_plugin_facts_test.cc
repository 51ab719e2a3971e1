// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How sudo's vectors become the question. The vectors are those of sudo 1.9.13 on Debian 12.
#include "sudo_plugin/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sudo_plugin/options.h"

namespace daypass::sudo_plugin {
namespace {

using client::CommandCall;
using core::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Opened Alice(std::vector<std::string> settings = {}) {
  Opened opened;
  opened.version = (1U << 16) | 21U;
  opened.settings = {"plugin_path=/usr/libexec/sudo/", "progname=sudo", "network_addrs=192.0.2.9"};
  opened.settings.insert(opened.settings.end(), settings.begin(), settings.end());
  opened.user_info = {"user=alice",      "uid=1001",   "euid=0",        "gid=1001",
                      "cwd=/home/alice", "host=web-1", "tty=/dev/pts/3"};
  return opened;
}

Command Restart(std::vector<std::string> more = {}) {
  Command command;
  command.info = {"command=/usr/bin/systemctl",
                  "runas_user=root",
                  "runas_uid=0",
                  "runas_gid=0",
                  "runas_groups=0",
                  "closefrom=3",
                  "set_utmp=true",
                  "use_pty=true",
                  "umask=022"};
  command.info.insert(command.info.end(), more.begin(), more.end());
  command.argv = {"systemctl", "restart", "nginx"};
  command.envp = {"PATH=/usr/bin", "TERM=xterm"};
  return command;
}

CommandCall Read(const Opened& opened, const Command& command) {
  auto call = ReadFacts(opened, command);
  EXPECT_TRUE(call) << call.error().what;
  return call ? *std::move(call) : CommandCall{};
}

TEST(Facts, SayWhatSudoWillDo) {
  const CommandCall call = Read(Alice({"noninteractive=true"}), Restart());
  EXPECT_EQ(call.user, "alice");
  EXPECT_EQ(call.uid, 1001U);
  EXPECT_EQ(call.door, core::Door::kSudo);
  EXPECT_EQ(call.mode, Mode::kRun);
  EXPECT_EQ(call.command, "/usr/bin/systemctl");
  EXPECT_THAT(call.argv, ElementsAre("systemctl", "restart", "nginx"));
  EXPECT_EQ(call.cwd, "/home/alice");
  EXPECT_EQ(call.runas_user, "root");
  EXPECT_EQ(call.runas_group, "");
  EXPECT_THAT(call.env, ElementsAre("PATH=/usr/bin", "TERM=xterm"));
  EXPECT_THAT(call.options, IsEmpty());
  EXPECT_EQ(call.tty, "/dev/pts/3");
  EXPECT_TRUE(call.noninteractive);
  EXPECT_FALSE(call.intercepts || call.subcommand);
  EXPECT_EQ(call.api, "1.21");
}

// SC-11: bytes stay bytes.
TEST(Facts, KeepArgumentsAsTheyAre) {
  Command command = Restart();
  command.argv = {"printf", "", "a\nb", "\x1b[31m", "\xff\xfe", "*?[]{}~$"};
  EXPECT_EQ(Read(Alice(), command).argv, command.argv);
}

// SC-14: a shell is never taken for a command.
TEST(Facts, TellAShellAndALoginFromACommand) {
  EXPECT_EQ(Read(Alice({"run_shell=true"}), Restart()).mode, Mode::kShell);
  EXPECT_EQ(Read(Alice({"implied_shell=true"}), Restart()).mode, Mode::kShell);
  EXPECT_EQ(Read(Alice({"login_shell=true"}), Restart()).mode, Mode::kLogin);
  EXPECT_EQ(Read(Alice({"run_shell=true", "login_shell=true"}), Restart()).mode, Mode::kLogin);
  EXPECT_EQ(Read(Alice({"run_shell=false"}), Restart()).mode, Mode::kRun);
}

TEST(Facts, TakeTheDirectoryWhereSudoRunsTheCommand) {
  const Command login = Restart({"cwd=/root", "cwd_optional=true"});
  EXPECT_EQ(Read(Alice({"login_shell=true"}), login).cwd, "/root");
  EXPECT_EQ(ReadRunDirectory(login).path, "/root");
  EXPECT_TRUE(ReadRunDirectory(login).may_stay);
  EXPECT_EQ(ReadRunDirectory(Restart()).path, "");
}

TEST(Facts, SayWhetherSudoWillAskForWhatItStarts) {
  EXPECT_TRUE(Read(Alice(), Restart({"intercept=true", "use_ptrace=true"})).intercepts);
  EXPECT_FALSE(Read(Alice(), Restart({"intercept=true"})).intercepts) << "by a library";
  EXPECT_FALSE(Read(Alice(), Restart({"intercept=false"})).intercepts);
  EXPECT_FALSE(Read(Alice(), Restart({"log_subcmds=true", "use_ptrace=true"})).intercepts);
  EXPECT_FALSE(Read(Alice({"intercept_setid=true"}), Restart()).intercepts);
}

TEST(Facts, CallAnInterceptedCommandASubcommandWhateverItsParentWas) {
  const Command command = Restart({"runcwd=/tmp", "intercept=true"});
  const CommandCall call = Read(Alice({"login_shell=true"}), command);
  EXPECT_TRUE(call.subcommand);
  EXPECT_EQ(call.mode, Mode::kRun);
  EXPECT_EQ(call.cwd, "/tmp");
  EXPECT_EQ(ReadRunDirectory(command).path, "/tmp");
}

TEST(Facts, RunAsWhatTheCommandRunsWithUnderStaySetuid) {
  Command command = Restart({"runas_euid=33", "runas_egid=34"});
  EXPECT_EQ(Read(Alice(), command).runas_uid, 33U);
  EXPECT_EQ(Read(Alice(), command).runas_gid, 34U);
}

// SC-24: a group asked for is said.
TEST(Facts, NameTheGroupThatWasAskedFor) {
  EXPECT_EQ(Read(Alice({"runas_group=shadow"}), Restart({"runas_group=shadow"})).runas_group,
            "shadow");
  EXPECT_EQ(Read(Alice({"runas_group=#42"}), Restart()).runas_group, "#42");
}

// SC-25, SC-27: what changes execution is named; SC-29: what does not is no option.
TEST(Facts, NameEachOptionThatChangesWhatRuns) {
  const std::pair<std::string, std::string> rows[] = {
      {"cmnd_cwd=/tmp", "chdir"},
      {"cmnd_chroot=/srv/jail", "chroot"},
      {"closefrom=5", "closefrom"},
      {"remote_host=other", "host"},
      {"preserve_groups=true", "preserve_groups"},
      {"preserve_environment=true", "preserve_env"},
      {"selinux_role=sysadm_r", "selinux"},
      {"selinux_type=sysadm_t", "selinux"},
      {"timeout=1", "timeout"},
  };
  for (const auto& [setting, option] : rows) {
    EXPECT_THAT(Read(Alice({setting}), Restart()).options, ElementsAre(option)) << setting;
  }
  EXPECT_THAT(Read(Alice(), Restart({"chroot=/srv"})).options, ElementsAre("chroot"));
  EXPECT_THAT(Read(Alice(), Restart({"preserve_fds=7"})).options, ElementsAre("preserve_fds"));
  for (const char* harmless : {"ignore_ticket=true", "noninteractive=true", "prompt=x",
                               "set_home=true", "update_ticket=false"}) {
    EXPECT_THAT(Read(Alice({harmless}), Restart()).options, IsEmpty()) << harmless;
  }
}

TEST(Facts, NameAKeyThatNobodyHasHeardOf) {
  EXPECT_THAT(Read(Alice(), Restart({"run_in_vm=true"})).options, ElementsAre("unknown:run_in_vm"));
  EXPECT_THAT(Read(Alice(), Restart({"odd\x1bword"})).options, ElementsAre("unknown:odd?word"));
  EXPECT_THAT(Read(Alice(), Restart({"rlimit_core=0,0", "log_servers=x", "execfd=6"})).options,
              IsEmpty());
}

// SC-19, SC-20: CVE-2023-22809, an editor with arguments of its own.
TEST(Facts, TakeSudoeditsFilesFromTheEndOfArgv) {
  Command command = Restart({"sudoedit=true", "sudoedit_nfiles=2"});
  command.argv = {"vi", "--", "/etc/shadow", "--", "/etc/a", "/etc/b"};
  const CommandCall call = Read(Alice({"sudoedit=true"}), command);
  EXPECT_EQ(call.mode, Mode::kEdit);
  EXPECT_THAT(call.files, ElementsAre("/etc/a", "/etc/b"));
}

TEST(Facts, TakeSudoeditsFilesWithoutACountOnlyWhereTheyAreClear) {
  Command command = Restart({"sudoedit=true"});
  command.argv = {"vi", "-R", "--", "/etc/a"};
  EXPECT_THAT(Read(Alice(), command).files, ElementsAre("/etc/a"));
  for (std::vector<std::string> argv :
       {std::vector<std::string>{"vi", "--", "/etc/shadow", "--", "/etc/a"},
        std::vector<std::string>{"vi", "/etc/a"}, std::vector<std::string>{"vi", "--"}}) {
    command.argv = argv;
    EXPECT_FALSE(ReadFacts(Alice(), command));
  }
}

TEST(Facts, RefuseACountOfFilesThatCannotBe) {
  for (const char* count : {"0", "3", "-1", "2x", "", "99999999999999999999"}) {
    Command command = Restart({"sudoedit=true", std::string("sudoedit_nfiles=") + count});
    command.argv = {"vi", "--", "/etc/a"};
    EXPECT_FALSE(ReadFacts(Alice(), command)) << count;
  }
}

TEST(Facts, RefuseAVectorThatLacksAnId) {
  Opened nobody = Alice();
  nobody.user_info = {"user=alice"};
  EXPECT_THAT(ReadFacts(nobody, Restart()).error().what, HasSubstr("uid"));
  nobody.user_info = {"user=alice", "uid=4294967295"};
  EXPECT_FALSE(ReadFacts(nobody, Restart()));
  Command command = Restart();
  command.info = {"command=/bin/id"};
  EXPECT_FALSE(ReadFacts(Alice(), command));
}

TEST(KeyValues, TakeTheLastOfTwoAsSudoDoes) {
  const std::vector<std::string> entries = {"cwd=/a", "cwdx=/b", "cwd=/c", "bare", "empty="};
  const KeyValues values(entries);
  EXPECT_EQ(values.Get("cwd"), "/c");
  EXPECT_EQ(values.Get("empty"), "");
  EXPECT_FALSE(values.Get("bare"));
  EXPECT_FALSE(values.Get("cw"));
}

TEST(Options, KnowTheRootAndNothingElse) {
  EXPECT_EQ(ParseOptions({})->root, "");
  EXPECT_EQ(ParseOptions({"root=/srv/trial"})->root, "/srv/trial");
  for (const char* bad : {"root=", "root=srv", "Root=/x", "debug", ""}) {
    EXPECT_FALSE(ParseOptions({bad})) << bad;
  }
}

}  // namespace
}  // namespace daypass::sudo_plugin
