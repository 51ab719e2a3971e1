// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The two directories that a command's paths start from, as descriptors that travel with the
// question: the agent resolves paths in the asker's view of the files, not in its own.
#pragma once

#include <string>

#include "core/result.h"
#include "platform/fd.h"

namespace daypass::client {

struct Places {
  platform::Fd root;   ///< "/", O_PATH
  platform::Fd start;  ///< where relative paths start, O_PATH
};

/// `run_directory`: where sudo will run the command, if it is not where sudo itself is (empty).
/// `may_stay`: sudo runs the command where it is if that directory cannot be entered.
/// Fails: kInternal.
core::Result<Places> OpenPlaces(const std::string& run_directory, bool may_stay);

}  // namespace daypass::client
