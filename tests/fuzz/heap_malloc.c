// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Stands in for malloc and its kin, so that what jansson and OpenSSL take is counted too.
#include <errno.h>
#include <malloc.h>

#include "tests/fuzz/heap.h"

#define EXPORT __attribute__((visibility("default")))

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* memory);

void DaypassHeapStart(void) {}

static void* Counted(void* memory) {
  if (memory != NULL && DaypassHeapIsCounted()) DaypassHeapGrew(malloc_usable_size(memory));
  return memory;
}

EXPORT void* malloc(size_t size) {
  return Counted(__libc_malloc(size));
}

EXPORT void* calloc(size_t count, size_t size) {
  return Counted(__libc_calloc(count, size));
}

EXPORT void* realloc(void* memory, size_t size) {
  const size_t before = memory == NULL ? 0 : malloc_usable_size(memory);
  void* moved = __libc_realloc(memory, size);
  if (moved == NULL && size > 0) return NULL;
  if (DaypassHeapIsCounted()) DaypassHeapShrank(before);
  return Counted(moved);
}

EXPORT void* memalign(size_t alignment, size_t size) {
  return Counted(__libc_memalign(alignment, size));
}

EXPORT void* aligned_alloc(size_t alignment, size_t size) {
  return Counted(__libc_memalign(alignment, size));
}

EXPORT int posix_memalign(void** memory, size_t alignment, size_t size) {
  *memory = Counted(__libc_memalign(alignment, size));
  return *memory == NULL ? ENOMEM : 0;
}

EXPORT void free(void* memory) {
  if (memory != NULL && DaypassHeapIsCounted()) DaypassHeapShrank(malloc_usable_size(memory));
  __libc_free(memory);
}
