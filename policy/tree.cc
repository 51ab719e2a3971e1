// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Reads a policy's folder; platform/file does the reading.
#include "policy/tree.h"

#include "platform/file.h"

namespace daypass::policy {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 20;
constexpr size_t kMaxFiles = 1000;

std::string Join(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

bool IsSource(const std::string& name) {
  return name.ends_with(".toml") && name.front() != '.';
}

core::Result<std::vector<SourceFile>> LoadFolder(const std::string& folder) {
  core::Result<std::vector<std::string>> names = platform::ListDirectory(folder);
  if (!names) return std::move(names).error();
  std::vector<SourceFile> files;
  for (const std::string& name : *names) {
    if (!IsSource(name)) continue;
    if (files.size() == kMaxFiles) {
      return core::Error{core::Reason::kTooLarge,
                         folder + ": more than " + std::to_string(kMaxFiles) + " files", folder};
    }
    core::Result<std::string> text = platform::ReadFile(Join(folder, name), kMaxFileBytes);
    if (!text) return std::move(text).error();
    files.push_back({Join(folder, name), *std::move(text)});
  }
  return files;
}

}  // namespace

core::Result<Tree> LoadTree(const std::string& folder) {
  for (const char* part : {"policy.toml", "people", "roles"}) {
    const std::string path = Join(folder, part);
    if (platform::FileExists(path)) continue;
    return core::Error{core::Reason::kNotFound,
                       path +
                           ": is not there; a policy's folder has policy.toml, people/ and "
                           "roles/\nMake a first one with: daypass policy init DIR",
                       path};
  }
  core::Result<std::vector<std::string>> names = platform::ListDirectory(folder);
  if (!names) return std::move(names).error();
  for (const std::string& name : *names) {
    if (!IsSource(name) || name == "policy.toml") continue;
    const std::string path = Join(folder, name);
    return core::Error{core::Reason::kMalformed,
                       path + ": nothing reads this file; put it into people/, roles/ or tests/",
                       path};
  }
  Tree tree;
  core::Result<std::string> head = platform::ReadFile(Join(folder, "policy.toml"), kMaxFileBytes);
  if (!head) return std::move(head).error();
  tree.head = {Join(folder, "policy.toml"), *std::move(head)};
  core::Result<std::vector<SourceFile>> people = LoadFolder(Join(folder, "people"));
  if (!people) return std::move(people).error();
  tree.people = *std::move(people);
  core::Result<std::vector<SourceFile>> roles = LoadFolder(Join(folder, "roles"));
  if (!roles) return std::move(roles).error();
  tree.roles = *std::move(roles);
  if (!platform::FileExists(Join(folder, "tests"))) return tree;
  core::Result<std::vector<SourceFile>> tests = LoadFolder(Join(folder, "tests"));
  if (!tests) return std::move(tests).error();
  tree.tests = *std::move(tests);
  return tree;
}

}  // namespace daypass::policy
