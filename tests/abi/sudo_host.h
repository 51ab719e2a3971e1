// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Plays sudo: a process of its own loads sudo_daypass.so and calls its two plugins in sudo's order,
// with sudo's vectors. (The plugins keep what they learnt for the life of one sudo.)
#pragma once

#include <stdbool.h>

#include "faults.h"
#include "world.h"

/// The calls that sudo makes of the two plugins.
enum sudo_call { kNoCall, kAuditOpen, kApprovalOpen, kCheck, kAccept, kAuditClose };

/// What differs from "sudo systemctl restart nginx" by alice on a terminal. NULL: as there.
struct sudo_case {
  char* const* settings;
  char* const* user_info;
  char* const* info;
  char* const* argv;
  char* const* envp;
  // What sudo shows the audit plugin just before it runs the command, if not the same.
  char* const* accept_info;
  char* const* accept_argv;
  char* const* accept_envp;
  const char *audit_option, *approval_option;  ///< instead of root=...
  unsigned version;                            ///< of sudo's plugin API
  bool no_audit_line, no_approval_line;        ///< in sudo.conf
  bool only_open_and_close;                    ///< as -l, -v and -k do
  bool accepts_twice;                          ///< intercept or log_subcmds: a second start
  long long answer_delay_ms;  ///< boot time that passes between the question and the answer
  long long accept_delay_ms;  ///< boot time that passes between the answer and the start
  int status_type, status;    ///< for close; 1, 0 if nothing else is said
  bool hears_signals;         ///< every 20 ms during check, with a handler that returns
  int more_commands;          ///< checked and started before the end, as under intercept
  char* const* more_info;     ///< of these, if not the same
  enum sudo_call counted_in;  ///< where requests are counted, and `fault` strikes
  struct fault fault;
};

enum { kNotCalled = -99 };

struct sudo_outcome {
  int audit_open, approval_open, check, accept, second_accept;
  bool finished;      ///< false: the process died on the way
  bool would_run;     ///< what sudo 1.9 would do after all this
  bool changed;       ///< the process was left otherwise than it was found
  int held;           ///< pieces of counted memory that were not given back, even by unloading
  int leaks;          ///< that LeakSanitizer saw, if it is there
  int files_grown;    ///< over all but the first hundred of `more_commands`
  long memory_grown;  ///< bytes
  struct fault_report report;
  char said[8192];
  char errstr[1024];
  int said_to;  ///< or-ed message types
};

/// `plugin`: path of sudo_daypass.so.
struct sudo_outcome play_sudo(const char* plugin, const struct world* world,
                              const struct sudo_case* sudo);
