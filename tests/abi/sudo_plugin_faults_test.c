// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// PL-14: sudo_daypass.so where something that it asks for is not served: each piece of memory and
// each call that can fail, one at a time, in each of the calls that sudo makes. How many there are
// is counted in a clean run, which is the control.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sudo_host.h"
#include "world.h"

static const char* plugin;
static const struct agent_script kAllowing = {.watch = kWatching, .verdict = kAllow};
static const struct agent_script kDenying = {.watch = kWatching, .verdict = kDeny};

#ifdef __SANITIZE_ADDRESS__  // slow, and looks at what is done after a fault, whichever it was
static const int kErrors[] = {EINTR, EIO};
#else
static const int kErrors[] = {EINTR, EMFILE, ENOMEM, EIO, ENOSYS, EACCES};
#endif
static const enum sudo_call kCallsOfSudo[] = {kAuditOpen, kApprovalOpen, kCheck, kAccept,
                                              kAuditClose};
#define COUNT(array) (sizeof(array) / sizeof *(array))

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

/// One sudo. Whatever happens to it, it lives, opens with 1 or -1, and leaves nothing behind.
static struct sudo_outcome play(const struct world* world, const struct sudo_case* sudo) {
  const struct sudo_outcome outcome = play_sudo(plugin, world, sudo);
  world->log->count = 0;
  const bool opens_well = (outcome.audit_open == 1 || outcome.audit_open == -1) &&
                          (outcome.approval_open == 1 || outcome.approval_open == -1 ||
                           outcome.approval_open == kNotCalled);
  if (!outcome.finished || !opens_well || outcome.changed || outcome.held != 0 ||
      outcome.leaks != 0) {
    fail_msg(
        "in call %d %s fails (%s), number %d: finished %d, opened %d and %d, changed %d, "
        "held %d, leaks %d",
        (int)sudo->counted_in, outcome.report.failed, strerror(sudo->fault.error),
        sudo->fault.number, outcome.finished, outcome.audit_open, outcome.approval_open,
        outcome.changed, outcome.held, outcome.leaks);
  }
  return outcome;
}

/// Plays with every request of one of sudo's calls failing in turn. A start is only wanted of the
/// clean run, and suffered where the plugin can do without what failed.
static void sweep_one(const struct world* world, struct sudo_case sudo, struct fault fault,
                      bool runs) {
  sudo.fault = (struct fault){kFaultNothing, 0, false, 0};
  const struct sudo_outcome clean = play(world, &sudo);
  assert_int_equal(clean.would_run, runs);
  const int count = fault.kind == kFaultMemory ? clean.report.pieces : clean.report.calls;
  for (fault.number = 0; fault.number < count; ++fault.number) {
    sudo.fault = fault;
    const struct sudo_outcome outcome = play(world, &sudo);
    const bool may_run = runs && (sudo.counted_in == kAuditClose ||
                                  faults_are_needless(&outcome.report, fault.error));
    if (outcome.would_run && !may_run) {
      fail_msg("runs though %s %s fails (%s) in call %d", outcome.report.failed,
               outcome.report.path, strerror(fault.error), (int)sudo.counted_in);
    }
  }
}

static void sweep_calls(const struct world* world, struct sudo_case sudo, bool runs) {
  for (size_t i = 0; i < COUNT(kCallsOfSudo); ++i) {
    sudo.counted_in = kCallsOfSudo[i];
    for (size_t e = 0; e < COUNT(kErrors); ++e) {
      sweep_one(world, sudo, (struct fault){kFaultCall, 0, false, kErrors[e]}, runs);
    }
  }
}

static void sweep_memory(const struct world* world, struct sudo_case sudo, bool runs) {
  for (size_t i = 0; i < COUNT(kCallsOfSudo); ++i) {
    sudo.counted_in = kCallsOfSudo[i];
    sweep_one(world, sudo, (struct fault){kFaultMemory, 0, false, 0}, runs);
    sweep_one(world, sudo, (struct fault){kFaultMemory, 0, true, 0}, runs);
  }
}

// A sweep that counts nothing would pass. Opening the approval plugin asks the system for nothing.
static void counts_what_the_plugin_asks_for(void** state) {
  agent_start(*state, &kAllowing);
  const struct {
    enum sudo_call call;
    int pieces, calls;
  } least[] = {{kAuditOpen, 40, 8}, {kApprovalOpen, 5, 0}, {kCheck, 100, 15}, {kAccept, 10, 2}};
  for (size_t i = 0; i < COUNT(least); ++i) {
    const struct sudo_case sudo = {.counted_in = least[i].call};
    const struct fault_report seen = play(*state, &sudo).report;
    print_message("call %d: %d pieces of memory, %d calls\n", (int)least[i].call, seen.pieces,
                  seen.calls);
    assert_in_range(seen.pieces, least[i].pieces, 5000);
    assert_in_range(seen.calls, least[i].calls, 500);
  }
}

// PL-14: where the agent allows, it runs only if nothing fails that was needed.
static void allows_only_where_nothing_needed_fails(void** state) {
  agent_start(*state, &kAllowing);
  sweep_calls(*state, (struct sudo_case){0}, true);
}

// PL-14
static void allows_only_with_memory_enough(void** state) {
  agent_start(*state, &kAllowing);
  sweep_memory(*state, (struct sudo_case){0}, true);
}

// PL-14, PL-01
static void denies_through_every_fault_what_the_agent_denies(void** state) {
  agent_start(*state, &kDenying);
  sweep_calls(*state, (struct sudo_case){0}, false);
  sweep_memory(*state, (struct sudo_case){0}, false);
}

// PL-14: arguments that travel as a memory file.
static void allows_a_long_command_only_where_nothing_fails(void** state) {
  static char argument[1001];
  static char* argv[42];
  memset(argument, 'x', sizeof argument - 1);
  for (size_t i = 0; i + 1 < COUNT(argv); ++i) argv[i] = argument;
  agent_start(*state, &kAllowing);
  const struct sudo_case sudo = {.argv = argv};
  sweep_calls(*state, sudo, true);
  sweep_memory(*state, sudo, true);
}

// PL-14, LO-14: no agent. gate.conf lets alice pass, or not; a fault never makes it looser.
static void asks_gate_conf_through_every_fault(void** state) {
  gate_write(*state, "mode enforce\nexempt bob sudo\n", 0644, 0);
  sweep_calls(*state, (struct sudo_case){0}, false);
  sweep_memory(*state, (struct sudo_case){0}, false);
  gate_write(*state, "exempt alice sudo\n", 0644, 0);
  for (size_t e = 0; e < COUNT(kErrors); ++e) {
    const struct fault fault = {kFaultCall, 0, false, kErrors[e]};
    struct sudo_case sudo = {.counted_in = kCheck, .fault = fault};
    struct sudo_outcome outcome;
    do {  // in Check nothing is asked for but gate.conf, and the time of a window that is not there
      outcome = play(*state, &sudo);
      const char* failed = outcome.report.failed;
      const bool is_needless =
          faults_are_needless(&outcome.report, kErrors[e]) || strcmp(failed, "clock_gettime") == 0;
      assert_true(is_needless || !outcome.would_run);
      ++sudo.fault.number;
    } while (outcome.report.failed != NULL);
    assert_true(outcome.would_run);
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
      CASE(counts_what_the_plugin_asks_for),
      CASE(allows_only_where_nothing_needed_fails),
      CASE(allows_only_with_memory_enough),
      CASE(denies_through_every_fault_what_the_agent_denies),
      CASE(allows_a_long_command_only_where_nothing_fails),
      CASE(asks_gate_conf_through_every_fault),
  };
  return cmocka_run_group_tests_name("sudo plugin under faults", tests, NULL, NULL);
}
