// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The envelope that every signed document travels in: a header line, the payload's exact bytes,
// armoured SSH signatures. Taking it apart looks at lengths and line ends alone; nothing of the
// payload is read. Source: docs/formats/envelope.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace daypass::wire {

constexpr size_t kMaxSignatures = 16;
constexpr size_t kMaxSignatureBytes = 4096;

struct Envelope {
  std::string type;  ///< "policy", "grant", ...
  std::string payload;
  std::vector<std::string> signatures;  ///< armoured, each with the end of its last line
};

/// Takes an envelope apart. `max_payload`: bytes. `min_signatures`: 0 only for whoever is about to
/// sign it.
/// Fails: kTooLarge (payload, a signature, or more than 16 of them), kUnknownFormat,
/// kWrongNamespace (a known envelope of another type), kMalformed (anything else).
core::Result<Envelope> ParseEnvelope(std::string_view bytes, std::string_view expected_type,
                                     size_t max_payload, size_t min_signatures = 1);

std::string EncodeEnvelope(const Envelope& envelope);

/// What the header line claims, and no more: for choosing whom to hand the bytes to.
core::Result<std::string> ClaimedType(std::string_view bytes);

/// The namespace of signatures of this type: "grant@daypass".
std::string NamespaceOf(std::string_view type);

}  // namespace daypass::wire
