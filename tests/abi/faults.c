// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Memory that runs out, and system calls that fail: this program's own malloc, open, poll... which
// the shim finds before libc's. Only what the shim and libjansson ask for fails: the loader, libc
// and libpam have ways of their own to do without (the first two end the process).
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);

static int pieces_left = -1;  // until memory is out; -1: never
static int calls_left = -1;   // until one call fails; -1: never
static int call_error;

void fail_malloc_after(int pieces) {
  pieces_left = pieces;
}

void fail_call_after(int calls, int error) {
  calls_left = calls;
  call_error = error;
}

/// Whether the caller is a shim, or libjansson for it. True once `left` of its requests are done.
static bool is_turn(const void* caller, int* left) {
  if (*left < 0) return false;
  Dl_info info;
  if (dladdr(caller, &info) == 0) return false;
  const char* file = strrchr(info.dli_fname, '/');
  if (file == NULL || (!strstr(file, "daypass") && !strstr(file, "jansson"))) return false;
  if (*left == 0) return true;
  --*left;
  return false;
}

static bool is_out_of_memory(const void* caller) {
  if (!is_turn(caller, &pieces_left)) return false;
  errno = ENOMEM;
  return true;
}

#define CALLER __builtin_return_address(0)

void* malloc(size_t size) {
  return is_out_of_memory(CALLER) ? NULL : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return is_out_of_memory(CALLER) ? NULL : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  return is_out_of_memory(CALLER) ? NULL : __libc_realloc(old, size);
}

/// Whether this system call is the one that fails; sets errno then. The next ones work again.
static bool is_to_fail(const void* caller) {
  if (!is_turn(caller, &calls_left)) return false;
  calls_left = -1;
  errno = call_error;
  return true;
}

// One system call after the other, as the shims import them (imports.txt).

int open(const char* path, int flags, ...) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

int openat(int folder, const char* path, int flags, ...) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_openat, folder, path, flags, 0);
}

int fcntl(int fd, int command, ...) {
  va_list args;
  va_start(args, command);
  const long value = va_arg(args, long);
  va_end(args);
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_fcntl, fd, command, value);
}

int socket(int domain, int type, int protocol) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_socket, domain, type, protocol);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_connect, fd, address.__sockaddr__, size);
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* size) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_getsockopt, fd, level, name, value, size);
}

int poll(struct pollfd* fds, nfds_t count, int timeout) {
  const struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};
  if (is_to_fail(CALLER)) return -1;
  return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &limit, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  return is_to_fail(CALLER) ? -1 : syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  return is_to_fail(CALLER) ? -1 : syscall(SYS_recvmsg, fd, message, flags);
}

ssize_t read(int fd, void* bytes, size_t size) {
  return is_to_fail(CALLER) ? -1 : syscall(SYS_read, fd, bytes, size);
}

int fstatat(int folder, const char* path, struct stat* facts, int flags) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_newfstatat, folder, path, facts, flags);
}

int fstat(int fd, struct stat* facts) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_newfstatat, fd, "", facts, AT_EMPTY_PATH);
}

int memfd_create(const char* name, unsigned flags) {
  return is_to_fail(CALLER) ? -1 : (int)syscall(SYS_memfd_create, name, flags);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return is_to_fail(CALLER) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}
