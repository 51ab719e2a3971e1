// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudo_daypass.so when memory runs out or a system call fails: in each call of sudo's, at each
// place.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "sudo_host.h"
#include "world.h"

enum { kPieces = 500, kCalls = 60 };  // more than any call needs; the controls prove it

static const char* plugin;
static const struct agent_script kAllowing = {.watch = kWatching, .verdict = kAllow};
static const struct agent_script kDenying = {.watch = kWatching, .verdict = kDeny};

static int set_up(void** state) {
  static struct world world;
  world_make(&world);
  *state = &world;
  return 0;
}

static int tear_down(void** state) {
  world_remove(*state);
  return 0;
}

static struct sudo_outcome play(const struct world* world, int call, int after, int error) {
  struct sudo_case sudo = {.fails_after = after, .error = error};
  sudo.fails_in = (unsigned)call;
  const struct sudo_outcome outcome = play_sudo(plugin, world, &sudo);
  assert_true(outcome.finished);
  assert_int_equal(outcome.left_open, 0);
  world->log->count = 0;
  return outcome;
}

static const int kCallsOfSudo[] = {kFailAuditOpen, kFailApprovalOpen, kFailCheck, kFailAccept};

/// Whatever fails, open says 1 or -1, and what the agent denies does not run.
static void deny_through(const struct world* world, int rounds, int error) {
  for (size_t i = 0; i < sizeof kCallsOfSudo / sizeof *kCallsOfSudo; ++i) {
    for (int after = 0; after < rounds; ++after) {
      const struct sudo_outcome outcome = play(world, kCallsOfSudo[i], after, error);
      assert_true(outcome.audit_open == 1 || outcome.audit_open == -1);
      assert_true(outcome.approval_open == 1 || outcome.approval_open == -1 ||
                  outcome.approval_open == kNotCalled);
      assert_false(outcome.would_run);
    }
  }
}

/// The control: where the agent allows, it runs once nothing fails any more. `hurts`: whether a
/// fault in this call of sudo is one that must refuse.
static void allow_at_last(const struct world* world, int call, int rounds, int error, bool hurts) {
  bool ran = false;
  bool refused = false;
  for (int after = 0; after < rounds; ++after) {
    const struct sudo_outcome outcome = play(world, call, after, error);
    assert_true(outcome.approval_open != 0);
    ran = outcome.would_run;
    refused = refused || !ran;
  }
  assert_true(ran);
  assert_int_equal(refused, hurts);
}

// PL-01, PL-14
static void denies_through_memory_that_runs_out_anywhere(void** state) {
  agent_start(*state, &kDenying);
  deny_through(*state, kPieces, 0);
}

// PL-14
static void allows_only_with_memory_enough(void** state) {
  agent_start(*state, &kAllowing);
  for (size_t i = 0; i < sizeof kCallsOfSudo / sizeof *kCallsOfSudo; ++i) {
    allow_at_last(*state, kCallsOfSudo[i], kPieces, 0, true);
  }
}

// PL-14
static void denies_through_system_calls_that_fail_in_turn(void** state) {
  agent_start(*state, &kDenying);
  const int errors[] = {EINTR, EMFILE, ENOMEM, EIO, ENOSYS, EACCES};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    deny_through(*state, kCalls, errors[i]);
  }
}

// PL-14: opening the approval plugin calls nothing; everything else is needed.
static void allows_only_where_no_system_call_fails(void** state) {
  agent_start(*state, &kAllowing);
  const int errors[] = {EMFILE, EIO};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    allow_at_last(*state, kFailAuditOpen, kCalls, errors[i], true);
    allow_at_last(*state, kFailApprovalOpen, kCalls, errors[i], false);
    allow_at_last(*state, kFailCheck, kCalls, errors[i], true);
    allow_at_last(*state, kFailAccept, kCalls, errors[i], true);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (geteuid() != 0) {
    fprintf(stderr, "needs root: the plugin trusts nobody else's sockets\n");
    return kSkipped;
  }
  plugin = argv[1];
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE(denies_through_memory_that_runs_out_anywhere),
      CASE(allows_only_with_memory_enough),
      CASE(denies_through_system_calls_that_fail_in_turn),
      CASE(allows_only_where_no_system_call_fails),
  };
  return cmocka_run_group_tests_name("sudo plugin under faults", tests, NULL, NULL);
}
