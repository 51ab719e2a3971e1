// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "tests/unit/agent_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace daypass::agent {
namespace {

RecordingDisk* recording = nullptr;  // SQLite's interface of files has no room for a context

/// A file of SQLite's that tells what is done to it.
struct ToldFile {
  sqlite3_file base;
  sqlite3_file* real;
  std::string* name;
};

ToldFile* Told(sqlite3_file* file) {
  return reinterpret_cast<ToldFile*>(file);
}
sqlite3_file* Real(sqlite3_file* file) {
  return Told(file)->real;
}
void Note(sqlite3_file* file, DiskOp::Kind kind, size_t offset = 0, std::string bytes = "") {
  if (recording != nullptr) recording->Note({kind, *Told(file)->name, offset, std::move(bytes)});
}

int Close(sqlite3_file* file) {
  delete Told(file)->name;
  return Real(file)->pMethods->xClose(Real(file));
}
int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return Real(file)->pMethods->xRead(Real(file), bytes, size, offset);
}
int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const int done = Real(file)->pMethods->xWrite(Real(file), bytes, size, offset);
  if (done == SQLITE_OK) {
    Note(file, DiskOp::Kind::kWrite, static_cast<size_t>(offset),
         std::string(static_cast<const char*>(bytes), static_cast<size_t>(size)));
  }
  return done;
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int done = Real(file)->pMethods->xTruncate(Real(file), size);
  if (done == SQLITE_OK) Note(file, DiskOp::Kind::kTruncate, static_cast<size_t>(size));
  return done;
}
int Sync(sqlite3_file* file, int flags) {
  const int done = Real(file)->pMethods->xSync(Real(file), flags);
  if (done == SQLITE_OK) Note(file, DiskOp::Kind::kSync);
  return done;
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Real(file)->pMethods->xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xLock(Real(file), level);
}
int Unlock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xUnlock(Real(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* result) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), result);
}
int FileControl(sqlite3_file* file, int what, void* argument) {
  return Real(file)->pMethods->xFileControl(Real(file), what, argument);
}
int SectorSize(sqlite3_file* file) {
  return Real(file)->pMethods->xSectorSize(Real(file));
}
int DeviceCharacteristics(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) {
  Real(file)->pMethods->xShmBarrier(Real(file));
}
int ShmUnmap(sqlite3_file* file, int deletes) {
  return Real(file)->pMethods->xShmUnmap(Real(file), deletes);
}

// Version 2: without memory-mapped reads, which this build of SQLite does not use either.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

sqlite3_vfs* real_vfs = nullptr;

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  ToldFile* const told = Told(file);
  told->base.pMethods = nullptr;
  told->real = reinterpret_cast<sqlite3_file*>(told + 1);
  const int opened = real_vfs->xOpen(real_vfs, name, told->real, flags, out);
  if (opened != SQLITE_OK) return opened;
  told->name = new std::string(name != nullptr ? name : "");
  told->base.pMethods = &kMethods;
  return opened;
}

int Delete(sqlite3_vfs*, const char* name, int sync) {
  const int done = real_vfs->xDelete(real_vfs, name, sync);
  if (done == SQLITE_OK && recording != nullptr) {
    recording->Note({DiskOp::Kind::kDelete, name, 0, ""});
  }
  return done;
}

sqlite3_vfs* ToldVfs() {
  static sqlite3_vfs vfs = [] {
    real_vfs = sqlite3_vfs_find(nullptr);
    sqlite3_vfs made = *real_vfs;
    made.zName = "daypass-told";
    made.pNext = nullptr;
    made.szOsFile = static_cast<int>(sizeof(ToldFile)) + real_vfs->szOsFile;
    made.xOpen = Open;
    made.xDelete = Delete;
    return made;
  }();
  return &vfs;
}

void Apply(ReplayedDisk::Files& files, const DiskOp& op) {
  std::string& file = files[op.file];
  switch (op.kind) {
    case DiskOp::Kind::kWrite:
      if (file.size() < op.offset + op.bytes.size()) file.resize(op.offset + op.bytes.size());
      file.replace(op.offset, op.bytes.size(), op.bytes);
      return;
    case DiskOp::Kind::kTruncate:
      file.resize(op.offset);
      return;
    case DiskOp::Kind::kDelete:
      files.erase(op.file);
      return;
    case DiskOp::Kind::kSync:
      return;
  }
}

/// Writes some sectors of a write and leaves others out.
void ApplyTorn(ReplayedDisk::Files& files, const DiskOp& op, std::mt19937_64& random) {
  constexpr size_t kSector = 512;
  if (op.kind != DiskOp::Kind::kWrite) {
    if (random() % 2 == 0) Apply(files, op);
    return;
  }
  for (size_t at = 0; at < op.bytes.size();) {
    const size_t in_sector = kSector - (op.offset + at) % kSector;
    const size_t size = std::min(in_sector, op.bytes.size() - at);
    DiskOp part{op.kind, op.file, op.offset + at, op.bytes.substr(at, size)};
    if (random() % 2 == 0) Apply(files, part);
    at += size;
  }
}

}  // namespace

RecordingDisk::RecordingDisk() {
  recording = this;
  sqlite3_vfs_register(ToldVfs(), /*makeDflt=*/1);
}

RecordingDisk::~RecordingDisk() {
  recording = nullptr;
  sqlite3_vfs_register(real_vfs, /*makeDflt=*/1);
}

void ReplayedDisk::PlayTo(const std::vector<DiskOp>& ops, size_t count) {
  for (; played_ < count; ++played_) {
    const DiskOp& op = ops[played_];
    if (op.kind != DiskOp::Kind::kSync) {
      unsynced_.push_back(op);
      continue;
    }
    for (const DiskOp& kept : unsynced_) {
      if (kept.file == op.file) Apply(durable_, kept);
    }
    std::erase_if(unsynced_, [&](const DiskOp& kept) { return kept.file == op.file; });
  }
}

ReplayedDisk::Files ReplayedDisk::Cut(Unsynced unsynced, std::mt19937_64& random) const {
  Files files = durable_;
  for (const DiskOp& op : unsynced_) {
    if (unsynced == Unsynced::kKept) Apply(files, op);
    if (unsynced == Unsynced::kTorn) ApplyTorn(files, op, random);
  }
  return files;
}

}  // namespace daypass::agent
