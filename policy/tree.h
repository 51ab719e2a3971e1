// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A policy's sources: a folder of TOML files, meant to live in Git.
//
//   policy.toml     realm, version, administrators, server keys, limits
//   people/*.toml   [[person]] ...
//   roles/*.toml    [[role]] ...
//   tests/*.toml    [[scenario]] ..., which go into no document
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace daypass::policy {

struct SourceFile {
  std::string name;  ///< as errors print it: "prod/roles/web.toml"
  std::string text;
};

struct Tree {
  SourceFile head;
  std::vector<SourceFile> people;  ///< sorted by name
  std::vector<SourceFile> roles;
  std::vector<SourceFile> tests;  ///< none where there is no such folder
};

/// Reads the folder. Files whose name does not end in .toml, or begins with a dot, are passed over;
/// a .toml file beside policy.toml is refused, since nobody would read it.
/// Fails: kNotFound (a part is not there), kMalformed, kTooLarge (a file over 1 MiB, more than 1000
/// files), kInternal (cannot read).
core::Result<Tree> LoadTree(const std::string& folder);

}  // namespace daypass::policy
