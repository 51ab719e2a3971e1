// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The hosts' records, each stored once, with the instant at which it came beside the one that it
// claims. What did not fit the chain is kept too: it is evidence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/status.h"
#include "server/store/store.h"
#include "wire/record.h"

namespace daypass::server {

/// The records of one host key of one host.
struct ChainName {
  std::string host;
  uint64_t chain = 1;
};

struct ChainFaultRow {
  std::string kind;  ///< "gap" or "fork"; "lost": begun anew
  uint64_t seq = 0;
  std::string bytes;  ///< of the record that did not fit
  core::Instant at;
};

class Records {
 public:
  Records(Tx& tx, ChainName name) : tx_(tx), name_(std::move(name)) {}

  void Add(const wire::StoredRecord& record, const core::Digest& digest);
  core::Receipt Head();  ///< seq 0 and no digest: none yet
  std::optional<core::Digest> DigestOf(uint64_t seq);

  void AddFault(
      const ChainFaultRow& row);  ///< the first of its kind and number stands; 100 a chain
  std::optional<ChainFaultRow> NewestFault();

 private:
  Tx& tx_;
  ChainName name_;
};

}  // namespace daypass::server
