// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A folder in memory, for readers that take a file by its name.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "tests/fuzz/target.h"

namespace daypass::fuzz {

class Scratch {
 public:
  Scratch() {
    std::error_code none;
    const bool has_memory = std::filesystem::is_directory("/dev/shm", none);
    path_ = has_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
    path_ += "/daypass-fuzz-XXXXXX";
    Require(mkdtemp(path_.data()) != nullptr, "there is room for a folder");
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }

  /// The name of the file below the folder, which holds `bytes` from now on; root's alone.
  std::string Write(const std::string& name, std::string_view bytes) const {
    const std::string file = path_ + "/" + name;
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    Require(fd >= 0 && write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
            "there is room for a file");
    close(fd);
    return file;
  }

 private:
  std::string path_;
};

}  // namespace daypass::fuzz
