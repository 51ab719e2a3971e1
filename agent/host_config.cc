// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/host_config.h"

#include "platform/file.h"
#include "wire/json.h"
#include "wire/toml_table.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;

}  // namespace

core::Result<HostConfig> LoadHostConfig(const std::string& path) {
  if (!platform::FileExists(path)) {
    return core::Error{core::Reason::kInternal,
                       path + ": not there; enrol this host with `daypass host enrol`", path};
  }
  core::Result<std::string> text = platform::ReadTrustedFile(path, kMaxBytes);
  if (!text) return std::move(text).error();
  core::Result<wire::TomlFile> file = wire::TomlFile::Parse(*text, path);
  if (!file) return std::move(file).error();
  wire::Fault fault;
  wire::TomlTable root(*file, fault);
  HostConfig config;
  config.identity.realm = root.Text("realm", wire::kHex128).value;
  config.identity.name = root.Text("name", wire::kHostName).value;
  if (auto labels = root.OptionalTable("labels")) {
    for (const auto& [key, value] : labels->TextEntries(wire::kName)) {
      config.identity.labels.emplace(key, value.value);
    }
  }
  wire::TomlTable policy = root.Table("policy");
  config.policy.version = static_cast<uint64_t>(policy.Integer("version", 1, wire::kMaxJsonInt));
  config.policy.digest = policy.Text("digest", wire::kDigest).value;
  policy.Finish();
  root.Finish();
  if (fault) return fault.error();
  return config;
}

}  // namespace daypass::agent
