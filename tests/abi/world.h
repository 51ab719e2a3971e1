// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A world for one test of a built shim: a folder that stands for "/" (the shims' root=DIR), with a
// fake agent in it. The fake answers what the test scripted, and keeps every message that it got.
// Needs root: the shims trust nobody else's sockets.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { kMaxMessages = 32, kMaxMessage = 70000, kNobody = 65534, kSkipped = 77 };

/// How the fake agent behaves. An answer of NULL is silence.
struct agent_script {
  const char* watch;     ///< reply to Watch, without its NUL
  const char* verdict;   ///< reply to Command and Account
  bool no_nul;           ///< never ends a reply
  bool drips;            ///< sends a reply byte by byte, 100 ms apart
  bool hangs_up;         ///< closes instead of answering Command and Account
  int answers_after_ms;  ///< to Command and Account
  uid_t listens_as;      ///< uid of the listener
};

/// What came in, in memory that both processes see.
struct agent_log {
  int count;
  int fds;  ///< descriptors that came with all messages
  char message[kMaxMessages][kMaxMessage];
};

struct world {
  char root[64];
  char option[80];  ///< "root=..." for the shims
  pid_t agent;
  struct agent_log* log;
};

extern const char kWatching[], kAllow[], kDeny[];

/// A folder with run/daypass and etc/daypass, and no agent.
void world_make(struct world* world);
void world_remove(struct world* world);
/// Returns when the fake listens.
void agent_start(struct world* world, const struct agent_script* script);
void agent_stop(struct world* world);
/// How many messages hold this text.
int agent_heard(const struct world* world, const char* text);
/// Waits up to a second for one that does.
bool agent_hears(const struct world* world, const char* text);
/// Writes etc/daypass/gate.conf.
void gate_write(const struct world* world, const char* text, mode_t mode, uid_t owner);
/// The folder of the socket.
void run_path(const struct world* world, char* path, size_t size, const char* name);

long long now_ms(void);  ///< CLOCK_MONOTONIC
