// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Statuses: nothing is lost in reading, and only a status key's word is one.
#include "wire/status.h"

#include "tests/fuzz/json_view.h"
#include "tests/fuzz/sealed.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxStatusBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseStatus(input); }};

void Try(std::string_view input) {
  TrySealed<core::Status>(input, "status", wire::kMaxStatusBytes, wire::ParseStatus);
  const auto status = wire::ParseStatus(input);
  if (!status) return RequireFit(status.error());
  Require(wire::EncodeStatus(*status) == Canonical(input, {.max_bytes = wire::kMaxStatusBytes}),
          "nothing of a status is lost in reading");
  for (const core::Revocation& revocation : status->revoked) {
    Require(revocation.id.empty() != revocation.person.empty(), "a revocation is of one thing");
  }
  const std::string sealed = wire::Seal(Key(), "status", input);
  core::PersonKey known;
  known.fingerprint = Key().public_key().fingerprint;
  Require(static_cast<bool>(wire::OpenStatus(sealed, {&known, 1})), "a status key's word is taken");
  Require(!wire::OpenStatus(sealed, {}), "nobody else's is");
}

}  // namespace daypass::fuzz
