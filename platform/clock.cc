// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/clock.h"

#include <fcntl.h>
#include <linux/rtc.h>
#include <sys/ioctl.h>
#include <sys/timex.h>

#include <charconv>
#include <ctime>

#include "platform/fd.h"
#include "platform/file.h"

namespace daypass::platform {
namespace {

core::Millis ReadClock(clockid_t clock) {
  timespec now{};
  static_cast<void>(clock_gettime(clock, &now));  // fails for unknown clocks only
  return core::Millis{int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000};
}

core::Result<std::string> ReadBootId() {
  auto boot_id = ReadKernelFile("/proc/sys/kernel/random/boot_id");
  if (!boot_id) return std::move(boot_id).error();
  while (boot_id->ends_with('\n')) boot_id->pop_back();
  return boot_id;
}

bool IsSynchronised() {
  timex query{};  // modes = 0: reads only
  const int state = adjtimex(&query);
  // A sandbox that forbids the call leaves us not knowing: that is not "synchronised".
  return state >= 0 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
}

std::optional<core::Instant> ReadHardwareFromSysfs() {
  const auto text = ReadKernelFile("/sys/class/rtc/rtc0/since_epoch");
  if (!text) return std::nullopt;
  int64_t seconds = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (parsed.ec != std::errc()) return std::nullopt;
  return core::FromMillis(seconds * 1'000);
}

std::optional<core::Instant> ReadHardwareFromDevice() {
  const Fd device(open("/dev/rtc0", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  rtc_time read{};
  if (!device || ioctl(device.get(), RTC_RD_TIME, &read) != 0) return std::nullopt;
  tm utc{};
  utc.tm_sec = read.tm_sec;
  utc.tm_min = read.tm_min;
  utc.tm_hour = read.tm_hour;
  utc.tm_mday = read.tm_mday;
  utc.tm_mon = read.tm_mon;
  utc.tm_year = read.tm_year;
  const time_t seconds = timegm(&utc);
  if (seconds <= 0) return std::nullopt;
  return core::FromMillis(int64_t{seconds} * 1'000);
}

}  // namespace

core::Millis BootTime() {
  return ReadClock(CLOCK_BOOTTIME);
}

core::Instant WallTime() {
  return core::Instant{ReadClock(CLOCK_REALTIME)};
}

core::Result<ClockReading> ReadClocks(bool with_hardware) {
  static const core::Result<std::string> kBootId = ReadBootId();  // no process outlives a boot
  if (!kBootId) return kBootId.error();
  ClockReading reading;
  reading.boot_id = *kBootId;
  if (with_hardware) {
    reading.hardware = ReadHardwareFromSysfs();
    if (!reading.hardware) reading.hardware = ReadHardwareFromDevice();
  }
  reading.synchronised = IsSynchronised();
  reading.boot = BootTime();
  reading.wall = WallTime();
  return reading;
}

}  // namespace daypass::platform
