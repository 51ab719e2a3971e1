// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// EventLoop: waits for everything at once and calls back, one thing after the other, in one thread.
// Among what is ready the most urgent priority goes first, and descriptors are asked again before
// each call: so deferred work runs after all ready I/O, and a commit there covers every query that
// came in meanwhile. A handler that throws ends the program: nothing may pass through C frames.
#pragma once

#include <systemd/sd-event.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/result.h"
#include "core/time.h"

namespace daypass::platform {

/// Who goes first. Steady work of a more urgent kind starves the less urgent: what strangers may
/// send without limit goes to kLast.
enum class Priority : int16_t { kFirst = -100, kNormal = 0, kDeferred = 100, kLast = 200 };

class EventLoop {
 public:
  /// One registration; ends with this object. A handler may destroy its own. Outlived by the loop.
  class Source {
   public:
    Source() = default;

    explicit operator bool() const { return source_ != nullptr; }
    /// Lets it fire once more (timers whose time has passed and deferred work: at once).
    void Arm();
    /// Silent until armed again.
    void Disarm();
    /// Of a descriptor: what to wait for from now on (EPOLLIN, EPOLLOUT, EPOLLPRI).
    void SetEvents(uint32_t events);

   private:
    friend class EventLoop;
    struct Unref {
      void operator()(sd_event_source* source) const noexcept;
    };
    explicit Source(sd_event_source* source) : source_(source) {}
    std::unique_ptr<sd_event_source, Unref> source_;
  };

  static core::Result<EventLoop> Make();

  /// Calls back each time that one of `events` is there. The descriptor stays the caller's and
  /// must outlive the source. A pidfd of any process: EPOLLIN when it has ended.
  core::Result<Source> WatchFd(int fd, uint32_t events, std::function<void(uint32_t)> handler,
                               Priority priority = Priority::kNormal);

  /// Once, `delay` from now. Boot time counts while the machine sleeps; monotonic time does not.
  core::Result<Source> AfterBootTime(core::Millis delay, std::function<void()> handler,
                                     Priority priority = Priority::kNormal);
  core::Result<Source> AfterMonotonic(core::Millis delay, std::function<void()> handler,
                                      Priority priority = Priority::kNormal);
  /// Once, when CLOCK_BOOTTIME reaches `boot`. Timers are alarms, not truth: read the clock again.
  core::Result<Source> AtBootTime(core::Millis boot, std::function<void()> handler,
                                  Priority priority = Priority::kNormal);

  /// Once, when nothing more urgent is ready. Arm() defers it again.
  core::Result<Source> Defer(std::function<void()> handler,
                             Priority priority = Priority::kDeferred);

  /// Blocks the signal for the program and calls back when it comes.
  core::Result<Source> OnSignal(int signal, std::function<void()> handler);

  /// Once, when our own child ends, and reaps it. The pidfd stays the caller's.
  core::Result<Source> OnChildExit(int pidfd, std::function<void(const siginfo_t&)> handler);

  /// Tells systemd's watchdog that the loop turns, if the unit asks for it.
  core::Result<void> EnableWatchdog();

  /// Runs until Exit. Returns its code.
  core::Result<int> Run();
  /// Handles what is ready, waiting for at most `wait`. True if something was handled.
  core::Result<bool> RunOnce(core::Millis wait);
  void Exit(int code);

  /// For the libraries that attach themselves (sd-bus).
  sd_event* get() const { return event_.get(); }

 private:
  struct Unref {
    void operator()(sd_event* event) const noexcept;
  };
  explicit EventLoop(sd_event* event) : event_(event) {}

  core::Result<Source> AddTimer(clockid_t clock, uint64_t at_us, std::function<void()> handler,
                                Priority priority);

  std::unique_ptr<sd_event, Unref> event_;
};

}  // namespace daypass::platform
