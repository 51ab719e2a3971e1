// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Signing with the real ssh-keygen: keys in files and in an agent; and documents taken apart so
// that the real ssh-keygen can check them.
#include "cli/signing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>

#include "cli/command_line.h"
#include "cli/verb.h"
#include "platform/file.h"
#include "platform/subprocess.h"
#include "tests/unit/cli_fixture.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

/// Runs a program to its end; its output.
std::string RunShell(const std::string& command) {
  platform::Program shell;
  shell.argv = {"/bin/sh", "-c", command};
  core::Result<platform::ProgramEnd> end = platform::RunProgram(shell);
  EXPECT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << command << "\n" << end->output << end->errors;
  return end->output;
}

class Signing : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/daypass-signing";
    RunShell("rm -rf " + folder_ + " && mkdir -m 700 " + folder_);
  }
  std::string MakeKey(const std::string& name, const std::string& type,
                      const std::string& passphrase = "") {
    const std::string path = folder_ + "/" + name;
    RunShell("ssh-keygen -q -t " + type + " -N '" + passphrase + "' -C test -f " + path);
    return path;
  }
  std::string folder_;
};

TEST_F(Signing, UsesAKeyInAFile) {
  for (const char* type : {"ed25519", "ecdsa"}) {
    core::Result<Signed> made = SignAs(MakeKey(type, type), "grant", "the exact bytes\n");
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_TRUE(wire::VerifySignature(made->armoured, "grant@daypass", "the exact bytes\n"));
    EXPECT_FALSE(wire::VerifySignature(made->armoured, "grant@daypass", "the exact bytes"));
    EXPECT_FALSE(wire::VerifySignature(made->armoured, "policy@daypass", "the exact bytes\n"));
  }
}

TEST_F(Signing, UsesAKeyInAnAgentByItsPublicHalf) {
  const std::string key = MakeKey("key", "ed25519");
  const std::string socket = folder_ + "/agent";
  // Prints "SSH_AGENT_PID=123; export SSH_AGENT_PID;..." and goes on in the background.
  const std::string words = RunShell("ssh-agent -s -a " + socket);
  const size_t at = words.find("SSH_AGENT_PID=");
  ASSERT_NE(at, std::string::npos) << words;
  const int agent = std::atoi(words.c_str() + at + std::string("SSH_AGENT_PID=").size());
  ASSERT_GT(agent, 1);
  setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  RunShell("ssh-add -q " + key + " && rm " + key);

  core::Result<Signed> made = SignAs(key + ".pub", "grant", "bytes");
  EXPECT_TRUE(made) << made.error().what;
  kill(agent, SIGTERM);
  unsetenv("SSH_AUTH_SOCK");
  EXPECT_FALSE(SignAs(key + ".pub", "grant", "bytes")) << "the control: without the agent";
}

TEST_F(Signing, AsksForAPassphraseThroughSshKeygen) {
  const std::string key = MakeKey("locked", "ed25519", "open sesame");
  ASSERT_TRUE(platform::WriteFileDurably(folder_ + "/ask", "#!/bin/sh\necho 'open sesame'\n",
                                         {.mode = 0700}));
  setenv("SSH_ASKPASS", (folder_ + "/ask").c_str(), 1);
  setenv("SSH_ASKPASS_REQUIRE", "force", 1);
  core::Result<Signed> made = SignAs(key, "grant", "bytes");
  unsetenv("SSH_ASKPASS");
  unsetenv("SSH_ASKPASS_REQUIRE");
  EXPECT_TRUE(made) << made.error().what;
}

TEST_F(Signing, SaysWhatIsWrongWithAKey) {
  core::Result<Signed> made = SignAs(folder_ + "/nothing", "grant", "bytes");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, core::Reason::kNotFound);
  EXPECT_THAT(made.error().what, HasSubstr("there is no such key"));

  ASSERT_TRUE(platform::WriteFileDurably(folder_ + "/text", "no key\n"));
  made = SignAs(folder_ + "/text", "grant", "bytes");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, core::Reason::kKeyRefused);
  EXPECT_THAT(made.error().what, HasSubstr("ssh-keygen did not sign"));

  made = SignAs(MakeKey("rsa", "rsa"), "grant", "bytes");
  ASSERT_FALSE(made) << "a key type that no host reads";
  EXPECT_EQ(made.error().code, core::Reason::kKeyRefused);
}

/// Runs a verb as main does.
core::Result<Exit> RunVerb(const std::vector<std::string>& arguments) {
  const CommandLine line = ParseCommandLine(arguments, Verbs());
  EXPECT_NE(line.verb, nullptr) << line.text;
  if (line.verb == nullptr) return line.exit;
  Output out(line.globals.json, line.globals.no_color);
  Context context{line.globals, out, platform::MakePaths(line.globals.root)};
  return line.verb->Run(context);
}

TEST_F(Signing, SignsAPolicyOnceForEachKey) {
  const std::string file = folder_ + "/policy.envelope";
  const policy::Built built = MakePolicy();
  ASSERT_TRUE(platform::WriteFileDurably(file, SignPolicy(built, {})));
  const std::string one = MakeKey("one", "ed25519");
  const std::string two = MakeKey("two", "ed25519");
  for (const std::string& key : {one, two, one}) {
    core::Result<Exit> exit = RunVerb({"policy", "sign", file, "--key", key});
    ASSERT_TRUE(exit) << exit.error().what;
  }
  core::Result<std::string> bytes = platform::ReadFile(file, 1 << 20);
  core::Result<wire::Envelope> envelope = wire::ParseEnvelope(*bytes, "policy", 1 << 20);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->payload, built.payload) << "not a byte of it changes";
  EXPECT_EQ(envelope->signatures.size(), 2u);
  EXPECT_TRUE(wire::VerifyAll(*envelope));
}

TEST_F(Signing, ExtractsWhatSshKeygenVerifies) {
  const std::string file = folder_ + "/grant.envelope";
  const RemoteRequest request = MakeRequest(MakeStatement(MakePolicy().policy));
  core::Result<Signed> made = SignAs(MakeKey("key", "ed25519"), "grant", request.bytes);
  ASSERT_TRUE(made);
  ASSERT_TRUE(platform::WriteFileDurably(
      file, wire::EncodeEnvelope({"grant", request.bytes, {made->armoured}})));
  core::Result<Exit> exit = RunVerb({"doc", "extract", file, "--payload", folder_ + "/payload",
                                     "--signatures", folder_ + "/signatures"});
  ASSERT_TRUE(exit) << exit.error().what;
  EXPECT_EQ(*platform::ReadFile(folder_ + "/payload", 1 << 16), request.bytes);
  const std::string verify = "ssh-keygen -Y verify -f " + folder_ +
                             "/signatures/allowed_signers -I signer-1 -n grant@daypass -s " +
                             folder_ + "/signatures/1.sig < " + folder_ + "/payload";
  EXPECT_THAT(RunShell(verify), HasSubstr("Good \"grant@daypass\" signature for signer-1"));
}

TEST_F(Signing, ShowsWhetherEverySignatureIsGood) {
  const std::string file = folder_ + "/grant.envelope";
  const RemoteRequest request = MakeRequest(MakeStatement(MakePolicy().policy));
  const std::string good = wire::Sign(TestKeys().bob, "grant@daypass", request.bytes);
  const std::string bad = wire::Sign(TestKeys().bob, "grant@daypass", "other bytes");
  const auto show = [&](const std::vector<std::string>& signatures) {
    EXPECT_TRUE(platform::WriteFileDurably(
        file, wire::EncodeEnvelope({"grant", request.bytes, signatures})));
    core::Result<Exit> exit = RunVerb({"doc", "show", file});
    EXPECT_TRUE(exit) << exit.error().what;
    return exit ? *exit : Exit::kRefused;
  };
  EXPECT_EQ(show({good}), Exit::kDone);
  EXPECT_EQ(show({good, bad}), Exit::kUntrusted);  // GF-07
  EXPECT_EQ(show({}), Exit::kUntrusted) << "nobody signed it";
}

}  // namespace
}  // namespace daypass::cli
