// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/store_rescue.h"

#include <array>

#include "platform/file.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxMark = 4096;
constexpr int kMaxAside = 9;  // on a dying disk the first ones say most; only the last is replaced

// In this order, so that wherever it is cut off, what is left under the old names is no store that
// would pass for an older one.
constexpr std::array kParts = {"-wal", "-shm", ""};

std::string MarkOf(const std::string& path) {
  return path + ".damaged";
}

std::string FreeName(const std::string& path) {
  for (int number = 1; number < kMaxAside; ++number) {
    std::string name = path + ".aside-" + std::to_string(number);
    if (!platform::FileExists(name) && !platform::FileExists(name + "-wal")) return name;
  }
  return path + ".aside-" + std::to_string(kMaxAside);
}

core::Result<void> SetAside(const std::string& path, const std::string& name) {
  for (const char* part : kParts) {
    if (!platform::FileExists(path + part)) continue;
    if (auto moved = platform::RenameFileDurably(path + part, name + part); !moved) return moved;
  }
  return {};
}

}  // namespace

core::Result<OpenedStore> OpenOrReplaceStore(const std::string& path) {
  std::string what;
  if (platform::FileExists(MarkOf(path))) {
    core::Result<std::string> mark = platform::ReadFile(MarkOf(path), kMaxMark);
    if (!mark) return std::move(mark).error();
    what = std::move(*mark);
  } else {
    // Twice: SQLite takes a read that failed for damage; what is damaged stays so.
    for (int look = 0; look < 2; ++look) {
      platform::StoreFault why{};
      core::Result<Store> store = Store::Open(path, &why);
      if (store) return OpenedStore{std::move(*store), {}};
      if (why != platform::StoreFault::kDamaged) return std::move(store).error();
      what = store.error().what;
    }
  }
  const std::string name = FreeName(path);
  if (!platform::FileExists(MarkOf(path))) {
    if (auto marked = MarkDamaged(path, what); !marked) return std::move(marked).error();
  }
  if (auto moved = SetAside(path, name); !moved) return std::move(moved).error();
  core::Result<Store> store = Store::Open(path);
  if (!store) return std::move(store).error();
  return OpenedStore{std::move(*store), what + "; set aside as " + name};
}

core::Result<void> ForgetLoss(const std::string& path) {
  return platform::RemoveFileDurably(MarkOf(path));
}

core::Result<void> MarkDamaged(const std::string& path, const std::string& what) {
  return platform::WriteFileDurably(MarkOf(path), what.substr(0, kMaxMark), {.mode = 0600});
}

}  // namespace daypass::agent
