// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The envelope: what it takes apart, it puts together to the same bytes.
#include "wire/envelope.h"

#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxStatementBytes + 16 * wire::kMaxSignatureBytes + 81,
                     .max_input = size_t{40} << 10,
                     .read = [](std::string_view input) {
                       (void)wire::ParseEnvelope(input, "grant", wire::kMaxStatementBytes);
                     }};

namespace {

void TryAs(std::string_view input, const std::string& type, size_t min_signatures) {
  const auto envelope = wire::ParseEnvelope(input, type, wire::kMaxStatementBytes, min_signatures);
  if (!envelope) return RequireFit(envelope.error());
  Require(envelope->type == type, "an envelope of another type is refused");
  Require(wire::EncodeEnvelope(*envelope) == input, "an envelope has one text");
  Require(!envelope->payload.empty() && envelope->payload.size() <= wire::kMaxStatementBytes,
          "a payload keeps to its limit");
  Require(envelope->signatures.size() >= min_signatures &&
              envelope->signatures.size() <= wire::kMaxSignatures,
          "there are as many signatures as may be");
  for (const std::string& signature : envelope->signatures) {
    Require(signature.size() <= wire::kMaxSignatureBytes, "a signature keeps to its limit");
  }
}

}  // namespace

void Try(std::string_view input) {
  const auto claimed = wire::ClaimedType(input);
  if (!claimed) RequireFit(claimed.error());
  const std::string type = claimed ? *claimed : "grant";
  for (const size_t min_signatures : {size_t{0}, size_t{1}}) TryAs(input, type, min_signatures);
  Require(!wire::ParseEnvelope(input, type + "x", wire::kMaxStatementBytes, 0),
          "the caller chooses the type");
}

}  // namespace daypass::fuzz
