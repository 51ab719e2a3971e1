// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Whole files and folders: read with a limit, read only if nobody but root can have written them,
// written so that a power cut leaves either the old or the new content.
//
//   1. MUST judge owner and mode on the open descriptor, never on the path before or after.
//   2. MUST NOT follow a symlink at the last component of a trusted or written path.
//   3. MUST NOT have a moment in which a new file can be read by more people than asked for.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace daypass::platform {

/// Reads a regular file of at most `max_bytes`. Symlinks are followed.
/// Fails: kTooLarge, kInternal (not there, not readable, not a regular file).
core::Result<std::string> ReadFile(const std::string& path, size_t max_bytes);

/// Reads at most the first `bytes` of a regular file, whatever comes behind them.
core::Result<std::string> ReadBeginning(const std::string& path, size_t bytes);

/// Reads a file of /proc or /sys, whose size the kernel does not tell beforehand.
core::Result<std::string> ReadKernelFile(const std::string& path, size_t max_bytes = 64 * 1024);

/// Reads a regular file only if it and its folder belong to `owner` and are writable by nobody
/// else, and the last component is no symlink.
/// Fails: kPathUnsafe (names what is loose), kTooLarge, kInternal (not there: see FileExists).
core::Result<std::string> ReadTrustedFile(const std::string& path, size_t max_bytes,
                                          uid_t owner = 0);

/// Whether anything is at `path`, a dangling symlink included. Where the kernel does not tell,
/// there may be: whoever makes a new file where there is none must not do so then.
bool FileExists(const std::string& path);

/// Who owns a new file or folder, and its mode. Ids of -1 leave the caller's.
struct Ownership {
  mode_t mode = 0600;
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
};

/// Replaces `path` with `bytes`: temporary file, fsync, rename, fsync of the folder. When it
/// returns well, the content survives a power cut. On failure the old content is still there.
core::Result<void> WriteFileDurably(const std::string& path, std::string_view bytes,
                                    const Ownership& ownership = {});

/// Gives a file another name in its folder, in place of what has that name, and fsyncs the folder.
core::Result<void> RenameFileDurably(const std::string& from, const std::string& to);

/// Removes a file and fsyncs its folder. A missing file is no fault.
core::Result<void> RemoveFileDurably(const std::string& path);

/// Makes a folder (missing parents too, 0755) with exactly this mode and owner, which survives a
/// power cut when it returns well; one that exists must belong to the owner and be no looser than
/// the mode. Fails: kPathUnsafe, kInternal.
core::Result<void> MakeDirectory(const std::string& path, const Ownership& ownership);

/// The names in a folder, without "." and "..", sorted.
core::Result<std::vector<std::string>> ListDirectory(const std::string& path);

}  // namespace daypass::platform
