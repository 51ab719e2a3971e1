// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// docs/examples/policy, to be changed in one place at a time.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "policy/builder.h"
#include "policy/tree.h"

namespace daypass::policy {

constexpr core::Instant kNow = core::FromMillis(1'800'000'000'000);
inline BuildOptions MakeOptions() {
  BuildOptions options;
  options.now = kNow;
  return options;
}
inline const BuildOptions kOptions = MakeOptions();

inline Tree ExampleTree() {
  core::Result<Tree> tree = LoadTree(DAYPASS_EXAMPLE_POLICY);
  EXPECT_TRUE(tree) << tree.error().what;
  Tree copy = *std::move(tree);
  // Short names, so that errors read the same wherever the sources are.
  copy.head.name = "policy.toml";
  copy.people.at(0).name = "people.toml";
  copy.roles.at(0).name = "admin.toml";
  copy.roles.at(1).name = "web.toml";
  return copy;
}

/// Its files.
inline SourceFile& Head(Tree& tree) {
  return tree.head;
}
inline SourceFile& People(Tree& tree) {
  return tree.people.at(0);
}
inline SourceFile& Admin(Tree& tree) {
  return tree.roles.at(0);
}
inline SourceFile& Web(Tree& tree) {
  return tree.roles.at(1);
}

/// Replaces the only occurrence of `from`.
inline void Change(SourceFile& file, const std::string& from, const std::string& to) {
  const size_t at = file.text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  ASSERT_EQ(file.text.find(from, at + 1), std::string::npos) << from << " is there twice";
  file.text.replace(at, from.size(), to);
}

}  // namespace daypass::policy
