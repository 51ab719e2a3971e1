// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/gate_file.h"

#include <sys/stat.h>

#include <cstdio>

#include "platform/file.h"

namespace daypass::agent {
namespace {

std::string StampOf(const std::string& path) {
  struct stat file{};
  if (lstat(path.c_str(), &file) != 0) return "missing";
  return std::to_string(file.st_dev) + ' ' + std::to_string(file.st_ino) + ' ' +
         std::to_string(file.st_size) + ' ' + std::to_string(file.st_uid) + ' ' +
         std::to_string(file.st_mode) + ' ' + std::to_string(file.st_ctim.tv_sec) + ' ' +
         std::to_string(file.st_ctim.tv_nsec);
}

}  // namespace

const wire::GateConf& GateFile::Read() {
  std::string stamp = StampOf(path_);
  if (stamp == stamp_) return conf_;
  stamp_ = std::move(stamp);
  conf_ = {};
  if (stamp_ == "missing") return conf_;
  core::Result<std::string> text = platform::ReadTrustedFile(path_, wire::kMaxGateConfBytes);
  core::Result<wire::GateConf> conf =
      text ? wire::ParseGateConf(*text) : core::Result<wire::GateConf>(text.error());
  if (conf) {
    conf_ = std::move(*conf);
  } else {
    std::fprintf(stderr, "daypassd: %s: %s; enforcing, nobody is exempt\n", path_.c_str(),
                 conf.error().what.c_str());
  }
  return conf_;
}

}  // namespace daypass::agent
