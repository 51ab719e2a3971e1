// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/envelope.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kMagic = "daypass-envelope ";
constexpr std::string_view kFormatNumber = "1";
constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view kEnd = "\n-----END SSH SIGNATURE-----\n";
constexpr size_t kMaxHeader = 80;

core::Error Malformed(std::string_view what) {
  return {core::Reason::kMalformed, "envelope: " + std::string(what), ""};
}

core::Error TooLarge(std::string_view what, size_t limit) {
  return {core::Reason::kTooLarge,
          "envelope: " + std::string(what) + "; at most " + std::to_string(limit), ""};
}

struct Header {
  std::string_view type;
  size_t length = 0;
  size_t bytes = 0;  // with its line end
};

bool IsType(std::string_view text) {
  return !text.empty() && text.size() <= 16 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Up to the next space; moves past it.
std::string_view Word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

core::Result<Header> ParseHeader(std::string_view bytes) {
  const size_t end = bytes.substr(0, kMaxHeader).find('\n');
  if (bytes.substr(0, kMagic.size()) != kMagic || end == bytes.npos) {
    return Malformed("the first line is not \"daypass-envelope 1 TYPE LENGTH\"");
  }
  std::string_view line = bytes.substr(kMagic.size(), end - kMagic.size());
  const std::string_view format = Word(line);
  if (format != kFormatNumber) {
    return core::Error{core::Reason::kUnknownFormat,
                       "envelope: format \"" + Printable(format) + "\" is unknown; known: 1", ""};
  }
  Header header;
  header.bytes = end + 1;
  header.type = Word(line);
  if (!IsType(header.type)) return Malformed("the type is not 1 to 16 letters a-z");
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), header.length);
  if (error != std::errc() || stop != line.data() + line.size() || line[0] == '0') {
    return Malformed("the length is not a number from 1 on");
  }
  return header;
}

// Cuts the blocks out of what follows the payload. Not a byte may stand between or behind them.
core::Result<std::vector<std::string>> ParseSignatures(std::string_view rest) {
  std::vector<std::string> signatures;
  while (!rest.empty()) {
    if (signatures.size() == kMaxSignatures) return TooLarge("too many signatures", kMaxSignatures);
    if (rest.substr(0, kBegin.size()) != kBegin) {
      return Malformed("what follows the payload is not an armoured SSH signature");
    }
    const size_t end = rest.substr(0, kMaxSignatureBytes).find(kEnd);
    if (end == rest.npos) {
      if (rest.size() > kMaxSignatureBytes) {
        return TooLarge("a signature is too long", kMaxSignatureBytes);
      }
      return Malformed("a signature is cut off");
    }
    const size_t size = end + kEnd.size();
    signatures.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return signatures;
}

}  // namespace

core::Result<Envelope> ParseEnvelope(std::string_view bytes, std::string_view expected_type,
                                     size_t max_payload, size_t min_signatures) {
  const size_t max_bytes = kMaxHeader + max_payload + 1 + kMaxSignatures * kMaxSignatureBytes;
  const core::Result<Header> header = ParseHeader(bytes);
  if (!header) return header.error();
  if (header->type != expected_type) {
    return core::Error{core::Reason::kWrongNamespace,
                       "envelope: a document of type \"" + std::string(header->type) +
                           "\"; needed: \"" + std::string(expected_type) + "\"",
                       ""};
  }
  if (header->length > max_payload) return TooLarge("the payload is too long", max_payload);
  if (bytes.size() > max_bytes) {
    return TooLarge("too many signatures", kMaxSignatures);  // nothing else can be that long
  }
  const std::string_view body = bytes.substr(header->bytes);
  if (body.size() <= header->length || body[header->length] != '\n') {
    return Malformed("the payload is not as long as the first line says");
  }
  core::Result<std::vector<std::string>> signatures =
      ParseSignatures(body.substr(header->length + 1));
  if (!signatures) return std::move(signatures).error();
  if (signatures->size() < min_signatures) {
    return core::Error{core::Reason::kBadSignature, "envelope: not signed", ""};
  }
  return Envelope{std::string(header->type), std::string(body.substr(0, header->length)),
                  std::move(*signatures)};
}

std::string EncodeEnvelope(const Envelope& envelope) {
  std::string bytes(kMagic);
  bytes.append(kFormatNumber).append(" ").append(envelope.type).append(" ");
  bytes.append(std::to_string(envelope.payload.size())).append("\n");
  bytes.append(envelope.payload).append("\n");
  for (const std::string& signature : envelope.signatures) bytes += signature;
  return bytes;
}

core::Result<std::string> ClaimedType(std::string_view bytes) {
  const core::Result<Header> header = ParseHeader(bytes);
  if (!header) return header.error();
  return std::string(header->type);
}

std::string NamespaceOf(std::string_view type) {
  return std::string(type) + "@daypass";
}

}  // namespace daypass::wire
