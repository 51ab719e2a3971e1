// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/documents.h"

#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/statement.h"
#include "wire/status.h"

namespace daypass::agent {

core::Result<std::string> ReadEnvelope(const wire::Json& body, size_t max_bytes) {
  wire::ObjectReader in(body.get(), wire::UnknownKeys::kIgnore);
  std::string envelope = in.String("envelope", wire::StringRule{1, max_bytes});
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return envelope;
}

uint64_t PolicyNamedByStatus(std::string_view envelope) {
  const auto parts = wire::ParseEnvelope(envelope, "status", wire::kMaxStatusBytes);
  if (!parts) return 0;
  const auto status = wire::ParseStatus(parts->payload);
  return status ? status->policy_version : 0;
}

uint64_t PolicyNamedByGrant(std::string_view envelope) {
  const auto parts = wire::ParseEnvelope(envelope, "grant", wire::kMaxStatementBytes);
  if (!parts) return 0;
  const auto statement = wire::ParseStatement(parts->payload);
  return statement ? statement->policy_version : 0;
}

}  // namespace daypass::agent
