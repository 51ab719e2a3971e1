// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Faults at the edge of a shim; only programs that link faults.c have them (the symbols are weak).
#pragma once

/// Memory is out after this many more pieces; -1: never.
__attribute__((weak)) void fail_malloc_after(int pieces);
/// One system call fails after this many more that work; -1: none.
__attribute__((weak)) void fail_call_after(int calls, int error);
