// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A kernel that has not gathered entropy yet, faked at the edge of the OS for one process: loaded
// with LD_PRELOAD, whoever asks for random bytes waits until /run/world/entropy is there, and
// whoever does not want to wait is refused, as getrandom(2) has it. Each who waits leaves
// /run/world/waits.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

static void wait_for_entropy(void) {
  if (access("/run/world/entropy", F_OK) == 0) return;
  const int told = open("/run/world/waits", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (told >= 0) close(told);
  while (access("/run/world/entropy", F_OK) != 0) usleep(20000);
}

VISIBLE ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
  if ((flags & GRND_NONBLOCK) != 0 && access("/run/world/entropy", F_OK) != 0) {
    errno = EAGAIN;
    return -1;
  }
  wait_for_entropy();
  return syscall(SYS_getrandom, bytes, size, flags);
}

VISIBLE int getentropy(void* bytes, size_t size) {
  wait_for_entropy();
  return syscall(SYS_getrandom, bytes, size, 0) == (long)size ? 0 : -1;
}
