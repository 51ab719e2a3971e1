// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/document.h"

namespace daypass::wire {

std::string ReadHead(ObjectReader& in, std::string_view type) {
  const int64_t format = in.Int("format", 0, kMaxJsonInt);
  if (format != kFormat) {
    in.Fail(core::Reason::kUnknownFormat, "format",
            std::to_string(format) + " is unknown; known: 1");
  }
  const std::string claimed = in.String("type", AtMost(kLine, 16));
  if (claimed != type) {
    in.Fail(core::Reason::kWrongNamespace, "type",
            "\"" + claimed + "\" is another document; needed: \"" + std::string(type) + "\"");
  }
  return in.String("realm", kHex128);
}

ObjectBuilder MakeHead(std::string_view realm, std::string_view type) {
  ObjectBuilder out;
  out.String("realm", realm).Int("format", kFormat).String("type", type);
  return out;
}

}  // namespace daypass::wire
