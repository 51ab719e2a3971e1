// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "tests/unit/agent_faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace daypass::agent {
namespace {

struct Plan {
  bool is_armed = false;
  Edge edge = Edge::kCalls;
  size_t number = 0;
  int error = 0;
  size_t counted = 0;
  const char* refused = "";
};
Plan plan;

bool Strikes(Edge edge, const char* name) {
  if (!plan.is_armed || plan.edge != edge || plan.counted++ != plan.number) return false;
  plan.refused = name;
  errno = plan.error;
  return true;
}

/// Whether it is our code that calls, or SQLite for it: libc and libsystemd have ways of their own.
bool IsOurs(const void* caller) {
  Dl_info info;
  if (dladdr(caller, &info) == 0 || info.dli_fname == nullptr) return false;
  const char* const slash = std::strrchr(info.dli_fname, '/');
  const char* const file = slash != nullptr ? slash + 1 : info.dli_fname;
  return std::strncmp(file, "unit_agent", 10) == 0 || std::strstr(file, "sqlite") != nullptr;
}

bool StrikesCall(const char* name, const void* caller) {
  return plan.is_armed && plan.edge == Edge::kCalls && IsOurs(caller) &&
         Strikes(Edge::kCalls, name);
}

sqlite3_mem_methods sqlite_memory;

void* GetForSqlite(int size) {
  return Strikes(Edge::kSqlite, "malloc") ? nullptr : sqlite_memory.xMalloc(size);
}
void* GetAgainForSqlite(void* piece, int size) {
  return Strikes(Edge::kSqlite, "realloc") ? nullptr : sqlite_memory.xRealloc(piece, size);
}
// As wire::EndWithoutMemory has it.
void* GetForJansson(size_t size) {
  if (Strikes(Edge::kJansson, "malloc")) std::abort();
  return std::malloc(size);
}
void* GetForCrypto(size_t size, const char*, int) {
  return Strikes(Edge::kCrypto, "malloc") ? nullptr : std::malloc(size);
}
void* GetAgainForCrypto(void* piece, size_t size, const char*, int) {
  return Strikes(Edge::kCrypto, "realloc") ? nullptr : std::realloc(piece, size);
}
void GiveBackForCrypto(void* piece, const char*, int) {
  std::free(piece);
}

/// Before any of them has asked for anything.
const bool kStandsBetween = [] {
  if (CRYPTO_set_mem_functions(GetForCrypto, GetAgainForCrypto, GiveBackForCrypto) != 1 ||
      sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK) {
    std::abort();
  }
  sqlite3_mem_methods counted = sqlite_memory;
  counted.xMalloc = GetForSqlite;
  counted.xRealloc = GetAgainForSqlite;
  if (sqlite3_config(SQLITE_CONFIG_MALLOC, &counted) != SQLITE_OK) std::abort();
  json_set_alloc_funcs(GetForJansson, std::free);
  return true;
}();

template <typename Function>
Function Next(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function>(reinterpret_cast<uintptr_t>(found));
}

}  // namespace

void RefuseOne(Edge edge, size_t number, int error) {
  if (!kStandsBetween) std::abort();
  plan = {true, edge, number, error, 0, ""};
}
void HoldFaults() {
  plan.is_armed = false;
}
void GoOnWithFaults() {
  plan.is_armed = true;
}
size_t CountedRequests() {
  return plan.counted;
}
std::string RefusedRequest() {
  return plan.refused;
}

}  // namespace daypass::agent

#define VISIBLE __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

// NOLINTBEGIN: C++'s and libc's functions have the shapes that they have.

VISIBLE void* operator new(size_t size) {
  using namespace daypass::agent;
  void* const piece = Strikes(Edge::kNew, "new") ? nullptr : std::malloc(size);
  if (piece == nullptr) throw std::bad_alloc();
  return piece;
}
VISIBLE void* operator new[](size_t size) {
  return operator new(size);
}
VISIBLE void* operator new(size_t size, const std::nothrow_t&) noexcept {
  using namespace daypass::agent;
  return Strikes(Edge::kNew, "new") ? nullptr : std::malloc(size);
}
VISIBLE void operator delete(void* piece) noexcept {
  std::free(piece);
}
VISIBLE void operator delete[](void* piece) noexcept {
  std::free(piece);
}
VISIBLE void operator delete(void* piece, size_t) noexcept {
  std::free(piece);
}
VISIBLE void operator delete[](void* piece, size_t) noexcept {
  std::free(piece);
}

// Found before libc's by our code, and by SQLite with its names for large files. Not here: what
// cannot fail, such as reading a clock, and what cannot be helped, such as giving memory back.
#define FAILING(result, otherwise, name, parameters, arguments)                 \
  extern "C" VISIBLE result name parameters {                                   \
    if (daypass::agent::StrikesCall(#name, CALLER)) return otherwise;           \
    static const auto next = daypass::agent::Next<result(*) parameters>(#name); \
    return next arguments;                                                      \
  }

FAILING(ssize_t, -1, read, (int fd, void* bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, -1, pread, (int fd, void* bytes, size_t size, off_t at), (fd, bytes, size, at))
FAILING(ssize_t, -1, pread64, (int fd, void* bytes, size_t size, off64_t at), (fd, bytes, size, at))
FAILING(ssize_t, -1, write, (int fd, const void* bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, -1, pwrite64, (int fd, const void* bytes, size_t size, off64_t at),
        (fd, bytes, size, at))
FAILING(int, -1, fsync, (int fd), (fd))
FAILING(int, -1, fdatasync, (int fd), (fd))
FAILING(int, -1, ftruncate64, (int fd, off64_t size) noexcept, (fd, size))
FAILING(int, -1, fstat, (int fd, struct stat* facts) noexcept, (fd, facts))
FAILING(int, -1, fstat64, (int fd, struct stat64* facts) noexcept, (fd, facts))
FAILING(int, -1, stat, (const char* path, struct stat* facts) noexcept, (path, facts))
FAILING(int, -1, stat64, (const char* path, struct stat64* facts) noexcept, (path, facts))
FAILING(int, -1, lstat, (const char* path, struct stat* facts) noexcept, (path, facts))
FAILING(int, -1, lstat64, (const char* path, struct stat64* facts) noexcept, (path, facts))
FAILING(int, -1, fchmod, (int fd, mode_t mode) noexcept, (fd, mode))
FAILING(int, -1, fchown, (int fd, uid_t uid, gid_t gid) noexcept, (fd, uid, gid))
FAILING(int, -1, access, (const char* path, int kind) noexcept, (path, kind))
FAILING(int, -1, unlink, (const char* path) noexcept, (path))
FAILING(int, -1, unlinkat, (int folder, const char* path, int flags) noexcept,
        (folder, path, flags))
FAILING(int, -1, rename, (const char* from, const char* to) noexcept, (from, to))
FAILING(int, -1, renameat, (int from, const char* old, int to, const char* name) noexcept,
        (from, old, to, name))
FAILING(int, -1, poll, (pollfd * fds, nfds_t count, int wait), (fds, count, wait))
FAILING(int, -1, accept4, (int fd, __SOCKADDR_ARG from, socklen_t* size, int flags),
        (fd, from, size, flags))
FAILING(int, -1, getsockopt, (int fd, int level, int name, void* value, socklen_t* size) noexcept,
        (fd, level, name, value, size))
FAILING(ssize_t, -1, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags))
FAILING(ssize_t, -1, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags))
FAILING(ssize_t, -1, getrandom, (void* bytes, size_t size, unsigned flags), (bytes, size, flags))
FAILING(void*, MAP_FAILED, mmap64,
        (void* at, size_t size, int use, int flags, int fd, off64_t offset) noexcept,
        (at, size, use, flags, fd, offset))

#define OPENING(name, parameters, ...)                                       \
  extern "C" VISIBLE int name parameters {                                   \
    va_list rest;                                                            \
    va_start(rest, flags);                                                   \
    const mode_t mode = va_arg(rest, mode_t);                                \
    va_end(rest);                                                            \
    if (daypass::agent::StrikesCall(#name, CALLER)) return -1;               \
    static const auto next = daypass::agent::Next<int(*) parameters>(#name); \
    return next(__VA_ARGS__, flags, mode);                                   \
  }
OPENING(open, (const char* path, int flags, ...), path)
OPENING(open64, (const char* path, int flags, ...), path)
OPENING(openat, (int folder, const char* path, int flags, ...), folder, path)

extern "C" VISIBLE int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const value = va_arg(rest, void*);
  va_end(rest);
  if (daypass::agent::StrikesCall("fcntl", CALLER)) return -1;
  static const auto next = daypass::agent::Next<int (*)(int, int, ...)>("fcntl64");
  return next(fd, command, value);
}

extern "C" VISIBLE int close(int fd) {
  const bool fails = daypass::agent::StrikesCall("close", CALLER);
  static const auto next = daypass::agent::Next<int (*)(int)>("close");
  const int error = errno;
  const int done = next(fd);  // Linux gives the number back all the same
  if (fails) errno = error;
  return fails ? -1 : done;
}
// NOLINTEND
