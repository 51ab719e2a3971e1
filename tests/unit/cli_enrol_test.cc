// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Enrolment: what is refused before anybody is asked, how a CA is known, what is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/command_line.h"
#include "cli/enrolment_files.h"
#include "cli/server_ca.h"
#include "cli/tls_identity.h"
#include "cli/verb.h"
#include "platform/file.h"
#include "platform/subprocess.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

const std::string kToken = "dpj-" + std::string(32, '1') + "-" + std::string(16, '2');

std::string RunShell(const std::string& command) {
  platform::Program shell;
  shell.argv = {"/bin/sh", "-c", command};
  core::Result<platform::ProgramEnd> end = platform::RunProgram(shell);
  EXPECT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << command << "\n" << end->errors;
  return end->output;
}

class Enrol : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = ::testing::TempDir() + "/daypass-enrol";
    RunShell("rm -rf " + root_ + " && mkdir -p " + root_);
  }
  core::Error ErrorOf(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"--root", root_, "host", "enrol"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandLine line = ParseCommandLine(arguments, Verbs());
    EXPECT_NE(line.verb, nullptr) << line.text;
    if (line.verb == nullptr) return {};
    Output out(false, true);
    Context context{line.globals, out, platform::MakePaths(line.globals.root)};
    core::Result<Exit> exit = line.verb->Run(context);
    EXPECT_FALSE(exit);
    return exit ? core::Error{} : exit.error();
  }
  std::string root_;
  const std::string digest_ = std::string(64, 'a');
};

// EN-02: nobody is asked, nothing is written without the digest that an administrator gives.
TEST_F(Enrol, RefusesToBeginWithoutThePolicysDigest) {
  const core::Error error =
      ErrorOf({"--server", "https://127.0.0.1:1", "--name", "web-1", "--token", kToken});
  EXPECT_EQ(error.field, "--policy-digest");
  EXPECT_THAT(error.what, HasSubstr("without it the server would choose whom this host believes"));
  EXPECT_EQ(RunShell("find " + root_ + " -type f"), "");

  const core::Error control = ErrorOf({"--server", "https://127.0.0.1:1", "--name", "web-1",
                                       "--token", kToken, "--policy-digest", digest_});
  EXPECT_EQ(control.code, core::Reason::kAgentSilent) << "the control goes on to ask the server";
}

TEST_F(Enrol, NamesTheOptionThatIsWrong) {
  const std::vector<std::string> rest = {"--policy-digest", digest_};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), rest.begin(), rest.end());
    return ErrorOf(more);
  };
  EXPECT_EQ(with({"--name", "web-1", "--token", kToken}).field, "--server");
  EXPECT_EQ(with({"--server", "http://x", "--name", "web-1", "--token", kToken}).field, "--server");
  EXPECT_EQ(with({"--server", "https://x", "--name", "Web 1", "--token", kToken}).field, "--name");
  EXPECT_EQ(with({"--server", "https://x", "--name", "web-1", "--token", "dpj"}).field, "--token");
  EXPECT_EQ(
      with({"--server", "https://x", "--name", "web-1", "--token", kToken, "--label", "x"}).field,
      "--label");
  EXPECT_EQ(ErrorOf({"--server", "https://x", "--name", "web-1", "--token", kToken,
                     "--policy-digest", "abc"})
                .field,
            "--policy-digest");
}

// EN-08: what root pinned once stays, until root itself says otherwise.
TEST_F(Enrol, RefusesAHostThatIsEnrolled) {
  ASSERT_TRUE(platform::MakeDirectory(root_ + "/etc/daypass", {.mode = 0755}));
  ASSERT_TRUE(platform::WriteFileDurably(root_ + "/etc/daypass/host.toml", "realm = 1\n"));
  const std::vector<std::string> arguments = {
      "--server", "https://127.0.0.1:1", "--name", "web-1", "--token",
      kToken,     "--policy-digest",     digest_};
  EXPECT_EQ(ErrorOf(arguments).code, core::Reason::kConflict);
  std::vector<std::string> anew = arguments;
  anew.emplace_back("--replace");
  EXPECT_EQ(ErrorOf(anew).code, core::Reason::kAgentSilent);
}

TEST_F(Enrol, KnowsTheCaByTheDigitsInTheToken) {
  RunShell("cd " + root_ +
           " && for i in a b; do openssl req -x509 -newkey ec -pkeyopt "
           "ec_paramgen_curve:P-256 -nodes -keyout $i.key -out $i.pem -subj /CN=$i 2>/dev/null; "
           "done");
  const std::string pem = *platform::ReadFile(root_ + "/a.pem", 65536);
  const std::string digest = *DigestOfCertificate(pem);
  const std::string by_openssl =
      RunShell("openssl x509 -in " + root_ + "/a.pem -outform der | sha256sum | cut -d' ' -f1");
  EXPECT_EQ(digest + "\n", by_openssl);
  const JoinToken token =
      *ReadJoinToken("dpj-" + std::string(32, '0') + "-" + digest.substr(0, 16));
  EXPECT_TRUE(CheckCa(pem, token));

  core::Result<void> other = CheckCa(*platform::ReadFile(root_ + "/b.pem", 65536), token);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, core::Reason::kDigest);
  EXPECT_EQ(CheckCa("no certificate", token).error().code, core::Reason::kMalformed);
}

TEST(JoinTokens, HaveOneFormOnly) {
  EXPECT_TRUE(ReadJoinToken(kToken));
  for (const std::string& text :
       {std::string(), kToken + "0", kToken.substr(1),
        "dpj-" + std::string(32, 'G') + kToken.substr(36), std::string(kToken.size(), 'a')}) {
    EXPECT_FALSE(ReadJoinToken(text)) << text;
  }
}

TEST(TlsIdentity, IsARequestThatOpensslReads) {
  core::Result<TlsIdentity> identity = MakeTlsIdentity("web-1");
  ASSERT_TRUE(identity);
  const std::string folder = ::testing::TempDir();
  ASSERT_TRUE(platform::WriteFileDurably(folder + "/t.csr", identity->csr_pem));
  ASSERT_TRUE(platform::WriteFileDurably(folder + "/t.key", identity->key_pem));
  EXPECT_THAT(RunShell("openssl req -in " + folder + "/t.csr -noout -verify -subject 2>&1"),
              HasSubstr("CN = web-1"));
  EXPECT_EQ(RunShell("openssl pkey -in " + folder + "/t.key -pubout"),
            RunShell("openssl req -in " + folder + "/t.csr -noout -pubkey"));
}

TEST(EnrolmentFiles, SayWhoTheHostIs) {
  EnrolledHost host;
  host.realm = std::string(32, 'a');
  host.name = "web-1";
  host.labels = {{"env", "production"}, {"tier", "web \"1\""}};
  host.policy_version = 7;
  host.policy_digest = std::string(64, 'b');
  EXPECT_THAT(WriteHostToml(host), HasSubstr("name = \"web-1\"\n\n[labels]\n"
                                             "\"env\" = \"production\"\n"
                                             "\"tier\" = \"web \\\"1\\\"\"\n"));
  EXPECT_THAT(WriteHostToml(host), HasSubstr("[policy]\nversion = 7\ndigest = \"bbbb"));
}

TEST(EnrolmentFiles, KeepWhatAnAdministratorWrote) {
  const std::string server = "https://daypass.example:8443";
  EXPECT_EQ(*WriteAgentToml("", server), "[sync]\nserver = \"" + server + "\"\n");
  const std::string own = "# ours\n[agent]\nstatus_every = \"30s\"\n";
  EXPECT_EQ(*WriteAgentToml(own, server), own + "\n[sync]\nserver = \"" + server + "\"\n");
  const std::string same = own + "[sync]\nserver = \"" + server + "\"\nproxy = \"http://p:1\"\n";
  EXPECT_EQ(*WriteAgentToml(same, server), same);
  core::Result<std::string> other = WriteAgentToml(same, "https://other.example");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, core::Reason::kConflict);
}

TEST(EnrolmentFiles, AreWrittenForTheirReadersOnly) {
  const std::string root = ::testing::TempDir() + "/daypass-enrolment-files";
  RunShell("rm -rf " + root + " && mkdir -p " + root);
  const platform::Paths paths = platform::MakePaths(root);
  core::Result<wire::PrivateKey> key = LoadOrMakeHostKey(paths);
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(LoadOrMakeHostKey(paths)->public_key().line, key->public_key().line) << "made once";
  EnrolledHost host;
  host.name = "web-1";
  host.ca_pem = "ca";
  host.certificate_pem = "certificate";
  host.key_pem = "key";
  ASSERT_TRUE(WriteEnrolment(paths, {}, host, "[sync]\n"));
  const auto mode = [](const std::string& path) {
    struct stat facts{};
    EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777;
  };
  EXPECT_EQ(mode(paths.state), 0700u);
  EXPECT_EQ(mode(paths.host_key), 0600u);
  EXPECT_EQ(mode(paths.sync_state), 0700u);
  EXPECT_EQ(mode(paths.sync_tls_key), 0600u);
  EXPECT_EQ(mode(paths.host_toml), 0644u);
  EXPECT_EQ(mode(paths.agent_toml), 0644u);
}

}  // namespace
}  // namespace daypass::cli
