// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "platform/fault.h"
#include "platform/fd.h"
#include "platform/random.h"
#include "platform/split_path.h"

namespace daypass::platform {
namespace {

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

core::Error TooLarge(const std::string& path, size_t max_bytes) {
  return {core::Reason::kTooLarge,
          path + ": is too large; at most " + std::to_string(max_bytes) + " bytes",
          {}};
}

/// To the end of the file, whatever stat says of its size.
core::Result<std::string> ReadToEnd(int fd, const std::string& path, size_t max_bytes) {
  std::string bytes;
  char part[16 * 1024];
  while (true) {
    const ssize_t got = read(fd, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemFault("read " + path, errno);
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<size_t>(got) > max_bytes) return TooLarge(path, max_bytes);
    bytes.append(part, static_cast<size_t>(got));
  }
}

core::Result<std::string> ReadRegular(int fd, const std::string& path, size_t max_bytes) {
  struct stat facts{};
  if (fstat(fd, &facts) != 0) return SystemFault("stat " + path, errno);
  if (!S_ISREG(facts.st_mode)) {
    return core::Error{core::Reason::kInternal, path + ": is not a regular file", {}};
  }
  return ReadToEnd(fd, path, max_bytes);
}

core::Result<void> CheckTrusted(int fd, const std::string& path, uid_t owner, mode_t kind) {
  const auto unsafe = [&path](const std::string& what) {
    return core::Error{core::Reason::kPathUnsafe, path + ": " + what, {}};
  };
  struct stat facts{};
  if (fstat(fd, &facts) != 0) return SystemFault("stat " + path, errno);
  if ((facts.st_mode & S_IFMT) != kind) return unsafe("is not of the expected kind");
  if (facts.st_uid != owner) {
    return unsafe("belongs to uid " + std::to_string(facts.st_uid) + "; must belong to uid " +
                  std::to_string(owner));
  }
  if ((facts.st_mode & kOthersWrite) != 0) {
    return unsafe("is writable by group or others; must be by its owner only");
  }
  return {};
}

core::Result<void> WriteAll(int fd, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemFault("write " + path, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

/// A name that nobody else uses or can guess.
core::Result<std::string> TemporaryName(const std::string& name) {
  const auto bytes = RandomBytes(8);
  if (!bytes) return bytes.error();
  std::string made = "." + name + ".";
  for (const char byte : *bytes) {
    constexpr char kHex[] = "0123456789abcdef";
    made += kHex[(byte >> 4) & 0xf];
    made += kHex[byte & 0xf];
  }
  return made;
}

core::Result<void> FillTemporary(int file, const std::string& path, std::string_view bytes,
                                 const Ownership& ownership) {
  // Owner before mode: chown may clear mode bits, and the file is 0600 until both are right.
  if (fchown(file, ownership.uid, ownership.gid) != 0) return SystemFault("chown " + path, errno);
  if (fchmod(file, ownership.mode) != 0) return SystemFault("chmod " + path, errno);
  auto written = WriteAll(file, path, bytes);
  if (!written) return written;
  if (fsync(file) != 0) return SystemFault("fsync " + path, errno);
  return {};
}

/// "0750"
std::string ModeText(mode_t mode) {
  std::string text = "0";
  for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + ((mode >> shift) & 7));
  return text;
}

core::Result<void> CheckNoLooser(const struct stat& facts, const std::string& path,
                                 const Ownership& ownership) {
  const uid_t owner = ownership.uid == static_cast<uid_t>(-1) ? geteuid() : ownership.uid;
  if (facts.st_uid != owner) {
    return core::Error{core::Reason::kPathUnsafe,
                       path + ": belongs to uid " + std::to_string(facts.st_uid) +
                           "; must belong to uid " + std::to_string(owner),
                       {}};
  }
  if ((facts.st_mode & 0777 & ~ownership.mode) != 0) {
    return core::Error{
        core::Reason::kPathUnsafe,
        path + ": has mode " + ModeText(facts.st_mode) + "; at most " + ModeText(ownership.mode),
        {}};
  }
  return {};
}

/// What has come or gone in the folder that `path` lies in survives a power cut.
core::Result<void> SyncFolderOf(const std::string& path) {
  const SplitPath split = Split(path);
  const Fd folder(open(split.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + split.folder, errno);
  if (fsync(folder.get()) != 0) return SystemFault("fsync " + split.folder, errno);
  return {};
}

core::Result<void> MakeParents(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    const bool made = mkdir(parent.c_str(), 0755) == 0;
    if (!made && errno != EEXIST) return SystemFault("make folder " + parent, errno);
    if (!made) continue;
    if (auto synced = SyncFolderOf(parent); !synced) return synced;
  }
  return {};
}

}  // namespace

core::Result<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return SystemFault("open " + path, errno);
  return ReadRegular(file.get(), path, max_bytes);
}

core::Result<std::string> ReadBeginning(const std::string& path, size_t bytes) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return SystemFault("open " + path, errno);
  std::string begun(bytes, '\0');
  const ssize_t got = pread(file.get(), begun.data(), bytes, 0);
  if (got < 0) return SystemFault("read " + path, errno);
  begun.resize(static_cast<size_t>(got));
  return begun;
}

core::Result<std::string> ReadKernelFile(const std::string& path, size_t max_bytes) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return SystemFault("open " + path, errno);
  return ReadToEnd(file.get(), path, max_bytes);
}

core::Result<std::string> ReadTrustedFile(const std::string& path, size_t max_bytes, uid_t owner) {
  const SplitPath split = Split(path);
  const Fd folder(open(split.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + split.folder, errno);
  auto trusted = CheckTrusted(folder.get(), split.folder, owner, S_IFDIR);
  if (!trusted) return std::move(trusted).error();

  const Fd file(openat(folder.get(), split.name.c_str(),
                       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
  if (!file && errno == ELOOP) {
    return core::Error{core::Reason::kPathUnsafe, path + ": is a symlink; must be a file", {}};
  }
  if (!file) return SystemFault("open " + path, errno);
  trusted = CheckTrusted(file.get(), path, owner, S_IFREG);
  if (!trusted) return std::move(trusted).error();
  return ReadToEnd(file.get(), path, max_bytes);
}

bool FileExists(const std::string& path) {
  struct stat facts{};
  return lstat(path.c_str(), &facts) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

core::Result<void> WriteFileDurably(const std::string& path, std::string_view bytes,
                                    const Ownership& ownership) {
  const SplitPath split = Split(path);
  const Fd folder(open(split.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + split.folder, errno);
  const auto temporary = TemporaryName(split.name);
  if (!temporary) return temporary.error();
  const Fd file(openat(folder.get(), temporary->c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return SystemFault("create " + path, errno);

  auto written = FillTemporary(file.get(), path, bytes, ownership);
  if (written &&
      renameat(folder.get(), temporary->c_str(), folder.get(), split.name.c_str()) != 0) {
    written = SystemFault("rename to " + path, errno);
  }
  if (!written) {
    unlinkat(folder.get(), temporary->c_str(), 0);
    return written;
  }
  if (fsync(folder.get()) != 0) return SystemFault("fsync " + split.folder, errno);
  return {};
}

core::Result<void> RenameFileDurably(const std::string& from, const std::string& to) {
  const SplitPath split = Split(to);
  const Fd folder(open(split.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return SystemFault("open " + split.folder, errno);
  if (rename(from.c_str(), to.c_str()) != 0) return SystemFault("rename " + from, errno);
  if (fsync(folder.get()) != 0) return SystemFault("fsync " + split.folder, errno);
  return {};
}

core::Result<void> RemoveFileDurably(const std::string& path) {
  const SplitPath split = Split(path);
  const Fd folder(open(split.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder && errno == ENOENT) return {};
  if (!folder) return SystemFault("open " + split.folder, errno);
  if (unlinkat(folder.get(), split.name.c_str(), 0) != 0 && errno != ENOENT) {
    return SystemFault("remove " + path, errno);
  }
  if (fsync(folder.get()) != 0) return SystemFault("fsync " + split.folder, errno);
  return {};
}

core::Result<void> MakeDirectory(const std::string& path, const Ownership& ownership) {
  auto parents = MakeParents(path);
  if (!parents) return parents;
  const bool made = mkdir(path.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return SystemFault("make folder " + path, errno);

  const Fd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return SystemFault("open folder " + path, errno);
  if (made) {
    if (fchown(folder.get(), ownership.uid, ownership.gid) != 0) {
      return SystemFault("chown " + path, errno);
    }
    if (fchmod(folder.get(), ownership.mode) != 0) return SystemFault("chmod " + path, errno);
    return SyncFolderOf(path);
  }
  struct stat facts{};
  if (fstat(folder.get(), &facts) != 0) return SystemFault("stat " + path, errno);
  return CheckNoLooser(facts, path, ownership);
}

core::Result<std::vector<std::string>> ListDirectory(const std::string& path) {
  struct CloseFolder {
    void operator()(DIR* folder) const noexcept { closedir(folder); }
  };
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return SystemFault("open " + path, errno);
  std::vector<std::string> names;
  errno = 0;
  // Each thread has a stream of its own, which is what readdir asks for.
  while (const dirent* entry = readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return SystemFault("list " + path, errno);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace daypass::platform
