// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/verbs.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/clock.h"
#include "platform/fault.h"
#include "platform/paths.h"
#include "platform/service.h"
#include "server/api/routes.h"
#include "server/http/http_server.h"
#include "server/keys.h"
#include "server/log.h"
#include "server/workflow/policies.h"
#include "wire/limits.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;
using platform::Paths;

constexpr size_t kMaxConfigBytes = 64 * 1024;
constexpr const char* kAccountName = "daypass-server";
constexpr uid_t kUnchanged = static_cast<uid_t>(-1);

/// Root works for the server's own account where there is one; below --root, in tests and trials,
/// and for everybody else the files are the caller's.
Account AccountFor(const std::string& root) {
  if (!root.empty() || geteuid() != 0) return {};
  const passwd* entry = getpwnam(kAccountName);  // NOLINT(concurrency-mt-unsafe): one thread yet
  if (entry == nullptr) return {};
  return {entry->pw_uid, entry->pw_gid, kAccountName};
}

/// Gives up root's powers for good.
Result<void> Become(const Account& account) {
  if (account.uid == kUnchanged) return {};
  if (initgroups(account.name.c_str(), account.gid) == 0 && setgid(account.gid) == 0 &&
      setuid(account.uid) == 0) {
    return {};
  }
  return platform::SystemFault("become " + account.name, errno);
}

Result<std::vector<std::string>> ParseNames(const std::string& text) {
  std::vector<std::string> names;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
    if (!IsServerName(names.back())) {
      return Error{Reason::kMalformed,
                   "--name: \"" + names.back() + "\" is neither a host name nor an IP address",
                   "--name"};
    }
  }
  return names;
}

Result<Config> LoadConfig(const Paths& paths) {
  // Root's file, or in trials the caller's own.
  auto text = platform::ReadTrustedFile(paths.server_toml, kMaxConfigBytes);
  if (!text && geteuid() != 0) {
    text = platform::ReadTrustedFile(paths.server_toml, kMaxConfigBytes, geteuid());
  }
  if (!text) return std::move(text).error();
  return ParseConfig(*text, paths.server_toml);
}

/// Everything that `trust` and `run` share, in the hands of the server's account.
struct Opened {
  Config config;
  KeyAndCertificate tls;
  Context context;
  Store store;
};

Result<Opened> Open(const std::string& root, const Account& account) {
  const Paths paths = platform::MakePaths(root);
  auto config = LoadConfig(paths);
  if (!config) return std::move(config).error();
  if (auto became = Become(account); !became) return std::move(became).error();
  auto keys = LoadKeys(paths.server_keys, account, config->names, platform::WallTime());
  if (!keys) return std::move(keys).error();
  umask(077);  // SQLite makes its files by it
  auto store = Store::Open(paths.server_db);
  if (!store) return std::move(store).error();
  Context context{std::move(keys->ca),
                  std::move(keys->status_key),
                  std::move(keys->automatic_key),
                  config->names,
                  {}};
  return Opened{std::move(*config), std::move(keys->tls), std::move(context), std::move(*store)};
}

void PrintKeys(const Paths& paths, const ServerKeys& keys, const Config& config) {
  std::printf(
      "Made %s for %s\n"
      "status key:    %s\n"
      "automatic key: %s\n"
      "ca digest:     %s\n"
      "ca file:       %s/ca.pem\n"
      "Next: name the status key in the policy's [server] status_keys (and the automatic key in\n"
      "      automatic_keys, if some roles need no person), then\n"
      "      daypass-server trust POLICY, and daypass-server run\n",
      paths.server_keys.c_str(), config.names.front().c_str(),
      keys.status_key.public_key().line.c_str(), keys.automatic_key.public_key().line.c_str(),
      keys.ca.digest().c_str(), paths.server_keys.c_str());
}

}  // namespace

Result<void> Init(const std::string& root, const std::string& names, const std::string& listen) {
  const Paths paths = platform::MakePaths(root);
  const Account account = AccountFor(root);
  Config config;
  if (auto parsed = ParseListen(listen, config); !parsed) {
    return Error{Reason::kMalformed, "--" + parsed.error().what, "--listen"};
  }
  auto parsed = ParseNames(names);
  if (!parsed) return std::move(parsed).error();
  config.names = std::move(*parsed);
  if (platform::FileExists(paths.server_toml)) {
    return Error{Reason::kConflict, paths.server_toml + ": is there already", paths.server_toml};
  }

  auto made = platform::MakeDirectory(paths.server_state, {0700, account.uid, account.gid});
  if (!made) return made;
  auto keys = MakeKeys(paths.server_keys, account, config.names, platform::WallTime());
  if (!keys) return std::move(keys).error();
  if (made = platform::MakeDirectory(paths.etc, {0755}); !made) return made;
  auto written = platform::WriteFileDurably(paths.server_toml, EncodeConfig(config),
                                            {0640, kUnchanged, account.gid});
  if (!written) return written;
  PrintKeys(paths, *keys, config);
  return {};
}

Result<void> Trust(const std::string& root, const std::string& file) {
  auto envelope = platform::ReadFile(file, 2 * wire::kMaxPolicyBytes);
  if (!envelope) return std::move(envelope).error();
  auto opened = Open(root, AccountFor(root));
  if (!opened) return std::move(opened).error();
  auto row = opened->store.Transact(platform::WallTime(), [&](Tx& tx) {
    return TrustFirstPolicy(tx, opened->context, *envelope);
  });
  if (!row) {
    const Error& error = row.error();
    return Error{error.code, file + ": " + error.what, error.field};
  }
  std::printf("Trusted policy %llu\ndigest: %s\n", static_cast<unsigned long long>(row->version),
              row->digest.c_str());
  return {};
}

Result<void> Run(const std::string& root) {
  auto opened = Open(root, AccountFor(root));
  if (!opened) return std::move(opened).error();
  auto tls = MakeServerTls(opened->tls.certificate_pem, opened->tls.key_pem,
                           opened->context.ca.certificate_pem());
  if (!tls) return std::move(tls).error();
  auto http = HttpServer::Make(opened->config.address, opened->config.port, std::move(*tls));
  if (!http) return std::move(http).error();
  Serve(**http, opened->store, opened->context, &platform::WallTime);

  const std::string where = opened->config.address + ":" + std::to_string((*http)->port());
  LogNotice("listening on " + where);
  platform::NotifyReady("listening on " + where);
  (*http)->Run();
  platform::NotifyStopping();
  LogNotice("stopped");
  return {};
}

}  // namespace daypass::server
