// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The words behind pam_daypass.so in a PAM line: "account required pam_daypass.so root=/srv/trial".
#pragma once

#include <string>

#include "core/result.h"

namespace daypass::pam_module {

struct Options {
  std::string root;  ///< prefix of every path; empty: none
};

/// Fails kMalformed: a word that is not known, or a root that is not an absolute path.
core::Result<Options> ParseOptions(int argc, const char** argv);

}  // namespace daypass::pam_module
