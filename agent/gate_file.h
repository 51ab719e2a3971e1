// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// gate.conf as it is now: read again when it has changed. Missing or unsafe means enforce, nobody
// exempt.
#pragma once

#include <string>

#include "wire/gate.h"

namespace daypass::agent {

class GateFile {
 public:
  explicit GateFile(std::string path) : path_(std::move(path)) {}

  /// The content in force.
  const wire::GateConf& Read();

 private:
  std::string path_;
  std::string stamp_ = "never read";  // inode, size and times of the file when it was read
  wire::GateConf conf_;
};

}  // namespace daypass::agent
