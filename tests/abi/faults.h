// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Faults at the edge of a shim: counts what it asks for (memory, and calls that can fail), and lets
// one request fail. Only programs that link faults.c have them; elsewhere the symbols are null.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum fault_kind { kFaultNothing, kFaultMemory, kFaultCall };

/// Which of the shim's requests is not served.
struct fault {
  enum fault_kind kind;
  int number;          ///< how many of that kind are served before
  bool from_there_on;  ///< and none after it either
  int error;           ///< of a call; memory has ENOMEM
};

/// What the shim asked for meanwhile.
struct fault_report {
  int pieces;          ///< of memory
  int calls;           ///< that can fail
  const char* failed;  ///< name of what was not served; null: everything was
  const char* served;  ///< the last call before it, but for looks at the clock
  char path[64];       ///< of the file that the call was about, if any
};

__attribute__((weak)) void faults_begin(const struct fault* fault);
__attribute__((weak)) struct fault_report faults_end(void);
/// Pieces of memory that the shim got between begin and end and that nobody has given back yet.
__attribute__((weak)) int faults_held(void);
/// Whether the shim can do without what failed: only then may it still say yes.
__attribute__((weak)) bool faults_are_needless(const struct fault_report* report, int error);

/// For functions that play one of libc's or libpam's: whether this call of the shim's fails; sets
/// errno then. `caller`: FAULTS_CALLER.
__attribute__((weak)) bool faults_strike(const char* name, const void* caller);
__attribute__((weak)) bool faults_strike_clock(clockid_t clock, const void* caller);
#define FAULTS_CALLER __builtin_return_address(0)

/// For functions that play malloc's and free's: `get` is asked only if this request is served.
__attribute__((weak)) void* faults_get(size_t size, void* (*get)(size_t), const void* caller);
__attribute__((weak)) void faults_give_back(void* piece, void (*give_back)(void*));
