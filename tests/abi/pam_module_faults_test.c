// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// PL-14: pam_daypass.so where something that it asks for is not served: each piece of memory and
// each call that can fail, libpam's too, one at a time, at every door and in every phase. How many
// there are is counted in a clean conversation, which is the control; one after each fault shows
// that nothing of it stayed.
#include <dlfcn.h>
#include <errno.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults.h"
#include "pam_services.h"
#include "process.h"
#include "world.h"

static struct world world;  // one for all tests: pam_wrapper reads its folder once
static const struct agent_script kAllowing = {.verdict = kAllow};
static const struct agent_script kDenying = {.verdict = kDeny};
#ifdef __SANITIZE_ADDRESS__  // slow, and looks at what is done after a fault, whichever it was
static const int kErrors[] = {EINTR, EIO};
#else
static const int kErrors[] = {EINTR, EMFILE, ENOMEM, EIO, ENOSYS, EACCES};
#endif
#define COUNT(array) (sizeof(array) / sizeof *(array))

/// A service at each door, with PAM's items as its programs set them.
static const struct door {
  const char *service, *user, *ruser;
  bool has_sessions;  ///< that are judged
} kDoors[] = {
    {"sudo", "nobody", "nobody", false},      {"sshd", "nobody", NULL, true},
    {"su", "root", "nobody", true},           {"remote", "nobody", NULL, true},
    {"cron", "nobody", NULL, true},           {"doas", "nobody", "nobody", true},
    {"systemd-run0", "root", "nobody", true},
};

typedef int (*pam_phase)(pam_handle_t*, int);

static int clean_up(void** state) {
  (void)state;
  agent_stop(&world);
  gate_write(&world, "mode enforce\n", 0644, 0);
  return 0;
}

static int converse(int count, const struct pam_message** messages, struct pam_response** responses,
                    void* data) {
  (void)messages, (void)data;
  *responses = calloc((size_t)count, sizeof **responses);
  return *responses == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static struct fault_report report;    // of the last conversation
static char before[kMaxDescription];  // the process, before the first of ours

/// One phase of one door, while something fails. Whatever that is, nothing is left behind.
static int ask(const struct door* door, pam_phase phase, const struct fault* fault) {
  static char after[kMaxDescription];
  const struct pam_conv conv = {converse, NULL};
  pam_handle_t* pamh = NULL;
  world.log->count = 0;
  assert_int_equal(pam_start(door->service, door->user, &conv, &pamh), PAM_SUCCESS);
  assert_int_equal(pam_set_item(pamh, PAM_RUSER, door->ruser), PAM_SUCCESS);
  faults_begin(fault);
  const int result = phase(pamh, 0);
  report = faults_end();
  const void *user = NULL, *ruser = NULL;
  pam_get_item(pamh, PAM_USER, &user);
  pam_get_item(pamh, PAM_RUSER, &ruser);
  assert_string_equal(user, door->user);
  if (door->ruser != NULL) assert_string_equal(ruser, door->ruser);
  pam_end(pamh, result);
  process_describe(after);
  const bool changed = strcmp(before, after) != 0;
  if (changed) print_error("before:\n%s\nafter:\n%s\n", before, after);
  if (changed || faults_held() != 0) {
    fail_msg("%s: %s fails (%s), number %d: changed %d, %d pieces left", door->service,
             report.failed, strerror(fault->error), fault->number, changed, faults_held());
  }
  return result;
}

/// pam_wrapper makes itself at home in the first conversation; that is not ours.
static int set_up(void** state) {
  (void)state;
  const struct pam_conv conv = {converse, NULL};
  pam_handle_t* pamh = NULL;
  if (pam_start("bare", "nobody", &conv, &pamh) != PAM_SUCCESS) abort();
  if (pam_acct_mgmt(pamh, 0) != PAM_SUCCESS) abort();
  pam_end(pamh, PAM_SUCCESS);
  process_describe(before);
  return 0;
}

static int ask_clean(const struct door* door, pam_phase phase) {
  return ask(door, phase, &(struct fault){kFaultNothing, 0, false, 0});
}

/// Lets every request of a conversation fail in turn.
static void sweep(const struct door* door, pam_phase phase, struct fault fault, int expected) {
  assert_int_equal(ask_clean(door, phase), expected);
  const int count = fault.kind == kFaultMemory ? report.pieces : report.calls;
  for (fault.number = 0; fault.number < count; ++fault.number) {
    const int result = ask(door, phase, &fault);
    const bool may_pass = expected == PAM_SUCCESS && faults_are_needless(&report, fault.error);
    if (result == PAM_SUCCESS && !may_pass) {
      fail_msg("%s: passes though %s %s fails (%s)", door->service, report.failed, report.path,
               strerror(fault.error));
    }
    assert_int_equal(ask_clean(door, phase), expected);
  }
}

static void sweep_all(const struct door* door, pam_phase phase, int expected) {
  sweep(door, phase, (struct fault){kFaultMemory, 0, false, 0}, expected);
  sweep(door, phase, (struct fault){kFaultMemory, 0, true, 0}, expected);
  for (size_t e = 0; e < COUNT(kErrors); ++e) {
    sweep(door, phase, (struct fault){kFaultCall, 0, false, kErrors[e]}, expected);
  }
}

// A sweep that counts nothing would pass.
static void counts_what_the_module_asks_for(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  for (size_t i = 0; i < COUNT(kDoors); ++i) {
    assert_int_equal(ask_clean(&kDoors[i], pam_acct_mgmt), PAM_SUCCESS);
    print_message("%s: %d pieces of memory, %d calls\n", kDoors[i].service, report.pieces,
                  report.calls);
    assert_in_range(report.pieces, 50, 2000);
    assert_in_range(report.calls, 12, 200);
  }
}

// PL-14
static void account_allows_only_where_nothing_needed_fails(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  for (size_t i = 0; i < COUNT(kDoors); ++i) sweep_all(&kDoors[i], pam_acct_mgmt, PAM_SUCCESS);
}

// PL-14
static void account_denies_through_every_fault(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  for (size_t i = 0; i < COUNT(kDoors); ++i) sweep_all(&kDoors[i], pam_acct_mgmt, PAM_PERM_DENIED);
}

// PL-14: a session that the agent does not know of is not opened.
static void sessions_open_only_where_nothing_needed_fails(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  for (size_t i = 0; i < COUNT(kDoors); ++i) {
    if (kDoors[i].has_sessions) sweep_all(&kDoors[i], pam_open_session, PAM_SUCCESS);
  }
  agent_stop(&world);
  agent_start(&world, &kDenying);
  for (size_t i = 0; i < COUNT(kDoors); ++i) {
    if (kDoors[i].has_sessions) sweep_all(&kDoors[i], pam_open_session, PAM_SESSION_ERR);
  }
}

// PL-14: closing has nothing to refuse; it must only survive, which ask() looks at.
static void sessions_close_through_every_fault(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  const struct door* ssh = &kDoors[1];
  assert_int_equal(ask_clean(ssh, pam_close_session), PAM_SUCCESS);
  const int pieces = report.pieces, calls = report.calls;
  for (int i = 0; i < pieces; ++i) {
    ask(ssh, pam_close_session, &(struct fault){kFaultMemory, i, false, 0});
  }
  for (int i = 0; i < calls; ++i) {
    ask(ssh, pam_close_session, &(struct fault){kFaultCall, i, false, EIO});
  }
}

// PL-14, LO-14: no agent, and gate.conf does not let nobody pass here.
static void account_denies_without_an_agent_through_every_fault(void** state) {
  (void)state;
  gate_write(&world, "mode enforce\nexempt bob ssh\n", 0644, 0);
  for (size_t i = 0; i < COUNT(kDoors); ++i) {
    sweep_all(&kDoors[i], pam_acct_mgmt, PAM_AUTHINFO_UNAVAIL);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (geteuid() != 0) {
    fprintf(stderr, "needs root: the module trusts nobody else's sockets\n");
    return kSkipped;
  }
  world_make(&world);
  services_make(&world, argv[1]);
  // Kept loaded: what loading it costs is not a conversation's.
  if (dlopen(argv[1], RTLD_NOW) == NULL) return 2;
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, clean_up)
  const struct CMUnitTest tests[] = {
      CASE(counts_what_the_module_asks_for),
      CASE(account_allows_only_where_nothing_needed_fails),
      CASE(account_denies_through_every_fault),
      CASE(sessions_open_only_where_nothing_needed_fails),
      CASE(sessions_close_through_every_fault),
      CASE(account_denies_without_an_agent_through_every_fault),
  };
  int failed = cmocka_run_group_tests_name("pam module under faults", tests, NULL, NULL);
  if (process_leaks() != 0) failed = 1;
  world_remove(&world);
  return failed;
}
