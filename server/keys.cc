// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/keys.h"

#include <unistd.h>

#include "wire/digest.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr size_t kMaxKeyBytes = 64 * 1024;

Result<void> Write(const std::string& path, std::string_view bytes, const Account& owner,
                   mode_t mode = 0600) {
  return platform::WriteFileDurably(path, bytes, {mode, owner.uid, owner.gid});
}

Result<std::string> Read(const std::string& path, const Account& owner) {
  const uid_t uid = owner.uid == static_cast<uid_t>(-1) ? geteuid() : owner.uid;
  return platform::ReadTrustedFile(path, kMaxKeyBytes, uid);
}

Result<void> WriteTls(const std::string& folder, const KeyAndCertificate& tls,
                      const Account& owner) {
  if (auto key = Write(folder + "/tls.key", tls.key_pem, owner); !key) return key;
  return Write(folder + "/tls.pem", tls.certificate_pem, owner);
}

/// NAME.key, and its public line in NAME.pub.
Result<void> WriteSigner(const std::string& folder, const std::string& name,
                         const wire::PrivateKey& key, const Account& owner) {
  std::string pem = key.ToPem();
  auto written = Write(folder + "/" + name + ".key", pem, owner);
  wire::Wipe(pem);
  if (!written) return written;
  return Write(folder + "/" + name + ".pub", key.public_key().line + "\n", owner);
}

Result<wire::PrivateKey> LoadSigner(const std::string& folder, const std::string& name,
                                    const Account& owner) {
  const std::string path = folder + "/" + name + ".key";
  auto pem = Read(path, owner);
  if (!pem) return std::move(pem).error();
  auto key = wire::PrivateKey::FromPem(*pem);
  wire::Wipe(*pem);
  if (!key) return Error{key.error().code, path + ": " + key.error().what, folder};
  return key;
}

/// Servers that were set up before there was an automatic approver have no key for it.
Result<wire::PrivateKey> LoadOrMakeSigner(const std::string& folder, const std::string& name,
                                          const Account& owner) {
  if (platform::FileExists(folder + "/" + name + ".key")) return LoadSigner(folder, name, owner);
  wire::PrivateKey key = wire::PrivateKey::Generate();
  if (auto written = WriteSigner(folder, name, key, owner); !written) {
    return std::move(written).error();
  }
  return key;
}

Result<void> WriteAll(const std::string& folder, const ServerKeys& keys, const Account& owner) {
  auto ca_key = keys.ca.KeyPem();
  if (!ca_key) return std::move(ca_key).error();
  auto written = WriteSigner(folder, "status", keys.status_key, owner);
  if (written) written = WriteSigner(folder, "automatic", keys.automatic_key, owner);
  if (written) written = WriteTls(folder, keys.tls, owner);
  if (written) written = Write(folder + "/ca.key", *ca_key, owner);
  // Last: with it the folder counts as filled.
  if (written) written = Write(folder + "/ca.pem", keys.ca.certificate_pem(), owner);
  wire::Wipe(*ca_key);
  return written;
}

Result<KeyAndCertificate> LoadTls(const std::string& folder, const Account& owner,
                                  const CertificateAuthority& ca,
                                  std::span<const std::string> names, core::Instant now) {
  auto certificate = Read(folder + "/tls.pem", owner);
  if (!certificate) return std::move(certificate).error();
  auto key = Read(folder + "/tls.key", owner);
  if (!key) return std::move(key).error();
  auto fit = IsServerCertificateFit(*certificate, names, now);
  if (!fit) return std::move(fit).error();
  if (*fit) return KeyAndCertificate{std::move(*key), std::move(*certificate)};

  auto issued = ca.IssueServer(names, now);
  if (!issued) return issued;
  if (auto written = WriteTls(folder, *issued, owner); !written) return std::move(written).error();
  return issued;
}

}  // namespace

Result<ServerKeys> MakeKeys(const std::string& folder, const Account& owner,
                            std::span<const std::string> names, core::Instant now) {
  if (platform::FileExists(folder + "/ca.pem")) {
    return Error{Reason::kConflict,
                 folder + ": has keys already; hosts and people know the server by them", folder};
  }
  if (auto made = platform::MakeDirectory(folder, {0700, owner.uid, owner.gid}); !made) {
    return std::move(made).error();
  }
  auto ca = CertificateAuthority::Make(now);
  if (!ca) return std::move(ca).error();
  auto tls = ca->IssueServer(names, now);
  if (!tls) return std::move(tls).error();
  ServerKeys keys{std::move(*ca), std::move(*tls), wire::PrivateKey::Generate(),
                  wire::PrivateKey::Generate()};
  if (auto written = WriteAll(folder, keys, owner); !written) return std::move(written).error();
  return keys;
}

Result<ServerKeys> LoadKeys(const std::string& folder, const Account& owner,
                            std::span<const std::string> names, core::Instant now) {
  if (!platform::FileExists(folder + "/ca.pem")) {
    return Error{Reason::kInternal,
                 folder + ": has no keys yet; make them with: daypass-server init", folder};
  }
  if (auto closed = platform::MakeDirectory(folder, {0700, owner.uid, owner.gid}); !closed) {
    return std::move(closed).error();
  }
  auto ca_pem = Read(folder + "/ca.pem", owner);
  if (!ca_pem) return std::move(ca_pem).error();
  auto ca_key = Read(folder + "/ca.key", owner);
  if (!ca_key) return std::move(ca_key).error();
  auto ca = CertificateAuthority::FromPem(*ca_pem, *ca_key);
  wire::Wipe(*ca_key);
  if (!ca) return std::move(ca).error();
  auto status_key = LoadSigner(folder, "status", owner);
  if (!status_key) return std::move(status_key).error();
  auto automatic_key = LoadOrMakeSigner(folder, "automatic", owner);
  if (!automatic_key) return std::move(automatic_key).error();
  auto tls = LoadTls(folder, owner, *ca, names, now);
  if (!tls) return std::move(tls).error();
  return ServerKeys{std::move(*ca), std::move(*tls), std::move(*status_key),
                    std::move(*automatic_key)};
}

}  // namespace daypass::server
