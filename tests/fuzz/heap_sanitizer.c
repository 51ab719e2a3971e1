// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The sanitizers' own hooks. GCC has them too, but not their header.
#include "tests/fuzz/heap.h"

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, size_t),
                                              void (*on_free)(const volatile void*));
size_t __sanitizer_get_allocated_size(const volatile void* memory);

static void OnMalloc(const volatile void* memory, size_t size) {
  (void)memory;
  if (DaypassHeapIsCounted()) DaypassHeapGrew(size);
}

static void OnFree(const volatile void* memory) {
  if (memory != NULL && DaypassHeapIsCounted()) {
    DaypassHeapShrank(__sanitizer_get_allocated_size(memory));
  }
}

void DaypassHeapStart(void) {
  static int started = 0;
  if (!started) __sanitizer_install_malloc_and_free_hooks(OnMalloc, OnFree);
  started = 1;
}
