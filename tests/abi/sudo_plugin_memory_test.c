// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudo_daypass.so when memory runs out: in each call, at each piece that it asks for.
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "sudo_host.h"
#include "world.h"

enum { kPieces = 500 };  // more than any call asks for; the controls prove it

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

static struct sudo_outcome play(const struct world* world, int call, int pieces) {
  struct sudo_case sudo = {.fails_malloc_after = pieces};
  sudo.fails_in = (unsigned)call;
  const struct sudo_outcome outcome = play_sudo(plugin, world, &sudo);
  assert_true(outcome.finished);
  world->log->count = 0;
  return outcome;
}

// PL-01, PL-14: nothing runs, and open never says 0.
static void survives_memory_that_runs_out_anywhere(void** state) {
  struct world* world = *state;
  agent_start(world, &kDenying);
  const int calls[] = {kFailAuditOpen, kFailApprovalOpen, kFailCheck};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    for (int pieces = 0; pieces < kPieces; ++pieces) {
      const struct sudo_outcome outcome = play(world, calls[i], pieces);
      assert_true(outcome.audit_open == 1 || outcome.audit_open == -1);
      assert_true(outcome.approval_open == 1 || outcome.approval_open == -1 ||
                  outcome.approval_open == kNotCalled);
      assert_false(outcome.would_run);
    }
  }
}

// PL-14: what starts has been allowed and told; the control is the last round, with memory enough.
static void survives_memory_that_runs_out_before_the_answer_or_the_start(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  const int calls[] = {kFailAuditOpen, kFailApprovalOpen, kFailCheck, kFailAccept};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    bool ran = false;
    bool refused = false;
    for (int pieces = 0; pieces < kPieces; ++pieces) {
      const struct sudo_outcome outcome = play(world, calls[i], pieces);
      assert_true(outcome.approval_open != 0);
      ran = outcome.would_run;
      refused = refused || !ran;
    }
    assert_true(refused);
    assert_true(ran);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (geteuid() != 0) {
    fprintf(stderr, "needs root: the plugin trusts nobody else's sockets\n");
    return kSkipped;
  }
  plugin = argv[1];
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(survives_memory_that_runs_out_anywhere, set_up, tear_down),
      cmocka_unit_test_setup_teardown(survives_memory_that_runs_out_before_the_answer_or_the_start,
                                      set_up, tear_down),
  };
  return cmocka_run_group_tests_name("sudo plugin without memory", tests, NULL, NULL);
}
