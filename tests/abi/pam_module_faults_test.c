// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// pam_daypass.so when memory runs out or a system call fails: at each place of its account hook.
#include <errno.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults.h"
#include "pam_services.h"
#include "world.h"

enum { kPieces = 400, kCalls = 60 };  // more than the hook needs; the controls prove it

static struct world world;  // one for all tests: pam_wrapper reads its folder once
static const struct agent_script kAllowing = {.verdict = kAllow};
static const struct agent_script kDenying = {.verdict = kDeny};

static int clean_up(void** state) {
  (void)state;
  agent_stop(&world);
  return 0;
}

static int converse(int count, const struct pam_message** messages, struct pam_response** responses,
                    void* data) {
  (void)messages, (void)data;
  *responses = calloc((size_t)count, sizeof **responses);
  return *responses == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

/// The hook's answer when one thing fails. `error`: a system call's; 0: memory runs out.
static int ask(int after, int error) {
  const struct pam_conv conv = {converse, NULL};
  pam_handle_t* pamh = NULL;
  world.log->count = 0;
  assert_int_equal(pam_start("sshd", "nobody", &conv, &pamh), PAM_SUCCESS);
  if (error != 0) {
    fail_call_after(after, error);
  } else {
    fail_malloc_after(after);
  }
  const int result = pam_acct_mgmt(pamh, 0);
  fail_call_after(-1, 0);
  fail_malloc_after(-1);
  pam_end(pamh, result);
  return result;
}

/// The control is the last round: by then nothing fails.
static void assert_answers(int rounds, int error, int at_last) {
  int result = -1;
  bool refused = false;
  for (int after = 0; after < rounds; ++after) {
    result = ask(after, error);
    refused = refused || result != PAM_SUCCESS;
    if (at_last != PAM_SUCCESS) assert_int_not_equal(result, PAM_SUCCESS);
  }
  assert_int_equal(result, at_last);
  assert_true(refused);
}

// PL-14
static void account_denies_through_every_fault(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  assert_answers(kPieces, 0, PAM_PERM_DENIED);
  assert_answers(kCalls, EINTR, PAM_PERM_DENIED);
  assert_answers(kCalls, EMFILE, PAM_PERM_DENIED);
  assert_answers(kCalls, EIO, PAM_PERM_DENIED);
}

// PL-14
static void account_allows_only_where_nothing_fails(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_answers(kPieces, 0, PAM_SUCCESS);
  assert_answers(kCalls, EMFILE, PAM_SUCCESS);
  assert_answers(kCalls, EIO, PAM_SUCCESS);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (geteuid() != 0) {
    fprintf(stderr, "needs root: the module trusts nobody else's sockets\n");
    return kSkipped;
  }
  world_make(&world);
  services_make(&world, argv[1]);
#define CASE(name) cmocka_unit_test_teardown(name, clean_up)
  const struct CMUnitTest tests[] = {
      CASE(account_denies_through_every_fault),
      CASE(account_allows_only_where_nothing_fails),
  };
  const int failed = cmocka_run_group_tests_name("pam module under faults", tests, NULL, NULL);
  world_remove(&world);
  return failed;
}
