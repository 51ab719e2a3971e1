// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Policy sources: what they make is what hosts read, always the same bytes, and canonical.
//
// Input: policy.toml, a file of people and a file of roles, with lines of "%%%" between.
#include "policy/builder.h"
#include "tests/fuzz/json_view.h"
#include "tests/fuzz/target.h"
#include "wire/digest.h"
#include "wire/limits.h"

namespace daypass::fuzz {

namespace {

policy::Tree Split(std::string_view input) {
  constexpr std::string_view kMark = "\n%%%\n";
  policy::Tree tree;
  tree.head = {"policy.toml", std::string(TakeUntil(input, kMark))};
  tree.people = {{"people/people.toml", std::string(TakeUntil(input, kMark))}};
  tree.roles = {{"roles/roles.toml", std::string(input)}};
  return tree;
}

core::Result<policy::Built> Build(const policy::Tree& tree) {
  policy::BuildOptions options;
  options.now = core::FromMillis(1'800'000'000'000);
  return policy::BuildPolicy(tree, options);
}

}  // namespace

// A source file is 1 MiB at most.
const Reader kReader{.limit = size_t{1} << 20,
                     .max_input = size_t{12} << 10,
                     .read = [](std::string_view input) { (void)Build(Split(input)); },
                     .max_heap = kTomlFactor * (size_t{1} << 20)};

void Try(std::string_view input) {
  const policy::Tree tree = Split(input);
  const auto built = Build(tree);
  if (!built) {
    Require(built.error().code == core::Reason::kMalformed || !built.error().field.empty(),
            "a fault in the sources has a place");
    return RequireFit(built.error());
  }
  const auto again = Build(tree);
  Require(again && again->payload == built->payload, "a tree makes the same bytes each time");
  Require(built->policy.digest == wire::Sha256Hex(built->payload), "the digest is of those bytes");
  Require(Canonical(built->payload, {.max_bytes = wire::kMaxPolicyBytes}) == built->payload,
          "a policy is written in canonical form");
}

}  // namespace daypass::fuzz
