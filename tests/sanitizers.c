/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The Daypass authors
 *
 * Linked into each program of the asan build, whatever environment that is started with. What one
 * sanitizer does at any finding the other does too: show where, and end the program. In a world
 * with a folder for findings (tests/campaign/asan_systems.sh), AddressSanitizer's are files in it.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

VISIBLE const char* __asan_default_options(void);
VISIBLE const char* __ubsan_default_options(void);

/* A call of its own: a test may stand between us and access(2), and nothing of it works so early.
 */
const char* __asan_default_options(void) {
  const long there = syscall(SYS_faccessat, AT_FDCWD, "/run/findings", F_OK);
  return there == 0 ? "log_path=/run/findings/of" : "";
}

const char* __ubsan_default_options(void) {
  return "halt_on_error=1:print_stacktrace=1";
}
