// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a guest in a process must leave as it was: descriptors, directory, identity, signals,
// limits, environment; and how much memory is in use.
#pragma once

#include <stddef.h>

enum { kMaxDescription = 32768 };

/// Everything but memory, as text that can be compared.
void process_describe(char* text);
/// How many descriptors are open.
int process_open_files(void);
/// Bytes of memory that have been got and not given back.
size_t process_memory(void);
/// Pieces of memory that nobody can reach any more; only with LeakSanitizer, else 0.
int process_leaks(void);
