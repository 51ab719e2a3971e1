// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Memory that runs out: this program's malloc, which the plugin finds before libc's. The loader's
// own pieces (thread-local data) are spared: without them it ends the process at once, which is a
// refusal too, but one that would hide all others.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void fail_malloc_after(int pieces);

static int left = -1;  // pieces until memory is out; -1: never

void fail_malloc_after(int pieces) {
  left = pieces;
}

static bool is_out(void* caller) {
  if (left < 0) return false;
  Dl_info info;
  if (dladdr(caller, &info) != 0 && strstr(info.dli_fname, "/ld-linux") != NULL) return false;
  if (left > 0) {
    --left;
    return false;
  }
  errno = ENOMEM;
  return true;
}

void* malloc(size_t size) {
  return is_out(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return is_out(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  return is_out(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
