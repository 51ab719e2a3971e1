// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Scenarios: tests of a policy, as files beside it. Somebody asks, is approved, runs something,
// time passes; each step says what is expected. Time costs nothing: the clock is moved by hand.
#pragma once

#include <string>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "policy/coverage.h"
#include "policy/tree.h"

namespace daypass::policy {

struct Failure {
  std::string place;  ///< file:line:column of the step
  std::string step;   ///< "run /usr/bin/systemctl restart nginx"
  std::string expected;
  std::string got;  ///< with its detail: "wrong_argument (sshd)"
};

struct ScenarioResult {
  std::string file;
  std::string name;
  size_t steps = 0;
  std::vector<Failure> failures;
};

/// Runs every scenario of a file; what the steps saw goes into `coverage`.
/// Fails kMalformed with file:line:column: a scenario that cannot be understood tests nothing.
core::Result<std::vector<ScenarioResult>> RunScenarios(const SourceFile& file,
                                                       const core::Policy& policy,
                                                       Coverage& coverage);

}  // namespace daypass::policy
