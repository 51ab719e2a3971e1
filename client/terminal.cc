// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace daypass::client {
namespace {

constexpr size_t kMaxLineBytes = 1024;

std::string Trim(const std::string& line) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = line.find_first_not_of(kSpace);
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_last_not_of(kSpace) - begin + 1);
}

/// Waits, without an end, until there is something to read. A signal ends it.
bool WaitForInput(int fd) {
  pollfd waited{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&waited, 1, -1) == 1;
}

}  // namespace

std::optional<Terminal> Terminal::Open() {
  platform::Fd fd(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  return Terminal(std::move(fd));
}

void Terminal::Say(std::string_view text) const {
  // What does not fit or fails is not said: the answer does not depend on it.
  const ssize_t written = write(fd_.get(), text.data(), text.size());
  static_cast<void>(written);
}

std::optional<std::string> Terminal::AskLine(std::string_view question) const {
  (void)tcflush(fd_.get(), TCIFLUSH);
  Say(question);
  std::string line;
  std::array<char, kMaxLineBytes> bytes{};
  while (line.find('\n') == std::string::npos) {
    if (line.size() > kMaxLineBytes || !WaitForInput(fd_.get())) return std::nullopt;
    const ssize_t count = read(fd_.get(), bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    line.append(bytes.data(), static_cast<size_t>(count));
  }
  return Trim(line);
}

}  // namespace daypass::client
