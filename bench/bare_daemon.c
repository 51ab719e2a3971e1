// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What daypassd is compared with: the least that a local service can do. An epoll loop on a unix
// socket; each connection asks once and is answered 'y'.
//
//   bare_daemon SOCKET              answers at once
//   bare_daemon SOCKET each FILE    appends 512 bytes and syncs before each answer
//   bare_daemon SOCKET group FILE   the same, one sync for all that ask meanwhile
//   bare_daemon SOCKET contain FILE as each, and moves the asker into a cgroup of its own
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { kEvents = 64, kRecord = 512 };

static int Listen(const char* path) {
  struct sockaddr_un place = {.sun_family = AF_UNIX};
  strncpy(place.sun_path, path, sizeof place.sun_path - 1);
  unlink(path);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr*)&place, sizeof place) != 0 || listen(fd, 1024) != 0)
    return -1;
  return chmod(path, 0666) == 0 ? fd : -1;
}

static void Accept(int listener, int loop) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
  }
}

static int Append(int log) {
  char record[kRecord];
  memset(record, 'r', sizeof record);
  return write(log, record, sizeof record) == sizeof record;
}

/// Takes the question; answers at once unless a sync has to come first. True: an answer is owed.
static int Hear(int fd) {
  char question[8192];
  if (recv(fd, question, sizeof question, 0) > 0) return 1;
  close(fd);
  return 0;
}

/// What a daemon that contains whom it lets through cannot do without.
static int Contain(int fd) {
  static unsigned number = 0;
  struct ucred peer;
  socklen_t size = sizeof peer;
  char path[128], pid[16];
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
  mkdir("/sys/fs/cgroup/bare", 0755);
  snprintf(path, sizeof path, "/sys/fs/cgroup/bare/%u", ++number);
  if (mkdir(path, 0755) != 0) return 0;
  strcat(path, "/cgroup.procs");
  const int procs = open(path, O_WRONLY | O_CLOEXEC);
  const int length = snprintf(pid, sizeof pid, "%d", peer.pid);
  const int moved = procs >= 0 && write(procs, pid, (size_t)length) == length;
  close(procs);
  return moved;
}

static void Answer(int fd) {
  send(fd, "y", 1, MSG_NOSIGNAL);
  close(fd);
}

int main(int argc, char** argv) {
  const int contain = argc == 4 && strcmp(argv[2], "contain") == 0;
  const int each = contain || (argc == 4 && strcmp(argv[2], "each") == 0);
  const int group = argc == 4 && strcmp(argv[2], "group") == 0;
  if (argc != 2 && !each && !group)
    return fputs("bare_daemon SOCKET [each|group|contain FILE]\n", stderr), 1;
  const int log = argc == 4 ? open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  const int listener = Listen(argv[1]);
  const int loop = epoll_create1(EPOLL_CLOEXEC);
  if (listener < 0 || loop < 0 || (argc == 4 && log < 0)) return perror("bare_daemon"), 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
  while (1) {
    struct epoll_event events[kEvents];
    int owed[kEvents], count = 0;
    const int ready = epoll_wait(loop, events, kEvents, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        Accept(listener, loop);
      } else if (Hear(fd)) {
        if (log >= 0 && !Append(log)) return perror("append"), 1;
        if (each && fdatasync(log) != 0) return perror("sync"), 1;
        if (contain && !Contain(fd)) return perror("contain"), 1;
        if (group) {
          owed[count++] = fd;
        } else {
          Answer(fd);
        }
      }
    }
    if (count > 0 && fdatasync(log) != 0) return perror("sync"), 1;
    while (count > 0) Answer(owed[--count]);
  }
}
