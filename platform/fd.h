// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Fd: owns one file descriptor and closes it when it goes. Whoever makes one asks the kernel for
// close-on-exec at birth; this class does not set it later.
#pragma once

#include "core/result.h"

namespace daypass::platform {

class Fd {
 public:
  Fd() = default;
  /// Takes `fd` over; a negative one is "none".
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.Release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { Close(); }

  /// The number, or -1; still owned.
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Gives the number away; whoever takes it closes it.
  int Release();
  /// Closes now. Errors of close() are not reported: what must be durable was fsynced before.
  void Close();

 private:
  int fd_ = -1;
};

/// A second descriptor of the same open file, close-on-exec. Fails: kInternal.
core::Result<Fd> Duplicate(int fd);

/// How many descriptors this process may have at once; numbers are below this.
int MaxDescriptors();

}  // namespace daypass::platform
