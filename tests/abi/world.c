// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#define _GNU_SOURCE
#include "world.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMaxPeers = 16, kMaxFds = 8 };

const char kWatching[] = "{\"continues\":true,\"parameters\":{\"event\":\"watching\"}}";
const char kAllow[] =
    "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"allow\",\"reason\":\"granted\",\"text\":"
    "\"\","
    "\"grant\":\"g-k3v7q2mzr4x5aybc\",\"hint\":\"\",\"query\":18,\"until_ms\":1764000000000,"
    "\"remaining_ms\":5000}}";
const char kDeny[] =
    "{\"parameters\":{\"verdict\":\"deny\",\"effect\":\"deny\",\"reason\":\"no_grant\",\"text\":"
    "\"not allowed: systemctl %s %n as root\\nwhy: you hold no grant on this "
    "host\",\"grant\":\"\",\"hint\":"
    "\"daypass request --role web-operator\",\"query\":17}}";

struct peer {
  int fd;
  size_t used;
  char* bytes;
};

static void must(bool good, const char* what) {
  if (good) return;
  perror(what);
  abort();
}

long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void in_world(const struct world* world, char* path, size_t size, const char* name) {
  must(snprintf(path, size, "%s/%s", world->root, name) < (int)size, name);
}

void run_path(const struct world* world, char* path, size_t size, const char* name) {
  must(snprintf(path, size, "%s/run/daypass%s%s", world->root, *name ? "/" : "", name) < (int)size,
       name);
}

void world_make(struct world* world) {
  memset(world, 0, sizeof *world);
  strcpy(world->root, "/tmp/daypass-abi-XXXXXX");
  must(mkdtemp(world->root) != NULL, "mkdtemp");
  must(chmod(world->root, 0755) == 0, "chmod");
  snprintf(world->option, sizeof world->option, "root=%s", world->root);
  const char* folders[] = {"run", "run/daypass", "etc", "etc/daypass"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; ++i) {
    char path[128];
    in_world(world, path, sizeof path, folders[i]);
    must(mkdir(path, 0755) == 0 && chmod(path, 0755) == 0, path);
  }
  world->log =
      mmap(NULL, sizeof *world->log, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  must(world->log != MAP_FAILED, "mmap");
}

static int remove_one(const char* path, const struct stat* facts, int kind, struct FTW* where) {
  (void)facts, (void)kind, (void)where;
  return remove(path);
}

void world_remove(struct world* world) {
  agent_stop(world);
  nftw(world->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  munmap(world->log, sizeof *world->log);
}

void gate_write(const struct world* world, const char* text, mode_t mode, uid_t owner) {
  char path[128];
  in_world(world, path, sizeof path, "etc/daypass/gate.conf");
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
  must(fchmod(fd, mode) == 0 && fchown(fd, owner, (gid_t)-1) == 0, path);
  close(fd);
}

static void answer(const struct agent_script* script, int fd, const char* reply) {
  if (reply == NULL) return;
  const size_t size = strlen(reply) + (script->no_nul ? 0 : 1);
  for (size_t at = 0; at < size;) {
    const size_t part = script->drips ? 1 : size - at;
    const ssize_t sent = send(fd, reply + at, part, MSG_NOSIGNAL);
    if (sent <= 0) return;
    at += (size_t)sent;
    if (script->drips) usleep(100 * 1000);
  }
}

/// Handles one message; false if the connection is to be closed.
static bool handle(const struct agent_script* script, struct agent_log* log, int fd,
                   const char* message) {
  if (log->count < kMaxMessages) {
    snprintf(log->message[log->count], kMaxMessage, "%s", message);
    __atomic_add_fetch(&log->count, 1, __ATOMIC_SEQ_CST);
  }
  if (strstr(message, "Check.Watch") != NULL) answer(script, fd, script->watch);
  if (strstr(message, "Check.Command") == NULL && strstr(message, "Check.Account") == NULL) {
    return true;
  }
  if (script->hangs_up) return false;
  usleep((useconds_t)script->answers_after_ms * 1000);
  answer(script, fd, script->verdict);
  return true;
}

/// Takes what a peer sent; false when it is gone.
static bool receive(const struct agent_script* script, struct agent_log* log, struct peer* peer) {
  char control[CMSG_SPACE(kMaxFds * sizeof(int))];
  struct iovec part = {peer->bytes + peer->used, kMaxMessage - peer->used};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  const ssize_t got = recvmsg(peer->fd, &message, MSG_CMSG_CLOEXEC);
  if (got <= 0) return false;
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
    int fds[kMaxFds];
    const size_t size = header->cmsg_len - CMSG_LEN(0);
    memcpy(fds, CMSG_DATA(header), size);
    for (size_t i = 0; i < size / sizeof(int); ++i) {
      ++log->fds;
      close(fds[i]);
    }
  }
  peer->used += (size_t)got;
  char* end;
  while ((end = memchr(peer->bytes, '\0', peer->used)) != NULL) {
    if (!handle(script, log, peer->fd, peer->bytes)) return false;
    const size_t taken = (size_t)(end - peer->bytes) + 1;
    memmove(peer->bytes, end + 1, peer->used - taken);
    peer->used -= taken;
  }
  return true;
}

static void serve(const struct agent_script* script, struct agent_log* log, int listener) {
  static struct peer peers[kMaxPeers];
  int count = 0;
  for (;;) {
    struct pollfd ready[kMaxPeers + 1] = {{listener, POLLIN, 0}};
    for (int i = 0; i < count; ++i) ready[i + 1] = (struct pollfd){peers[i].fd, POLLIN, 0};
    poll(ready, (nfds_t)count + 1, -1);
    for (int i = count - 1; i >= 0; --i) {
      if (ready[i + 1].revents == 0 || receive(script, log, &peers[i])) continue;
      close(peers[i].fd);
      free(peers[i].bytes);
      peers[i] = peers[--count];
    }
    if (ready[0].revents != 0 && count < kMaxPeers) {
      peers[count++] =
          (struct peer){accept4(listener, NULL, NULL, SOCK_CLOEXEC), 0, malloc(kMaxMessage)};
    }
  }
}

void agent_start(struct world* world, const struct agent_script* script) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  run_path(world, address.sun_path, sizeof address.sun_path, "check.sock");
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(listener >= 0, "socket");
  must(bind(listener, (struct sockaddr*)&address, sizeof address) == 0, "bind");
  must(chmod(address.sun_path, 0600) == 0, "chmod");
  int listening[2];
  must(pipe(listening) == 0, "pipe");
  world->agent = fork();
  must(world->agent >= 0, "fork");
  if (world->agent == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The kernel keeps for SO_PEERCRED who called listen(), not who made the socket.
    if (script->listens_as != 0)
      must(setresuid(script->listens_as, script->listens_as, 0) == 0, "setresuid");
    must(listen(listener, 16) == 0, "listen");
    must(write(listening[1], "", 1) == 1, "write");
    serve(script, world->log, listener);
  }
  char byte;
  must(read(listening[0], &byte, 1) == 1, "read");
  close(listening[0]);
  close(listening[1]);
  close(listener);
}

void agent_stop(struct world* world) {
  if (world->agent <= 0) return;
  kill(world->agent, SIGKILL);
  waitpid(world->agent, NULL, 0);
  world->agent = 0;
  char path[128];
  run_path(world, path, sizeof path, "check.sock");
  unlink(path);
}

int agent_heard(const struct world* world, const char* text) {
  int found = 0;
  const int count = __atomic_load_n(&world->log->count, __ATOMIC_SEQ_CST);
  for (int i = 0; i < count; ++i) found += strstr(world->log->message[i], text) != NULL;
  return found;
}

bool agent_hears(const struct world* world, const char* text) {
  const long long end = now_ms() + 1000;
  while (agent_heard(world, text) == 0 && now_ms() < end) usleep(1000);
  return agent_heard(world, text) > 0;
}
