// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// cli.toml through the strict TOML reader; the token as a small JSON file.
#include "cli/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "platform/clock.h"
#include "platform/file.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/string_rule.h"
#include "wire/toml_table.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxConfigBytes = 64 * 1024;
constexpr size_t kMaxTokenBytes = 4096;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  return value == nullptr ? "" : value;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string SessionFolder(const Globals& globals, const Config& config) {
  const std::string runtime = Environment("XDG_RUNTIME_DIR");
  // Somebody who names a folder keeps everything there: two people can be tried out by one.
  if (!globals.config.empty() || runtime.empty()) return config.folder;
  return runtime + "/daypass";
}

core::Error NotSetUp(const std::string& file) {
  return {core::Reason::kNotSignedIn,
          file +
              " is missing: this account has never logged in\n"
              "An administrator gives you the server's address, its CA and the policy's digest:\n"
              "  daypass login --server URL --ca FILE --person NAME --key FILE "
              "--policy-digest HEX",
          file};
}

Config ReadConfig(wire::TomlTable top, std::string folder) {
  Config config;
  config.folder = std::move(folder);
  config.server = top.Text("server", wire::kLine).value;
  config.ca = ExpandHome(top.Text("ca", wire::kLine).value);
  config.person = top.Text("person", wire::kName).value;
  config.key = ExpandHome(top.Text("key", wire::kLine).value);
  wire::TomlTable pin = top.Table("policy");
  config.pin = PolicyPin{pin.Text("realm", wire::kHex128).value,
                         static_cast<uint64_t>(pin.Integer("version", 1, wire::kMaxJsonInt)),
                         pin.Text("digest", wire::kDigest).value};
  pin.Finish();
  top.Finish();
  return config;
}

}  // namespace

std::string ExpandHome(const std::string& path) {
  if (path != "~" && !path.starts_with("~/")) return path;
  return Environment("HOME") + path.substr(1);
}

core::Result<std::string> ConfigFolder(const Globals& globals) {
  if (!globals.config.empty()) return globals.config;
  if (const std::string base = Environment("XDG_CONFIG_HOME"); base.starts_with('/')) {
    return base + "/daypass";
  }
  if (const std::string home = Environment("HOME"); home.starts_with('/')) {
    return home + "/.config/daypass";
  }
  return core::Error{core::Reason::kMalformed,
                     "neither HOME nor XDG_CONFIG_HOME is set, so there is no place for cli.toml\n"
                     "Name one with --config DIR.",
                     "--config"};
}

std::string ConfigFile(const std::string& folder) {
  return folder + "/cli.toml";
}
std::string PolicyFile(const std::string& folder) {
  return folder + "/policy.envelope";
}

bool HasConfig(const Globals& globals) {
  const core::Result<std::string> folder = ConfigFolder(globals);
  return folder && platform::FileExists(ConfigFile(*folder));
}

core::Result<Config> LoadConfig(const Globals& globals) {
  core::Result<std::string> folder = ConfigFolder(globals);
  if (!folder) return std::move(folder).error();
  const std::string path = ConfigFile(*folder);
  if (!platform::FileExists(path)) return NotSetUp(path);
  core::Result<std::string> text = platform::ReadTrustedFile(path, kMaxConfigBytes, geteuid());
  if (!text) return std::move(text).error();
  core::Result<wire::TomlFile> file = wire::TomlFile::Parse(*text, path);
  if (!file) return std::move(file).error();
  wire::Fault fault;
  Config config = ReadConfig(wire::TomlTable(*file, fault), *folder);
  if (fault) return fault.error();
  if (!globals.server.empty()) config.server = globals.server;
  return config;
}

core::Result<void> SaveConfig(const Config& config) {
  core::Result<void> made = platform::MakeDirectory(config.folder, {.mode = 0700});
  if (!made) return made;
  std::string text = fmt::format(
      "# Written by `daypass login`. [policy] is what an administrator vouched for; the newest\n"
      "# policy that follows from it stands in policy.envelope.\n"
      "server = {}\nca = {}\nperson = {}\nkey = {}\n",
      Quoted(config.server), Quoted(config.ca), Quoted(config.person), Quoted(config.key));
  if (config.pin) {
    text += fmt::format("\n[policy]\nrealm = {}\nversion = {}\ndigest = {}\n",
                        Quoted(config.pin->realm), config.pin->version, Quoted(config.pin->digest));
  }
  return platform::WriteFileDurably(ConfigFile(config.folder), text);
}

std::optional<Session> LoadSession(const Globals& globals, const Config& config) {
  const core::Result<std::string> text = platform::ReadTrustedFile(
      SessionFolder(globals, config) + "/token", kMaxTokenBytes, geteuid());
  if (!text) return std::nullopt;
  const core::Result<wire::Json> json = wire::ParseJson(*text, {.max_bytes = kMaxTokenBytes});
  if (!json) return std::nullopt;
  wire::ObjectReader in(json->get());
  Session session;
  session.server = in.String("server", wire::kLine);
  session.person = in.String("person", wire::kName);
  session.token = in.String("token", wire::kLine);
  session.expires = in.Instant("expires_ms");
  if (!in.Finish()) return std::nullopt;
  if (session.server != config.server || session.person != config.person ||
      session.expires <= platform::WallTime()) {
    return std::nullopt;
  }
  return session;
}

core::Result<void> SaveSession(const Globals& globals, const Config& config,
                               const Session& session) {
  const std::string folder = SessionFolder(globals, config);
  core::Result<void> made = platform::MakeDirectory(folder, {.mode = 0700});
  if (!made) return made;
  wire::ObjectBuilder json;
  json.String("server", session.server).String("person", session.person);
  json.String("token", session.token).Instant("expires_ms", session.expires);
  return platform::WriteFileDurably(folder + "/token", json.Dump() + "\n");
}

}  // namespace daypass::cli
