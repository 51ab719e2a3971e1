// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/event_loop.h"

#include <sys/wait.h>

#include <ctime>
#include <utility>

#include "platform/fault.h"

namespace daypass::platform {
namespace {

constexpr uint64_t kUsPerMs = 1'000;

/// What sd-event hands back to us: one per source, freed by sd-event together with the source.
/// That is after the handler returned, also if the handler itself ended its source.
struct Handler {
  std::function<void(uint32_t)> on_events;
  std::function<void()> on_fire;
  std::function<void(const siginfo_t&)> on_exit;
};

// Nothing may be thrown through libsystemd's frames: noexcept makes a bug end the program here.
int OnEvents(sd_event_source*, int, uint32_t events, void* handler) noexcept {
  static_cast<Handler*>(handler)->on_events(events);
  return 0;
}
int OnTimer(sd_event_source*, uint64_t, void* handler) noexcept {
  static_cast<Handler*>(handler)->on_fire();
  return 0;
}
int OnDeferred(sd_event_source*, void* handler) noexcept {
  static_cast<Handler*>(handler)->on_fire();
  return 0;
}
int OnSignalInfo(sd_event_source*, const signalfd_siginfo*, void* handler) noexcept {
  static_cast<Handler*>(handler)->on_fire();
  return 0;
}
int OnChild(sd_event_source*, const siginfo_t* info, void* handler) noexcept {
  static_cast<Handler*>(handler)->on_exit(*info);
  return 0;
}

void Destroy(void* handler) {
  delete static_cast<Handler*>(handler);
}

uint64_t ToMicros(core::Millis time) {
  return time.count() <= 0 ? 0 : static_cast<uint64_t>(time.count()) * kUsPerMs;
}

uint64_t FromNow(clockid_t clock, core::Millis delay) {
  timespec now{};
  static_cast<void>(clock_gettime(clock, &now));  // fails for unknown clocks only
  const auto now_us =
      static_cast<uint64_t>(now.tv_sec) * 1'000'000 + static_cast<uint64_t>(now.tv_nsec) / 1'000;
  return now_us + ToMicros(delay);
}

core::Error LoopFault(const char* doing, int negative_errno) {
  return SystemFault(std::string("event loop: ") + doing, -negative_errno);
}

/// Ties handler and source together, once sd-event has taken the source.
void Adopt(sd_event_source* source, std::unique_ptr<Handler> handler, Priority priority) {
  sd_event_source_set_userdata(source, handler.release());
  sd_event_source_set_destroy_callback(source, Destroy);
  sd_event_source_set_priority(source, static_cast<int64_t>(priority));
}

}  // namespace

void EventLoop::Unref::operator()(sd_event* event) const noexcept {
  sd_event_unref(event);
}

void EventLoop::Source::Unref::operator()(sd_event_source* source) const noexcept {
  sd_event_source_disable_unref(source);
}

void EventLoop::Source::Arm() {
  sd_event_source_set_enabled(source_.get(), SD_EVENT_ONESHOT);
}

void EventLoop::Source::Disarm() {
  sd_event_source_set_enabled(source_.get(), SD_EVENT_OFF);
}

void EventLoop::Source::SetEvents(uint32_t events) {
  sd_event_source_set_io_events(source_.get(), events);
}

core::Result<EventLoop> EventLoop::Make() {
  sd_event* event = nullptr;
  const int made = sd_event_new(&event);
  if (made < 0) return LoopFault("make", made);
  return EventLoop(event);
}

core::Result<EventLoop::Source> EventLoop::WatchFd(int fd, uint32_t events,
                                                   std::function<void(uint32_t)> handler,
                                                   Priority priority) {
  sd_event_source* source = nullptr;
  const int added = sd_event_add_io(event_.get(), &source, fd, events, OnEvents, nullptr);
  if (added < 0) return LoopFault("watch a descriptor", added);
  Adopt(source, std::make_unique<Handler>(Handler{std::move(handler), {}, {}}), priority);
  return Source(source);
}

core::Result<EventLoop::Source> EventLoop::AddTimer(clockid_t clock, uint64_t at_us,
                                                    std::function<void()> handler,
                                                    Priority priority) {
  // Accuracy of 1 ms: sd-event's default would let a window's end wait for a quarter of a second.
  sd_event_source* source = nullptr;
  const int added =
      sd_event_add_time(event_.get(), &source, clock, at_us, kUsPerMs, OnTimer, nullptr);
  if (added < 0) return LoopFault("set a timer", added);
  Adopt(source, std::make_unique<Handler>(Handler{{}, std::move(handler), {}}), priority);
  return Source(source);
}

core::Result<EventLoop::Source> EventLoop::AfterBootTime(core::Millis delay,
                                                         std::function<void()> handler,
                                                         Priority priority) {
  return AddTimer(CLOCK_BOOTTIME, FromNow(CLOCK_BOOTTIME, delay), std::move(handler), priority);
}

core::Result<EventLoop::Source> EventLoop::AfterMonotonic(core::Millis delay,
                                                          std::function<void()> handler,
                                                          Priority priority) {
  return AddTimer(CLOCK_MONOTONIC, FromNow(CLOCK_MONOTONIC, delay), std::move(handler), priority);
}

core::Result<EventLoop::Source> EventLoop::AtBootTime(core::Millis boot,
                                                      std::function<void()> handler,
                                                      Priority priority) {
  return AddTimer(CLOCK_BOOTTIME, ToMicros(boot), std::move(handler), priority);
}

core::Result<EventLoop::Source> EventLoop::Defer(std::function<void()> handler, Priority priority) {
  sd_event_source* source = nullptr;
  const int added = sd_event_add_defer(event_.get(), &source, OnDeferred, nullptr);
  if (added < 0) return LoopFault("defer work", added);
  Adopt(source, std::make_unique<Handler>(Handler{{}, std::move(handler), {}}), priority);
  return Source(source);
}

core::Result<EventLoop::Source> EventLoop::OnSignal(int signal, std::function<void()> handler) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, signal);
  const int masked = pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  if (masked != 0) return LoopFault("block a signal", -masked);
  sd_event_source* source = nullptr;
  const int added = sd_event_add_signal(event_.get(), &source, signal, OnSignalInfo, nullptr);
  if (added < 0) return LoopFault("watch a signal", added);
  Adopt(source, std::make_unique<Handler>(Handler{{}, std::move(handler), {}}), Priority::kNormal);
  return Source(source);
}

core::Result<EventLoop::Source> EventLoop::OnChildExit(
    int pidfd, std::function<void(const siginfo_t&)> handler) {
  // sd-event wants SIGCHLD blocked, also where it waits by pidfd.
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  const int masked = pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  if (masked != 0) return LoopFault("block SIGCHLD", -masked);
  sd_event_source* source = nullptr;
  const int added =
      sd_event_add_child_pidfd(event_.get(), &source, pidfd, WEXITED, OnChild, nullptr);
  if (added < 0) return LoopFault("watch a child", added);
  Adopt(source, std::make_unique<Handler>(Handler{{}, {}, std::move(handler)}), Priority::kNormal);
  return Source(source);
}

core::Result<void> EventLoop::EnableWatchdog() {
  const int set = sd_event_set_watchdog(event_.get(), 1);
  if (set < 0) return LoopFault("enable the watchdog", set);
  return {};
}

core::Result<int> EventLoop::Run() {
  const int code = sd_event_loop(event_.get());
  if (code < 0) return LoopFault("run", code);
  return code;
}

core::Result<bool> EventLoop::RunOnce(core::Millis wait) {
  const int ran = sd_event_run(event_.get(), ToMicros(wait));
  if (ran < 0) return LoopFault("run", ran);
  return ran > 0;
}

void EventLoop::Exit(int code) {
  sd_event_exit(event_.get(), code);
}

}  // namespace daypass::platform
