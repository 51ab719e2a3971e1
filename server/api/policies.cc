// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Policies, for people and hosts alike: they are verified by whoever reads them.
#include "server/workflow/policies.h"

#include <charconv>

#include "server/api/handlers.h"
#include "server/log.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;

wire::ObjectBuilder DescribePolicy(const PolicyRow& row) {
  wire::ObjectBuilder json;
  json.Int("version", static_cast<int64_t>(row.version)).String("digest", row.digest);
  return json;
}

}  // namespace

Answer GetNewestPolicy(Call& call) {
  const auto row = Policies(call.tx).Newest();
  if (!row) return Error{Reason::kPolicyMissing, "policy: the server holds none yet", {}};
  return Reply(DescribePolicy(*row).String("envelope", row->envelope));
}

Answer GetPolicy(Call& call) {
  const std::string& text = call.Parameter("version");
  uint64_t version = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, version);
  const bool is_number = error == std::errc() && rest == end && version <= wire::kMaxJsonInt;
  const auto row = is_number ? Policies(call.tx).Find(version) : std::nullopt;
  if (!row)
    return Error{Reason::kNotFound, "version: there is no policy \"" + text + "\"", "version"};
  return Reply(DescribePolicy(*row).String("envelope", row->envelope));
}

Answer PostPolicy(Call& call) {
  auto envelope = ReadOnly(call.request, "envelope", kDocument);
  if (!envelope) return std::move(envelope).error();

  auto row = TakePolicy(call.tx, call.context, *envelope);
  if (!row) return std::move(row).error();
  LogNotice("policy " + std::to_string(row->version) + " " + row->digest + " taken from " +
            call.person->name);
  return Reply(DescribePolicy(*row));
}

}  // namespace daypass::server
