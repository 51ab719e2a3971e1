// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/check.h"

#include <algorithm>
#include <tuple>

#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

/// Numbers that `build` is given and a tree need not have: any will do here.
BuildOptions AnyVersion(const CheckOptions& options) {
  BuildOptions build;
  build.now = options.now;
  build.version = 2;
  build.previous = std::string(64, '0');
  return build;
}

auto Order(const Finding& finding) {
  const wire::Place& place = finding.place;
  return std::tie(place.file, place.line, place.column, finding.severity, finding.what);
}

}  // namespace

Findings CheckTree(const Tree& tree, const CheckOptions& options) {
  wire::Fault fault;
  const std::optional<Built> built = BuildPolicy(tree, AnyVersion(options), fault);
  Findings findings;
  for (const wire::PlacedFault& wrong : fault.all()) {
    findings.push_back({Severity::kError, "build", wrong.place, wrong.what, "", ""});
  }
  if (built) {
    const Places places = FindPlaces(tree);
    const Linted linted{built->policy, places};
    LintPowers(linted, findings);
    LintApprovals(linted, findings);
    LintOrder(linted, findings);
    LintTimes(linted, findings);
    LintUnused(linted, findings);
    if (options.host_root) LintHost(linted, *options.host_root, findings);
  }
  std::ranges::stable_sort(findings, {}, Order);
  return findings;
}

}  // namespace daypass::policy
