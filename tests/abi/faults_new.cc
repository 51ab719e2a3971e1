// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// For builds with AddressSanitizer: a shim's operator new is the sanitizer's there, which asks
// nobody's malloc. This one can be counted, and can fail.
#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
#include "faults.h"
}

#define VISIBLE __attribute__((visibility("default")))

VISIBLE void* operator new(size_t size) {
  void* piece = faults_get(size, std::malloc, FAULTS_CALLER);
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}

VISIBLE void operator delete(void* piece) noexcept {
  faults_give_back(piece, std::free);
}

VISIBLE void operator delete(void* piece, size_t) noexcept {
  faults_give_back(piece, std::free);
}
