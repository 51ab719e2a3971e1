// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/status.h"

#include "wire/document.h"
#include "wire/limits.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kType = "status";
constexpr Count kAny{0, 100000};  // the document's own limit is met long before

core::Revocation ReadRevocation(ObjectReader& in) {
  core::Revocation revocation;
  revocation.id = in.OptString("id", kDigest).value_or("");
  revocation.person = in.OptString("person", kName).value_or("");
  revocation.at = in.Instant("at_ms");
  if (revocation.id.empty() == revocation.person.empty()) {
    in.Fail(core::Reason::kMalformed, "", "needs exactly one of the keys \"id\" and \"person\"");
  }
  return revocation;
}

}  // namespace

core::Result<core::Status> ParseStatus(std::string_view payload) {
  const core::Result<Json> json = ParseJson(payload, {.max_bytes = kMaxStatusBytes});
  if (!json) return json.error();
  ObjectReader in(json->get());
  core::Status status;
  status.realm = ReadHead(in, kType);
  status.host = in.String("host", kHostName);
  status.number = in.String("number", kHex128);
  status.time = in.Instant("time_ms");
  status.policy_version = static_cast<uint64_t>(in.Int("policy_version", 0, kMaxJsonInt));
  in.Objects("revoked", kAny,
             [&](ObjectReader& revoked) { status.revoked.push_back(ReadRevocation(revoked)); });
  in.Object("suspended", [&](ObjectReader& suspended) {
    status.suspended.people = suspended.Strings("people", kName, kAny);
    status.suspended.keys = suspended.Strings("keys", kFingerprint, kAny);
  });
  in.Object("receipt", [&](ObjectReader& receipt) {
    status.receipt.seq = static_cast<uint64_t>(receipt.Int("seq", 0, kMaxJsonInt));
    status.receipt.digest = receipt.String("digest", OrEmpty(kDigest));
  });
  if (core::Result<void> done = in.Finish(); !done) return std::move(done).error();
  return status;
}

std::string EncodeStatus(const core::Status& status) {
  ArrayBuilder revoked;
  for (const core::Revocation& revocation : status.revoked) {
    revoked.Object(ObjectBuilder()
                       .OptString("id", revocation.id)
                       .OptString("person", revocation.person)
                       .Instant("at_ms", revocation.at));
  }
  return MakeHead(status.realm, kType)
      .String("host", status.host)
      .String("number", status.number)
      .Instant("time_ms", status.time)
      .Int("policy_version", static_cast<int64_t>(status.policy_version))
      .Array("revoked", revoked)
      .Object("suspended", ObjectBuilder()
                               .Strings("people", status.suspended.people)
                               .Strings("keys", status.suspended.keys))
      .Object("receipt", ObjectBuilder()
                             .Int("seq", static_cast<int64_t>(status.receipt.seq))
                             .String("digest", status.receipt.digest))
      .Dump();
}

}  // namespace daypass::wire
