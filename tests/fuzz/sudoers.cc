// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A sudoers file as cvtsudoers writes it: what becomes of it is a policy, or a list for people.
#include "tests/fuzz/suggested.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {

namespace {

core::Result<policy::Sketches> Read(std::string_view input) {
  policy::Sketches sketches;
  auto read = policy::SketchSudoers(input, {{{"/bin", "/usr/bin"}}, {}, {}}, {"backup"}, sketches);
  if (!read) return std::move(read).error();
  return sketches;
}

}  // namespace

// cvtsudoers' answer may have 16 MiB; jansson makes a node of each value.
const Reader kReader{.limit = size_t{1} << 20,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)Read(input); },
                     .max_heap = size_t{64} << 20};

void Try(std::string_view input) {
  auto sketches = Read(input);
  if (!sketches) return RequireFit(sketches.error());
  TrySuggestion(*std::move(sketches));
}

}  // namespace daypass::fuzz
