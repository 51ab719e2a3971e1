// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The store's records, as the journal's mirror reads them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agent/mirror.h"
#include "agent/store.h"

namespace daypass::agent {

class StoredRecords : public RecordSource {
 public:
  /// `on_fault`: told of a failed read, before anything else is asked of the store.
  StoredRecords(Store& store, std::function<void(const core::Error&)> on_fault)
      : store_(store), on_fault_(std::move(on_fault)) {}

  core::Result<std::vector<wire::StoredRecord>> After(uint64_t seq, size_t max) override {
    auto records = store_.RecordsAfter(seq, max);
    if (!records) on_fault_(records.error());
    return records;
  }
  core::Result<uint64_t> LoadMirrorCursor() override {
    core::Result<std::optional<std::string>> text = store_.Get("mirror");
    if (!text) return std::move(text).error();
    return *text ? std::stoull(**text) : 0;
  }
  core::Result<void> SaveMirrorCursor(uint64_t seq) override {
    return store_.Set("mirror", std::to_string(seq));
  }

 private:
  Store& store_;
  std::function<void(const core::Error&)> on_fault_;
};

}  // namespace daypass::agent
