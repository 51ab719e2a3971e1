// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The ways out of the table, gone for real: each program that is on this machine, as nobody, in a
// folder of its own. And what the lint says of the same arguments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "platform/file.h"
#include "platform/subprocess.h"
#include "policy/escapes/escape.h"
#include "policy/lint.h"

namespace daypass::policy {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr size_t kFewestRun = 25;  ///< distinct programs; Debian's base alone has more
constexpr uid_t kNobody = 65534;

struct Case {
  Words argv;          ///< leaves a file "proof" behind, or prints what is in "secret"
  std::string input;   ///< its standard input
  Words harmless;      ///< the same program without: no proof; empty where every use is an escape
  bool reads = false;  ///< the way only reads
};

const std::vector<Case> kCases = {
    // shells and languages
    {{"bash", "-c", "touch proof"}, "", {}},
    {{"sh", "-c", "touch proof"}, "", {}},
    {{"dash", "-c", "touch proof"}, "", {}},
    {{"perl", "-e", "system 'touch proof'"}, "", {}},
    {{"python3", "-c", "open('proof', 'w')"}, "", {}},
    {{"awk", "BEGIN { system(\"touch proof\") }"}, "", {}},
    {{"mawk", "BEGIN { print 1 > \"proof\" }"}, "", {}},
    {{"make", "--eval", "all:; touch proof"}, "", {}},
    {{"cmake", "-E", "touch", "proof"}, "", {}},
    {{"gdb", "-nx", "-batch", "-ex", "shell touch proof"}, "", {}},
    {{"node", "-e", "require('fs').writeFileSync('proof', '')"}, "", {}},
    {{"tclsh"}, "exec touch proof\n", {}},
    // editors
    {{"vim", "-es", "-u", "NONE", "-c", "!touch proof", "-c", "qa!"}, "", {}},
    {{"ed", "secret"}, "!touch proof\nq\n", {}},
    // what runs something else
    {{"find", ".", "-name", "secret", "-exec", "touch", "proof", ";"},
     "",
     {"find", ".", "-name", "secret"}},
    {{"find", ".", "-fprint", "proof"}, "", {"find", ".", "-print"}},
    {{"xargs", "touch"}, "proof\n", {}},
    {{"env", "touch", "proof"}, "", {}},
    {{"nice", "touch", "proof"}, "", {}},
    {{"timeout", "9", "touch", "proof"}, "", {}},
    {{"nohup", "touch", "proof"}, "", {}},
    {{"setsid", "-w", "touch", "proof"}, "", {}},
    {{"stdbuf", "-o0", "touch", "proof"}, "", {}},
    {{"taskset", "0xffffffff", "touch", "proof"}, "", {}},
    {{"flock", "secret", "touch", "proof"}, "", {}},
    {{"chrt", "-o", "0", "touch", "proof"}, "", {}},
    {{"ionice", "-c", "3", "touch", "proof"}, "", {}},
    {{"prlimit", "--nofile=100", "touch", "proof"}, "", {}},
    {{"choom", "-n", "0", "--", "touch", "proof"}, "", {}},
    {{"setpriv", "touch", "proof"}, "", {}},
    {{"logsave", "proof", "id"}, "", {}},
    {{"script", "-q", "-c", "touch proof", "/dev/null"}, "", {}},
    {{"ssh-agent", "touch", "proof"}, "", {}},
    {{"strace", "-o", "proof", "id"}, "", {}},
    {{"dbus-run-session", "touch", "proof"}, "", {}},
    {{"run-parts", "parts"}, "", {}},
    {{"start-stop-daemon", "--start", "-d", ".", "--exec", "/usr/bin/touch", "--", "proof"},
     "",
     {"start-stop-daemon", "--status", "--pidfile", "none"}},
    {{"git", "-c", "alias.x=!touch proof", "x"}, "", {}},
    {{"ssh", "-o", "ProxyCommand=touch proof", "nowhere"}, "", {}},
    {{"sqlite3"}, ".shell touch proof\n", {}},
    // archives and filters
    {{"tar", "-cf", "/dev/null", "secret", "--checkpoint=1",
      "--checkpoint-action=exec=touch proof"},
     "",
     {"tar", "-cf", "/dev/null", "secret"}},
    {{"tar", "-cf", "x.tar", "-Ish -c 'touch proof; cat'", "secret"},
     "",
     {"tar", "-cf", "x.tar", "secret"}},
    {{"tar", "-cf", "x.tar", "--use-c=sh -c 'touch proof; cat'", "secret"}, "", {}},
    {{"zip", "-q", "x.zip", "secret", "-T", "-TT", "touch proof; true"},
     "",
     {"zip", "-q", "x.zip", "secret"}},
    {{"split", "--filter=touch proof", "secret"}, "", {"split", "secret"}},
    {{"sort", "-o", "proof", "secret"}, "", {"sort", "secret"}},
    {{"sed", "w proof", "secret"}, "", {"sed", "-n", "1p", "secret"}},
    {{"sed", "1e touch proof", "secret"}, "", {}},
    {{"uniq", "secret", "proof"}, "", {"uniq", "secret"}},
    {{"iconv", "-o", "proof", "secret"}, "", {"iconv", "secret"}},
    {{"xxd", "secret", "proof"}, "", {"xxd", "secret"}},
    {{"openssl", "dgst", "-out", "proof", "secret"}, "", {"openssl", "dgst", "secret"}},
    // what writes
    {{"dd", "if=secret", "of=proof"}, "", {"dd", "if=secret"}},
    {{"tee", "proof"}, "x", {"tee"}},
    {{"cp", "secret", "proof"}, "", {}},
    {{"mv", "secret", "proof"}, "", {}},
    {{"ln", "-s", "secret", "proof"}, "", {}},
    {{"install", "secret", "proof"}, "", {}},
    {{"touch", "proof"}, "", {}},
    {{"truncate", "-s", "9", "proof"}, "", {}},
    {{"curl", "-s", "-o", "proof", "file:///dev/null"}, "", {}},
    // what reads
    {{"date", "-f", "secret"}, "", {"date", "-u"}, true},
    {{"file", "-f", "secret"}, "", {"file", "parts"}, true},
    {{"head", "secret"}, "", {"head"}, true},
    {{"grep", "", "secret"}, "", {"grep", "-q", "x"}, true},
    {{"diff", "secret", "/dev/null"}, "", {"diff", "/dev/null", "/dev/null"}, true},
    {{"paste", "secret"}, "", {"paste"}, true},
};

/// A folder for one case, nobody's.
class Place {
 public:
  Place() {
    char folder[] = "/tmp/daypass-escape-XXXXXX";
    EXPECT_NE(mkdtemp(folder), nullptr);
    folder_ = folder;
    std::filesystem::create_directory(folder_ + "/parts");
    const platform::Ownership mine{.mode = 0755, .uid = Uid(), .gid = Uid()};
    EXPECT_TRUE(platform::WriteFileDurably(folder_ + "/parts/x", "#!/bin/sh\ntouch proof\n", mine));
    EXPECT_TRUE(platform::WriteFileDurably(folder_ + "/secret", "top secret\n", mine));
    EXPECT_EQ(chown(folder, Uid(), Uid()), 0);
  }
  ~Place() { std::filesystem::remove_all(folder_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool Escapes(const Words& argv, const std::string& input, bool reads) const {
    const std::string said = Run(argv, input);
    return reads ? said.find("top secret") != std::string::npos
                 : platform::FileExists(folder_ + "/proof");
  }

 private:
  static uid_t Uid() { return geteuid() == 0 ? kNobody : geteuid(); }

  /// Runs it as nobody in the folder, with nothing of our environment; what it printed.
  std::string Run(const Words& argv, const std::string& input) const {
    platform::Program program;
    if (geteuid() == 0) {
      const std::string id = std::to_string(kNobody);
      program.argv = {"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"};
    }
    const Words rest = {
        "env",      "-i",       "-C", folder_, std::string("PATH=") + kPath, "HOME=" + folder_,
        "LC_ALL=C", "TERM=dumb"};
    program.argv.insert(program.argv.end(), rest.begin(), rest.end());
    program.argv.insert(program.argv.end(), argv.begin(), argv.end());
    program.input = input;
    program.deadline = platform::Deadline::After(std::chrono::seconds{60});
    const core::Result<platform::ProgramEnd> end = platform::RunProgram(program);
    EXPECT_TRUE(end) << argv[0] << ": " << end.error().what;
    return end ? end->output + end->errors : "";
  }

  std::string folder_;
};

bool IsHere(const std::string& program) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"}) {
    if (access((folder + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

core::CommandRule RuleOf(const Words& argv, bool rest_any) {
  core::CommandRule rule;
  rule.path = "/usr/bin/" + argv[0];
  rule.rest_any = rest_any;
  for (size_t i = 1; i < argv.size() && !rest_any; ++i)
    rule.args.emplace_back(core::MatchIs{argv[i]});
  return rule;
}

TEST(EscapesRun, GiveAwayWhatTheTableSays) {  // SC-15
  std::set<std::string> run;
  for (const Case& c : kCases) {
    const std::string& program = c.argv[0];
    ASSERT_NE(FindEscape("/usr/bin/" + program), nullptr) << program;
    const core::CommandRule open = RuleOf(c.argv, true);
    EXPECT_TRUE(c.reads ? WhyReadsSecrets(open) : WhyEqualsRoot(open)) << program;
    if (!c.harmless.empty()) {
      const auto why = WhyEqualsRoot(RuleOf(c.harmless, false));
      EXPECT_FALSE(why) << *why;
    }
    if (!IsHere(program)) continue;
    run.insert(program);
    // The control first: what is left behind is left by the way out.
    if (!c.harmless.empty()) {
      EXPECT_FALSE(Place().Escapes(c.harmless, c.input, c.reads)) << program << " without it";
    }
    EXPECT_TRUE(Place().Escapes(c.argv, c.input, c.reads)) << ::testing::PrintToString(c.argv);
  }
  std::printf("programs whose way out was gone: %zu\n", run.size());
  EXPECT_GE(run.size(), kFewestRun);
}

}  // namespace
}  // namespace daypass::policy
