// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypassd, the decider: builds its parts in order, listens, and runs until it is told to stop.
#pragma once

#include <string>

#include "core/result.h"
#include "platform/fd.h"

namespace daypass::agent {

/// Leaves every network: a namespace of its own, loopback down. Where it already stands in one that
/// has nothing but loopback (its unit's), that is as good. Fails: kInternal.
core::Result<void> LeaveNetwork();

/// Runs daypassd below `root` until SIGTERM. `resolver`: from ForkResolverHelpers.
core::Result<int> RunDaypassd(const std::string& root, platform::Fd resolver);

}  // namespace daypass::agent
