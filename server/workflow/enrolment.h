// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How a host becomes known to the server, and keeps its certificate fresh.
//
//   1. MUST accept a name only with a token that an administrator made for that very name, once,
//      within an hour.
//   2. MUST lock out an earlier certificate of the name when the host enrols anew.
//   3. MUST NOT tell the host which policy to trust: that comes from its administrator.
#pragma once

#include <map>
#include <string>

#include "core/result.h"
#include "server/http/message.h"
#include "server/store/hosts.h"
#include "server/workflow/context.h"

namespace daypass::server {

struct JoinToken {
  std::string text;  ///< "dpj-<secret>-<first digits of the CA's digest>"
  core::Instant expires;
};

JoinToken MakeJoinToken(Tx& tx, const Context& context, const std::string& host,
                        const std::string& by);

struct Enrolment {
  std::string token;
  std::string name;
  std::map<std::string, std::string> labels;
  std::string host_key;  ///< key line, ed25519
  std::string csr_pem;
  std::string realm;  ///< what the host believes; empty: it has no opinion
};

/// Enrols the host and returns its TLS certificate. Fails: kNotYours (the token), kWrongRealm,
/// kKeyRefused, kMalformed, kPolicyMissing.
core::Result<std::string> Enrol(Tx& tx, Context& context, const Enrolment& enrolment);

/// Another certificate for a host that has one. Fails: kKeyRefused, kMalformed.
core::Result<std::string> Renew(Tx& tx, const Context& context, HostRow host,
                                const std::string& csr_pem);

/// The host at the other end of a connection. Fails: kNotSignedIn (no certificate), kNotYours (not
/// enrolled, or an earlier certificate of a host that has enrolled anew).
core::Result<HostRow> IdentifyHost(Tx& tx, const Peer& peer);

}  // namespace daypass::server
