// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hosts: join tokens, enrolment, renewal of certificates, the list.
#include "server/api/handlers.h"
#include "server/store/records.h"
#include "server/workflow/enrolment.h"

namespace daypass::server {
namespace {

constexpr wire::StringRule kPem{1, 8192};
constexpr wire::StringRule kToken{1, 128};
constexpr wire::StringRule kLabel = wire::AtMost(wire::kOptionalLine, 256);

Answer ReplyCertificate(Call& call, const std::string& certificate) {
  auto policy = call.context.newest_policy.Get(call.tx);
  if (!policy) return std::move(policy).error();
  return Reply(wire::ObjectBuilder()
                   .String("certificate", certificate)
                   .String("ca", call.context.ca.certificate_pem())
                   .String("realm", (*policy)->realm)
                   .Int("policy_version", static_cast<int64_t>((*policy)->version)));
}

wire::ObjectBuilder DescribeHost(Tx& tx, const HostRow& host) {
  Records records(tx, {host.name, host.chain});
  wire::ObjectBuilder json;
  json.String("name", host.name)
      .StringMap("labels", host.labels)
      .Instant("enrolled_ms", host.enrolled)
      .Instant("last_seen_ms", host.last_seen)
      .Int("policy_version", static_cast<int64_t>(host.policy_version))
      .Int("records_seq", static_cast<int64_t>(records.Head().seq));
  if (const auto fault = records.NewestFault()) {
    json.Object("records_fault", wire::ObjectBuilder()
                                     .String("kind", fault->kind)
                                     .Int("seq", static_cast<int64_t>(fault->seq))
                                     .Instant("at_ms", fault->at));
  }
  return json;
}

}  // namespace

Answer PostHost(Call& call) {
  auto body = ParseBody(call.request);
  if (!body) return std::move(body).error();
  wire::ObjectReader in(body->get());
  Enrolment enrolment;
  enrolment.token = in.String("token", kToken);
  enrolment.name = in.String("name", wire::kHostName);
  enrolment.labels = in.StringMap("labels", wire::kName, kLabel, {0, 64});
  enrolment.host_key = in.String("host_key", wire::AtMost(wire::kLine, 1024));
  enrolment.csr_pem = in.String("csr", kPem);
  enrolment.realm = in.OptString("realm", wire::kHex128).value_or("");
  if (auto done = in.Finish(); !done) return std::move(done).error();

  auto certificate = Enrol(call.tx, call.context, enrolment);
  if (!certificate) return std::move(certificate).error();
  return ReplyCertificate(call, *certificate);
}

Answer PostRenewal(Call& call) {
  auto csr = ReadOnly(call.request, "csr", kPem);
  if (!csr) return std::move(csr).error();

  auto certificate = Renew(call.tx, call.context, *call.host, *csr);
  if (!certificate) return std::move(certificate).error();
  return ReplyCertificate(call, *certificate);
}

Answer PostJoinToken(Call& call) {
  auto name = ReadOnly(call.request, "name", wire::kHostName);
  if (!name) return std::move(name).error();

  const JoinToken token = MakeJoinToken(call.tx, call.context, *name, call.person->name);
  return Reply(
      wire::ObjectBuilder().String("token", token.text).Instant("expires_ms", token.expires));
}

Answer GetHosts(Call& call) {
  if (auto checked = CheckQuery(call.request, {}); !checked) return std::move(checked).error();
  wire::ArrayBuilder hosts;
  for (const HostRow& host : Hosts(call.tx).All()) hosts.Object(DescribeHost(call.tx, host));
  return Reply(wire::ObjectBuilder().Array("hosts", hosts));
}

}  // namespace daypass::server
