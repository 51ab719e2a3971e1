// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Times one command in several mount namespaces, turn about: pairs UID ROUNDS NS... -- COMMAND...
// NS is a file such as /proc/PID/ns/mnt, or "-" for this one. Prints a line for each round: one
// figure for each NS, in microseconds, from fork to the end. The order within a round is drawn anew
// each time, so that what the machine does meanwhile falls on all alike.
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMaxSides = 8, kWarmUp = 10 };

struct side {
  int ask, answer;  ///< pipes of the worker that lives in its namespace
};

static double Micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/// Runs the command once. The time, or -1 if it did not succeed.
static double Run(char** command) {
  const double start = Micros();
  const pid_t pid = fork();
  if (pid == 0) {
    execv(command[0], command);
    _exit(127);
  }
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) return -1;
  return Micros() - start;
}

static _Noreturn void Work(int ns, uid_t uid, int ask, int answer, char** command) {
  if (ns >= 0 && setns(ns, CLONE_NEWNS) != 0) _exit(1);
  if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0)
    _exit(1);
  if (chdir("/") != 0) _exit(1);
  char go;
  while (read(ask, &go, 1) == 1) {
    const double time = Run(command);
    if (write(answer, &time, sizeof time) != sizeof time) _exit(1);
  }
  _exit(0);
}

static struct side Start(const char* ns, uid_t uid, char** command) {
  int ask[2], answer[2];
  const int fd = strcmp(ns, "-") == 0 ? -1 : open(ns, O_RDONLY | O_CLOEXEC);
  if (pipe2(ask, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0) exit(1);
  if (fork() == 0) {
    close(ask[1]);
    Work(fd, uid, ask[0], answer[1], command);
  }
  return (struct side){ask[1], answer[0]};
}

static double Time(const struct side* side) {
  double time = -1;
  if (write(side->ask, "g", 1) != 1 || read(side->answer, &time, sizeof time) != sizeof time)
    return -1;
  return time;
}

static void Shuffle(int* order, int count) {
  for (int i = count - 1; i > 0; --i) {
    const int j = (int)(random() % (i + 1));
    const int kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

int main(int argc, char** argv) {
  struct side sides[kMaxSides];
  int order[kMaxSides], count = 0, at = 3;
  int split = 3;
  while (split < argc && strcmp(argv[split], "--") != 0) ++split;
  if (split + 1 >= argc || split - 3 > kMaxSides)
    return fputs("pairs UID ROUNDS NS... -- COMMAND...\n", stderr), 2;
  for (; at < split; ++at) {
    sides[count] = Start(argv[at], (uid_t)atoi(argv[1]), argv + split + 1);
    order[count] = count;
    ++count;
  }
  const int rounds = atoi(argv[2]);
  for (int round = -kWarmUp; round < rounds; ++round) {
    double times[kMaxSides];
    Shuffle(order, count);
    for (int i = 0; i < count; ++i) {
      times[order[i]] = Time(&sides[order[i]]);
      if (times[order[i]] < 0) return fprintf(stderr, "pairs: side %d failed\n", order[i]), 1;
    }
    if (round < 0) continue;
    for (int i = 0; i < count; ++i) printf("%.1f%c", times[i], i + 1 < count ? ' ' : '\n');
  }
  return 0;
}
