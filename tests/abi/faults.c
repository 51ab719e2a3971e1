// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// This program's own malloc, open, poll... which the shim finds before libc's. Only what the shim
// and libjansson ask for is counted and fails: the loader, libc and libpam have ways of their own
// to do without (the first two end the process).
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { kMaxHeld = 1 << 14, kMaxNamedFds = 64 };

static bool armed;
static struct fault planned;
static struct fault_report report;
static void* held[kMaxHeld];
static int held_count;
static char path_of[kMaxNamedFds][sizeof report.path];

void faults_begin(const struct fault* fault) {
  planned = *fault;
  report = (struct fault_report){.served = ""};
  armed = true;
}

struct fault_report faults_end(void) {
  armed = false;
  return report;
}

int faults_held(void) {
  return held_count;
}

bool faults_are_needless(const struct fault_report* seen, int error) {
  if (seen->failed == NULL) return true;
  // Linux has freed the number all the same.
  if (strcmp(seen->failed, "close") == 0) return true;
  // The agent reads the login uid for itself.
  if (strcmp(seen->path, "/proc/self/loginuid") == 0) return true;
  // libjansson goes on without memory in two places while it reads. A reply has been received by
  // then, and its yes is a short word, which needs none.
  if (strcmp(seen->failed, "memory") == 0) return strcmp(seen->served, "recvmsg") == 0;
  // Whatever the seed of its hashes, libjansson answers the same.
  if (strcmp(seen->path, "/dev/urandom") == 0) return true;
  // Measures how long to wait for an answer, not how long it is good for.
  if (strcmp(seen->failed, "CLOCK_MONOTONIC") == 0) return true;
  if (error != EINTR) return false;
  const char* const tried_again[] = {"connect", "sendmsg", "recvmsg", "poll", "read", "pwrite"};
  for (size_t i = 0; i < sizeof tried_again / sizeof *tried_again; ++i) {
    if (strcmp(seen->failed, tried_again[i]) == 0) return true;
  }
  return false;
}

/// Whether the caller is a shim, or libjansson for it.
static bool is_shim(const void* caller) {
  Dl_info info;
  if (dladdr(caller, &info) == 0) return false;
  const char* file = strrchr(info.dli_fname, '/');
  return file != NULL && (strstr(file, "daypass.so") != NULL || strstr(file, "jansson") != NULL);
}

/// Whether the request with this number is one that is not served.
static bool is_hit(enum fault_kind kind, int number) {
  if (planned.kind != kind || number < planned.number) return false;
  return number == planned.number || planned.from_there_on;
}

bool faults_strike(const char* name, const void* caller) {
  if (!armed || !is_shim(caller)) return false;
  const bool fails = is_hit(kFaultCall, report.calls++);
  const bool is_clock = strncmp(name, "CLOCK_", 6) == 0;
  if (report.failed == NULL && fails) report.failed = name;
  if (report.failed == NULL && !is_clock) report.served = name;
  if (fails) errno = planned.error;
  return fails;
}

/// The same for a call about an open file.
static bool strikes_fd(const char* name, int fd, const void* caller) {
  if (!faults_strike(name, caller)) return false;
  if (fd >= 0 && fd < kMaxNamedFds) memcpy(report.path, path_of[fd], sizeof report.path);
  return true;
}

static bool strikes_path(const char* name, const char* path, const void* caller) {
  if (!faults_strike(name, caller)) return false;
  snprintf(report.path, sizeof report.path, "%s", path);
  return true;
}

// Memory: what the shim and libjansson get from malloc. AddressSanitizer wants malloc for itself;
// there the same two ask by other ways: operator new (faults_new.cc), and a door of libjansson's.

/// Whether this is a request of the shim's; sets `*fails` if it is not to be served.
static bool is_counted(const void* caller, bool* fails) {
  *fails = false;
  if (!armed || !is_shim(caller)) return false;
  *fails = is_hit(kFaultMemory, report.pieces++);
  if (*fails && report.failed == NULL) report.failed = "memory";
  if (*fails) errno = ENOMEM;
  return true;
}

static void* hold(void* piece) {
  if (piece == NULL) return NULL;
  if (held_count == kMaxHeld) abort();
  return held[held_count++] = piece;
}

static void let_go(const void* piece) {
  for (int i = held_count - 1; i >= 0; --i) {
    if (held[i] != piece) continue;
    held[i] = held[--held_count];
    return;
  }
}

void* faults_get(size_t size, void* (*get)(size_t), const void* caller) {
  bool fails;
  const bool counted = is_counted(caller, &fails);
  if (fails) return NULL;
  void* piece = get(size);
  return counted ? hold(piece) : piece;
}

void faults_give_back(void* piece, void (*give_back)(void*)) {
  if (piece == NULL) return;
  let_go(piece);
  give_back(piece);
}

#ifdef __SANITIZE_ADDRESS__
static void* get_for_jansson(size_t size) {
  return faults_get(size, malloc, FAULTS_CALLER);
}

static void give_back_for_jansson(void* piece) {
  faults_give_back(piece, free);
}

__attribute__((constructor)) static void stand_behind_jansson(void) {
  json_set_alloc_funcs(get_for_jansson, give_back_for_jansson);
}
#else
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void __libc_free(void* piece);

void* malloc(size_t size) {
  return faults_get(size, __libc_malloc, FAULTS_CALLER);
}

void* calloc(size_t count, size_t size) {
  bool fails;
  const bool counted = is_counted(FAULTS_CALLER, &fails);
  if (fails) return NULL;
  void* piece = __libc_calloc(count, size);
  return counted ? hold(piece) : piece;
}

void* realloc(void* old, size_t size) {
  bool fails;
  const bool counted = is_counted(FAULTS_CALLER, &fails);
  if (fails) return NULL;
  if (old != NULL) let_go(old);
  void* piece = __libc_realloc(old, size);
  return counted ? hold(piece) : piece;
}

void free(void* piece) {
  faults_give_back(piece, __libc_free);
}
#endif

// Calls, one after the other, as the shims import them (imports.txt). Not here: what cannot fail.

int open(const char* path, int flags, ...) {
  if (strikes_path("open", path, FAULTS_CALLER)) return -1;
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
  if (fd >= 0 && fd < kMaxNamedFds) snprintf(path_of[fd], sizeof path_of[fd], "%s", path);
  return fd;
}

int openat(int folder, const char* path, int flags, ...) {
  if (strikes_path("openat", path, FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, 0);
}

int close(int fd) {
  const bool fails = strikes_fd("close", fd, FAULTS_CALLER);
  if (fd >= 0 && fd < kMaxNamedFds) path_of[fd][0] = '\0';
  const int result = (int)syscall(SYS_close, fd);
  if (fails) errno = planned.error;
  return fails ? -1 : result;
}

int fcntl(int fd, int command, ...) {
  va_list args;
  va_start(args, command);
  const long value = va_arg(args, long);
  va_end(args);
  return strikes_fd("fcntl", fd, FAULTS_CALLER) ? -1 : (int)syscall(SYS_fcntl, fd, command, value);
}

int socket(int domain, int type, int protocol) {
  if (faults_strike("socket", FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_socket, domain, type, protocol);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size) {
  if (faults_strike("connect", FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_connect, fd, address.__sockaddr__, size);
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* size) {
  if (faults_strike("getsockopt", FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_getsockopt, fd, level, name, value, size);
}

int poll(struct pollfd* fds, nfds_t count, int timeout) {
  const struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};
  if (faults_strike("poll", FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &limit, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  return faults_strike("sendmsg", FAULTS_CALLER) ? -1 : syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  return faults_strike("recvmsg", FAULTS_CALLER) ? -1 : syscall(SYS_recvmsg, fd, message, flags);
}

ssize_t read(int fd, void* bytes, size_t size) {
  return strikes_fd("read", fd, FAULTS_CALLER) ? -1 : syscall(SYS_read, fd, bytes, size);
}

int fstatat(int folder, const char* path, struct stat* facts, int flags) {
  if (strikes_path("fstatat", path, FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_newfstatat, folder, path, facts, flags);
}

int fstat(int fd, struct stat* facts) {
  if (strikes_fd("fstat", fd, FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_newfstatat, fd, "", facts, AT_EMPTY_PATH);
}

int memfd_create(const char* name, unsigned flags) {
  if (faults_strike("memfd_create", FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_memfd_create, name, flags);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  if (strikes_fd("pwrite", fd, FAULTS_CALLER)) return -1;
  return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

bool faults_strike_clock(clockid_t clock, const void* caller) {
  return faults_strike(clock == CLOCK_MONOTONIC ? "CLOCK_MONOTONIC" : "clock_gettime", caller);
}

// sudo_host.c has a clock of its own, which asks the same.
__attribute__((weak)) int clock_gettime(clockid_t clock, struct timespec* now) {
  if (faults_strike_clock(clock, FAULTS_CALLER)) return -1;
  return (int)syscall(SYS_clock_gettime, clock, now);
}
