// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Between the meter and whoever hears of each piece of heap: the sanitizer's hooks
// (heap_sanitizer.c), or, where there is none, stand-ins for malloc and its kin (heap_malloc.c).
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The meter's, called from inside the allocator: they must not allocate.
int DaypassHeapIsCounted(void);
void DaypassHeapGrew(size_t bytes);
void DaypassHeapShrank(size_t bytes);

/// Whoever hears of the heap begins to, the first time that it is called.
void DaypassHeapStart(void);

#ifdef __cplusplus
}
#endif
