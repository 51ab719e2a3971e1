// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "tests/fuzz/meter.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>

#include "tests/fuzz/heap.h"

namespace {

// Atomic, since a library may have a thread of its own; nothing is ordered by them.
std::atomic<bool> counts{false};
std::atomic<int64_t> held{0};
std::atomic<int64_t> peak{0};

std::chrono::nanoseconds CpuTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

int DaypassHeapIsCounted(void) {
  return counts.load(std::memory_order_relaxed) ? 1 : 0;
}

void DaypassHeapGrew(size_t bytes) {
  const auto more = static_cast<int64_t>(bytes);
  const int64_t now = held.fetch_add(more, std::memory_order_relaxed) + more;
  if (now > peak.load(std::memory_order_relaxed)) peak.store(now, std::memory_order_relaxed);
}

void DaypassHeapShrank(size_t bytes) {
  held.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed);
}

namespace daypass::fuzz {

Meter::Meter() : began_(CpuTime()) {
  DaypassHeapStart();
  held = 0;
  peak = 0;
  counts = true;
}

Meter::~Meter() {
  counts = false;
}

std::chrono::microseconds Meter::Cpu() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(CpuTime() - began_);
}

size_t Meter::HeapPeak() const {
  return static_cast<size_t>(std::max<int64_t>(peak, 0));
}

}  // namespace daypass::fuzz
