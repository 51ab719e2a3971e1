// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The courier before servers whose TLS is not what it should be: openssl's own, with certificates
// of the courier's authority.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "agent_sync_fixture.h"
#include "platform/file.h"

namespace daypass::agent {
namespace {

using core::Millis;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Case {
  std::string what;
  std::string from = "20200101000000Z", until = "20450101000000Z";
  std::string name = "localhost";
  bool is_self_signed = false;
  std::string options = {};  // of openssl s_server
  std::string says = {};     // the courier, to its operator
};

class CourierTlsTest : public CourierTest {
 protected:
  void Shell(const std::string& command) const {
    const std::string whole =
        "cd " + server_.folder.path() + " && { " + command + "; } > shell.log 2>&1";
    ASSERT_EQ(std::system(whole.c_str()), 0)  // NOLINT: one thread of ours calls it
        << *platform::ReadFile(server_.folder / "shell.log", 65536);
  }

  void MakeCertificate(const Case& one) {
    std::ofstream(server_.folder / "ca.cnf")
        << "[ca]\ndefault_ca = d\n[d]\ndatabase = index\nserial = serial\nnew_certs_dir = .\n"
           "default_md = sha256\npolicy = p\nunique_subject = no\ncopy_extensions = copy\n"
           "[p]\ncommonName = supplied\n";
    const std::string key =
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout odd.key "
        "-subj /CN=odd -addext subjectAltName=DNS:" +
        one.name;
    if (one.is_self_signed) return Shell("openssl req -x509 -days 30 -out odd.pem " + key);
    Shell("touch index; [ -e serial ] || echo 10 > serial; openssl req -new -out odd.csr " + key +
          " && openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in odd.csr "
          "-out odd.pem -startdate " +
          one.from + " -enddate " + one.until);
  }

  /// Runs such a server, and the courier before it until it says something or is heard.
  void Meet(const Case& one) {
    MakeCertificate(one);
    std::ofstream(server_.folder / "heard").close();
    const uint16_t port = FreePort();
    const platform::Child server([&] {
      int input[2];  // open at both ends: openssl would end with its input
      if (pipe(input) != 0 || dup2(input[0], STDIN_FILENO) < 0) return 1;
      const std::string command =
          "cd " + server_.folder.path() +
          " && exec openssl s_server -quiet -accept 127.0.0.1:" + std::to_string(port) +
          " -cert odd.pem -key odd.key " + one.options + " > heard 2> odd.log";
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      return 127;
    });
    RunUntil([&] { return Listens(port); });
    lines_.clear();
    decider_.puts.clear();
    config_.server = "https://localhost:" + std::to_string(port);
    Start();
    RunUntil([&] { return !lines_.empty() || !Heard().empty(); });
    RunFor(Millis{300});
    courier_.reset();
  }

  static sockaddr_in Local(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static uint16_t FreePort() {
    const platform::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = Local(0);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
  }
  static bool Listens(uint16_t port) {
    const platform::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = Local(port);
    return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  std::string Heard() const {
    auto text = platform::ReadFile(server_.folder / "heard", 1 << 20);
    return text ? *text : "";
  }
};

// SV-06
TEST_F(CourierTlsTest, TellsAServerNothingWhoseTlsIsNotInOrder) {
  const std::vector<Case> cases = {
      {.what = "expired", .until = "20210101000000Z", .says = "expired.*clock is wrong"},
      {.what = "not yet valid", .from = "20440101000000Z", .says = "not valid yet.*clock is wrong"},
      {.what = "another's name", .name = "elsewhere.example", .says = "name"},
      {.what = "self-signed", .is_self_signed = true, .says = "self-signed"},
      {.what = "TLS 1.1",
       .options = "-tls1_1 -cipher DEFAULT@SECLEVEL=0",
       .says = "server: .*(SSL|TLS)"},
      {.what = "no encryption",
       .options = "-tls1_2 -cipher eNULL@SECLEVEL=0",
       .says = "server: .*(SSL|TLS)"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    Meet(one);
    ASSERT_THAT(lines_, ::testing::Not(IsEmpty()));
    EXPECT_THAT(lines_[0], ContainsRegex(one.says));
    EXPECT_THAT(Heard(), IsEmpty());
    EXPECT_THAT(decider_.puts, IsEmpty());
  }
  Meet({.what = "in order"});
  EXPECT_THAT(Heard(), HasSubstr("GET /v1/host/changes")) << "control";
}

}  // namespace
}  // namespace daypass::agent
