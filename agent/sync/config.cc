// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/config.h"

#include "platform/file.h"
#include "wire/json.h"
#include "wire/toml_table.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;
constexpr core::Seconds kMostBetweenStatuses{3600};

bool IsHttpsUrl(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (text.ends_with('/')) text.remove_suffix(1);
  return wire::IsPlainLine(text) && text.starts_with(kScheme) && text.size() > kScheme.size() &&
         text.find_first_of("/?#@ ", kScheme.size()) == std::string_view::npos;
}

bool IsProxyUrl(std::string_view text) {
  return wire::IsPlainLine(text) && (text.starts_with("http://") || text.starts_with("https://"));
}

constexpr wire::StringRule kServer{1, 300, IsHttpsUrl, "https://HOST or https://HOST:PORT"};
constexpr wire::StringRule kProxy{1, 300, IsProxyUrl, "http://HOST:PORT or https://HOST:PORT"};

core::Result<wire::TomlFile> ReadToml(const std::string& path) {
  if (!platform::FileExists(path)) {
    return core::Error{core::Reason::kInternal,
                       path + ": not there; enrol this host with `daypass host enrol`", path};
  }
  core::Result<std::string> text = platform::ReadFile(path, kMaxBytes);
  if (!text) return std::move(text).error();
  return wire::TomlFile::Parse(*text, path);
}

core::Result<void> ReadAgentToml(const std::string& path, SyncConfig& config) {
  core::Result<wire::TomlFile> file = ReadToml(path);
  if (!file) return std::move(file).error();
  wire::Fault fault;
  wire::TomlTable root(*file, fault);
  if (auto agent = root.OptionalTable("agent")) {
    if (agent->Has("status_every")) {
      config.status_every = agent->Duration("status_every", kMostBetweenStatuses);
    }
    agent->Finish();
  }
  wire::TomlTable sync = root.Table("sync");
  config.server = sync.Text("server", kServer).value;
  if (config.server.ends_with('/')) config.server.pop_back();
  if (auto proxy = sync.OptionalText("proxy", kProxy)) config.proxy = proxy->value;
  if (auto ca = sync.OptionalText("ca", wire::kPath)) config.ca_file = ca->value;
  sync.Finish();
  root.Finish();
  return fault ? core::Result<void>(fault.error()) : core::Result<void>();
}

/// The rest of host.toml is the decider's, which refuses what it does not know.
core::Result<void> ReadHostToml(const std::string& path, SyncConfig& config) {
  core::Result<wire::TomlFile> file = ReadToml(path);
  if (!file) return std::move(file).error();
  wire::Fault fault;
  wire::TomlTable root(*file, fault);
  wire::TomlTable policy = root.Table("policy");
  config.pinned_policy = static_cast<uint64_t>(policy.Integer("version", 1, wire::kMaxJsonInt));
  return fault ? core::Result<void>(fault.error()) : core::Result<void>();
}

}  // namespace

core::Result<SyncConfig> LoadSyncConfig(const platform::Paths& paths) {
  SyncConfig config;
  config.ca_file = paths.sync_ca;
  config.certificate_file = paths.sync_tls_certificate;
  config.key_file = paths.sync_tls_key;
  config.courier_socket = paths.courier_socket;
  if (auto read = ReadAgentToml(paths.agent_toml, config); !read) return std::move(read).error();
  if (auto read = ReadHostToml(paths.host_toml, config); !read) return std::move(read).error();
  return config;
}

}  // namespace daypass::agent
