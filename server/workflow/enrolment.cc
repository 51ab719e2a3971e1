// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/workflow/enrolment.h"

#include "server/store/changes.h"
#include "server/store/join_tokens.h"
#include "wire/digest.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr std::chrono::hours kTokenLife{1};
constexpr size_t kTokenSecretBytes = 16;
constexpr size_t kTokenCaDigits = 16;
// How stale "last seen" may be: each write is a sync of the disk, and hosts come every few seconds.
constexpr std::chrono::seconds kLastSeenGrain{30};

/// The certificate, and the digest of its key.
struct Issued {
  std::string pem;
  std::string key;
};

Result<Issued> Issue(const Context& context, const std::string& csr_pem, const std::string& name,
                     core::Instant now) {
  auto pem = context.ca.SignHost(csr_pem, name, now);
  if (!pem) return std::move(pem).error();
  auto certificate = CertificateFromPem(*pem, "certificate");
  if (!certificate) return std::move(certificate).error();
  return Issued{std::move(*pem), PublicKeyDigest(certificate->get())};
}

Result<std::string> CheckHostKey(const std::string& line) {
  auto key = wire::ParsePublicKey(line);
  if (key && key->type == wire::KeyType::kEd25519) return key->line;
  return Error{key ? Reason::kKeyRefused : key.error().code,
               "host_key: must be an ssh-ed25519 key" + (key ? "" : ": " + key.error().what),
               "/host_key"};
}

}  // namespace

JoinToken MakeJoinToken(Tx& tx, const Context& context, const std::string& host,
                        const std::string& by) {
  JoinToken token{"dpj-" + wire::RandomHex(kTokenSecretBytes) + "-" +
                      context.ca.digest().substr(0, kTokenCaDigits),
                  tx.now + kTokenLife};
  JoinTokens(tx).Add({wire::Sha256Hex(token.text), host, by, token.expires});
  return token;
}

Result<std::string> Enrol(Tx& tx, Context& context, const Enrolment& enrolment) {
  auto policy = context.newest_policy.Get(tx);
  if (!policy) return std::move(policy).error();
  if (!enrolment.realm.empty() && enrolment.realm != (*policy)->realm) {
    return Error{Reason::kWrongRealm, "realm: this server's is " + (*policy)->realm, "/realm"};
  }
  // Given back with the transaction if anything below is refused.
  if (!JoinTokens(tx).Take(wire::Sha256Hex(enrolment.token), enrolment.name)) {
    return Error{Reason::kNotYours,
                 "token: is not one for \"" + enrolment.name +
                     "\", or was used, or is older than an hour; make one with: daypass host token "
                     "--name " +
                     enrolment.name,
                 "/token"};
  }
  auto host_key = CheckHostKey(enrolment.host_key);
  if (!host_key) return std::move(host_key).error();
  auto issued = Issue(context, enrolment.csr_pem, enrolment.name, tx.now);
  if (!issued) return std::move(issued).error();

  HostRow row{.name = enrolment.name,
              .labels = enrolment.labels,
              .host_key = *host_key,
              .tls_key = issued->key,
              .tls_key_before = {},
              .chain = 1,
              .enrolled = tx.now,
              .last_seen = tx.now,
              .policy_version = 0};
  if (const auto before = Hosts(tx).Find(enrolment.name)) {
    // The same host key goes on with its records; another one cannot.
    row.chain = before->chain + (before->host_key == row.host_key ? 0 : 1);
  }
  Hosts(tx).Save(row);
  Changes(tx).MarkHosts(std::vector{row.name});
  return std::move(issued->pem);
}

Result<std::string> Renew(Tx& tx, const Context& context, HostRow host,
                          const std::string& csr_pem) {
  auto issued = Issue(context, csr_pem, host.name, tx.now);
  if (!issued) return std::move(issued).error();
  if (issued->key != host.tls_key) {
    host.tls_key_before = host.tls_key;
    host.tls_key = issued->key;
    Hosts(tx).Save(host);
  }
  return std::move(issued->pem);
}

Result<HostRow> IdentifyHost(Tx& tx, const Peer& peer) {
  if (peer.host.empty()) {
    return Error{Reason::kNotSignedIn, "host: only with a host's TLS certificate", {}};
  }
  auto host = Hosts(tx).Find(peer.host);
  if (!host) return Error{Reason::kNotYours, "host: \"" + peer.host + "\" is not enrolled", {}};
  if (peer.key.empty() || (peer.key != host->tls_key && peer.key != host->tls_key_before)) {
    return Error{Reason::kNotYours,
                 "host: \"" + peer.host + "\" has enrolled anew since this certificate was issued",
                 {}};
  }
  if (tx.now - host->last_seen >= kLastSeenGrain) {
    host->last_seen = tx.now;
    Hosts(tx).SetLastSeen(host->name, tx.now);
  }
  return std::move(*host);
}

}  // namespace daypass::server
