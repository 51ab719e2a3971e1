// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The wall clock as one process of a world sees it, faked at the edge of the OS: loaded with
// LD_PRELOAD, it adds the seconds that /run/world/clock names first, and says that something
// disciplines the clock (1) or nothing (0), which the file names second. The machine's own clock is
// never touched, and the boot clock stays as it is.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

struct wall {
  long long seconds;
  int synchronised;
};

static struct wall read_wall(void) {
  const int kept = errno;
  struct wall wall = {0, 0};
  char text[64] = "";
  const int file = open("/run/world/clock", O_RDONLY | O_CLOEXEC);
  if (file >= 0 && read(file, text, sizeof text - 1) > 0) {
    char* rest = NULL;
    wall.seconds = strtoll(text, &rest, 10);
    wall.synchronised = strtoll(rest, NULL, 10) == 1;
  }
  if (file >= 0) close(file);
  errno = kept;
  return wall;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec* now) {
  if (syscall(SYS_clock_gettime, clock, now) != 0) return -1;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += read_wall().seconds;
  return 0;
}

__attribute__((visibility("default"))) int adjtimex(struct timex* query) {
  if (query->modes != 0) {
    errno = EPERM;
    return -1;
  }
  if (syscall(SYS_adjtimex, query) < 0) return -1;
  if (read_wall().synchronised) {
    query->status &= ~STA_UNSYNC;
    return TIME_OK;
  }
  query->status |= STA_UNSYNC;
  return TIME_ERROR;
}
