// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A small real HTTPS server (platform_https_server.py) for the tests of both HTTP clients.
#pragma once

#include <fcntl.h>

#include <cstdio>

#include "platform/fd.h"
#include "platform/http.h"
#include "platform_fixture.h"

namespace daypass::platform {

class HttpsServer {
 public:
  HttpsServer() {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(input[0], 0);
      dup2(output[1], 1);
      execl("/usr/bin/python3", "python3", DAYPASS_HTTPS_SERVER, folder.path().c_str(), nullptr);
      _exit(127);
    }
    close(input[0]);
    close(output[1]);
    input_ = Fd(input[1]);
    FILE* const ports = fdopen(output[0], "r");
    if (fscanf(ports, "%d %d %d", &good, &expired, &future) != 3) good = 0;
    fclose(ports);
  }
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;
  ~HttpsServer() {
    input_.Close();  // which ends it
    waitpid(pid_, nullptr, 0);
  }

  /// GET of `path`, trusting the server's authority.
  HttpRequest Request(const std::string& path) const { return Request(path, good); }
  HttpRequest Request(const std::string& path, int port) const {
    HttpRequest request;
    request.url = "https://localhost:" + std::to_string(port) + path;
    request.ca_file = folder / "ca.pem";
    return request;
  }

  TempDir folder;
  int good = 0, expired = 0, future = 0;

 private:
  pid_t pid_ = -1;
  Fd input_;
};

/// One for all tests of a program: keys take a moment.
class HttpsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new HttpsServer; }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }
  void SetUp() override { ASSERT_NE(server_->good, 0) << "the HTTPS server did not start"; }

  static inline HttpsServer* server_ = nullptr;
};

}  // namespace daypass::platform
