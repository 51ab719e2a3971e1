// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/enrolment_files.h"

#include <fmt/format.h>
#include <pwd.h>

#include <array>

#include "platform/file.h"
#include "wire/digest.h"
#include "wire/toml_table.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxKeyBytes = 4096;
constexpr const char* kCourierAccount = "daypass-sync";

/// Texts in these files have been checked: names, plain lines, URLs.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string WriteHostToml(const EnrolledHost& host) {
  std::string text = fmt::format(
      "# Who this host is. Written by `daypass host enrol`; root's to change, nobody else's.\n"
      "realm = {}\nname = {}\n",
      Quoted(host.realm), Quoted(host.name));
  if (!host.labels.empty()) {
    text += "\n[labels]\n";
    for (const auto& [label, value] : host.labels) {
      text += fmt::format("{} = {}\n", Quoted(label), Quoted(value));
    }
  }
  text += fmt::format(
      "\n# The first policy, by the digest that an administrator gave. Later ones follow from it.\n"
      "[policy]\nversion = {}\ndigest = {}\n",
      host.policy_version, Quoted(host.policy_digest));
  return text;
}

core::Result<std::string> WriteAgentToml(const std::string& before, const std::string& server) {
  const std::string section = fmt::format("[sync]\nserver = {}\n", Quoted(server));
  if (before.empty()) return section;
  core::Result<wire::TomlFile> file = wire::TomlFile::Parse(before, "agent.toml");
  if (!file) return std::move(file).error();
  const std::optional<std::string> named = file->root()["sync"]["server"].value<std::string>();
  if (named && *named == server) return before;
  if (!file->root().contains("sync")) return before + "\n" + section;
  return core::Error{core::Reason::kConflict,
                     fmt::format("agent.toml: [sync] names {}, not {}\nChange it there, and run "
                                 "this again.",
                                 named ? *named : "no server", server),
                     "agent.toml"};
}

core::Result<Owner> FindCourier(const std::string& root) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  getpwnam_r(kCourierAccount, &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr) return Owner{found->pw_uid, found->pw_gid};
  if (!root.empty()) return Owner{};
  return core::Error{core::Reason::kNotFound,
                     fmt::format("there is no account {} on this host\nDaypass's package makes it; "
                                 "by hand: systemd-sysusers",
                                 kCourierAccount),
                     kCourierAccount};
}

core::Result<wire::PrivateKey> LoadOrMakeHostKey(const platform::Paths& paths) {
  if (platform::FileExists(paths.host_key)) {
    core::Result<std::string> pem =
        platform::ReadTrustedFile(paths.host_key, kMaxKeyBytes, geteuid());
    if (!pem) return std::move(pem).error();
    core::Result<wire::PrivateKey> key = wire::PrivateKey::FromPem(*pem);
    wire::Wipe(*pem);
    return key;
  }
  if (auto made = platform::MakeDirectory(paths.state, {.mode = 0700}); !made) {
    return std::move(made).error();
  }
  wire::PrivateKey key = wire::PrivateKey::Generate();
  std::string pem = key.ToPem();
  core::Result<void> written = platform::WriteFileDurably(paths.host_key, pem, {.mode = 0600});
  wire::Wipe(pem);
  if (!written) return std::move(written).error();
  return key;
}

core::Result<void> WriteEnrolment(const platform::Paths& paths, const Owner& courier,
                                  const EnrolledHost& host, const std::string& agent_toml) {
  const auto couriers = [&](mode_t mode) {
    return platform::Ownership{mode, courier.uid, courier.gid};
  };
  if (auto made = platform::MakeDirectory(paths.etc, {.mode = 0755}); !made) return made;
  if (auto made = platform::MakeDirectory(paths.sync_state, couriers(0700)); !made) return made;
  struct File {
    const std::string& path;
    const std::string& content;
    platform::Ownership ownership;
  };
  const std::string host_toml = WriteHostToml(host);
  for (const File& file : {File{paths.sync_ca, host.ca_pem, couriers(0644)},
                           File{paths.sync_tls_key, host.key_pem, couriers(0600)},
                           File{paths.sync_tls_certificate, host.certificate_pem, couriers(0644)},
                           File{paths.agent_toml, agent_toml, {.mode = 0644}},
                           File{paths.host_toml, host_toml, {.mode = 0644}}}) {
    auto written = platform::WriteFileDurably(file.path, file.content, file.ownership);
    if (!written) return written;
  }
  return {};
}

}  // namespace daypass::cli
