// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Records: nothing is lost in reading, and all of it can be shown.
#include "wire/record.h"

#include "tests/fuzz/json_view.h"
#include "tests/fuzz/target.h"
#include "wire/limits.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxRecordBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseRecord(input); }};

void Try(std::string_view input) {
  const auto record = wire::ParseRecord(input);
  if (!record) return RequireFit(record.error());
  const wire::JsonLimits limits{.max_bytes = wire::kMaxRecordBytes,
                                .max_string = wire::kMaxRecordString};
  Require(wire::EncodeRecord(*record) == Canonical(input, limits),
          "nothing of a record is lost in reading");
  Require(record->seq > 0, "records are numbered from 1");
  wire::ForEachField(*record, [](std::string_view key, std::string_view text) {
    Require(wire::IsName(key), "a field has a name");
    Require(wire::IsPlainLine(text), "a field is one line that reads as it is written");
  });
}

}  // namespace daypass::fuzz
