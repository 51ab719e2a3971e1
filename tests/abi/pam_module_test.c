// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// pam_daypass.so in a real libpam (pam_wrapper moves /etc/pam.d), against an agent that answers
// well, badly or not at all. Each hook has its return codes, and those not offered too.
#define _GNU_SOURCE
#include <libpamtest.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_services.h"
#include "process.h"
#include "world.h"

static struct world world;  // one for all tests: pam_wrapper reads its folder once

static const char kDenySilently[] =
    "{\"parameters\":{\"verdict\":\"deny\",\"effect\":\"deny\",\"reason\":\"no_grant\",\"query\":3}"
    "}";
static const struct agent_script kAllowing = {.verdict = kAllow};
static const struct agent_script kDenying = {.verdict = kDeny};

static int clean_up(void** state) {
  (void)state;
  agent_stop(&world);
  world.log->count = 0;
  char path[128];
  snprintf(path, sizeof path, "%s/etc/daypass/gate.conf", world.root);
  unlink(path);
  return 0;
}

/// What the module said in the last conversation.
static char said[4096];

static int converse(int count, const struct pam_message** messages, struct pam_response** responses,
                    void* data) {
  (void)data;
  for (int i = 0; i < count; ++i) {
    if (messages[i]->msg_style != PAM_ERROR_MSG) return PAM_CONV_ERR;
    const size_t used = strlen(said);
    snprintf(said + used, sizeof said - used, "%s\n", messages[i]->msg);
  }
  *responses = calloc((size_t)count, sizeof **responses);
  return PAM_SUCCESS;
}

/// One phase of one service, with PAM's items as its programs set them.
static int ask(const char* service, const char* user, const char* ruser, int flags,
               int (*phase)(pam_handle_t*, int)) {
  const struct pam_conv conv = {converse, NULL};
  pam_handle_t* pamh = NULL;
  said[0] = '\0';
  assert_int_equal(pam_start(service, user, &conv, &pamh), PAM_SUCCESS);
  if (ruser != NULL) assert_int_equal(pam_set_item(pamh, PAM_RUSER, ruser), PAM_SUCCESS);
  assert_int_equal(pam_set_item(pamh, PAM_RHOST, "192.0.2.7"), PAM_SUCCESS);
  assert_int_equal(pam_set_item(pamh, PAM_TTY, "ssh"), PAM_SUCCESS);
  const int result = phase(pamh, flags);
  pam_end(pamh, result);
  return result;
}

static int account(const char* service, const char* user, const char* ruser) {
  return ask(service, user, ruser, 0, pam_acct_mgmt);
}

static void assert_said(const char* text) {
  if (strstr(said, text) == NULL) fail_msg("said: %s", said);
}

/// Runs one hook of sshd for nobody and wants this return code.
static void assert_hook(enum pamtest_ops hook, int expected) {
  char line[PAM_MAX_MSG_SIZE], second[PAM_MAX_MSG_SIZE], third[PAM_MAX_MSG_SIZE];
  char* errors[] = {line, second, third, NULL};
  struct pamtest_conv_data conv = {.out_err = errors};
  struct pam_testcase tests[] = {pam_test(hook, expected)};
  const enum pamtest_err result = run_pamtest("sshd", "nobody", &conv, tests, NULL);
  if (result != PAMTEST_ERR_OK) fail_msg("hook %d returned %d", (int)hook, tests[0].op_rv);
}

static void each_hook_has_its_return_codes(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_hook(PAMTEST_ACCOUNT, PAM_SUCCESS);
  assert_hook(PAMTEST_OPEN_SESSION, PAM_SUCCESS);
  assert_hook(PAMTEST_CLOSE_SESSION, PAM_SUCCESS);
  agent_stop(&world);
  agent_start(&world, &kDenying);
  assert_hook(PAMTEST_ACCOUNT, PAM_PERM_DENIED);
  assert_hook(PAMTEST_OPEN_SESSION, PAM_SESSION_ERR);
  assert_hook(PAMTEST_CLOSE_SESSION, PAM_SUCCESS);
  agent_stop(&world);  // nobody there
  assert_hook(PAMTEST_ACCOUNT, PAM_AUTHINFO_UNAVAIL);
  assert_hook(PAMTEST_OPEN_SESSION, PAM_SESSION_ERR);
  assert_hook(PAMTEST_CLOSE_SESSION, PAM_SUCCESS);
}

static void the_other_hooks_are_not_offered(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_hook(PAMTEST_AUTHENTICATE, PAM_MODULE_UNKNOWN);
  assert_hook(PAMTEST_SETCRED, PAM_MODULE_UNKNOWN);
  assert_hook(PAMTEST_CHAUTHTOK, PAM_MODULE_UNKNOWN);
  assert_int_equal(world.log->count, 0);
}

static void account_sends_what_pam_knows(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
  assert_string_equal(said, "");
  assert_int_equal(agent_heard(&world, "\"door\":\"ssh\",\"phase\":\"account\""), 1);
  assert_int_equal(
      agent_heard(&world,
                  "\"rhost\":\"192.0.2.7\",\"service\":\"sshd\",\"tty\":\"ssh\",\"uid\":65534,"
                  "\"user\":\"nobody\""),
      1);
  assert_int_equal(ask("sshd", "nobody", NULL, 0, pam_open_session), PAM_SUCCESS);
  assert_int_equal(agent_heard(&world, "\"phase\":\"open_session\""), 1);
  assert_int_equal(ask("sshd", "nobody", NULL, 0, pam_close_session), PAM_SUCCESS);
  assert_int_equal(agent_heard(&world, "\"phase\":\"close_session\""), 1);
}

static void account_denies_and_says_why(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_PERM_DENIED);
  assert_string_equal(said,
                      "daypass: not allowed: systemctl %s %n as root\n"
                      "daypass: why: you hold no grant on this host\n"
                      "daypass: try: daypass request --role web-operator\n");
}

static void account_is_silent_where_pam_wants_it_except_at_sudo(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  assert_int_equal(ask("cron", "nobody", NULL, PAM_SILENT, pam_acct_mgmt), PAM_PERM_DENIED);
  assert_string_equal(said, "");
  assert_int_equal(ask("sudo", "nobody", "nobody", PAM_SILENT, pam_acct_mgmt), PAM_PERM_DENIED);
  assert_said("daypass: not allowed:");
}

// PL-26: sudo holds a Watch, so the plugin will say it; the agent leaves the text to it.
static void account_at_sudo_says_nothing_that_the_agent_did_not(void** state) {
  (void)state;
  const struct agent_script quiet = {.verdict = kDenySilently};
  agent_start(&world, &quiet);
  assert_int_equal(account("sudo", "nobody", "nobody"), PAM_PERM_DENIED);
  assert_string_equal(said, "");
}

static void a_service_that_is_no_door_is_left_alone(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  assert_int_equal(account("chfn", "nobody", NULL), PAM_SUCCESS);  // as pam_permit below it says
  assert_int_equal(ask("chfn", "nobody", NULL, 0, pam_open_session), PAM_SUCCESS);
  assert_int_equal(world.log->count, 0);
}

static void sessions_of_sudo_are_the_plugins(void** state) {
  (void)state;
  agent_start(&world, &kDenying);
  assert_int_equal(ask("sudo", "nobody", "nobody", 0, pam_open_session), PAM_SUCCESS);
  assert_int_equal(ask("sudo", "nobody", "nobody", 0, pam_close_session), PAM_SUCCESS);
  assert_int_equal(world.log->count, 0);
}

static void account_does_not_know_an_account_that_is_not_there(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_int_equal(account("sshd", "no-such-account", NULL), PAM_USER_UNKNOWN);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);  // the control
}

static void the_caller_is_in_question_at_su_and_sudo(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_int_equal(account("su", "root", "nobody"), PAM_SUCCESS);
  assert_int_equal(agent_heard(&world, "\"door\":\"su\""), 1);
  assert_int_equal(agent_heard(&world, "\"ruser\":\"nobody\""), 1);
  assert_int_equal(agent_heard(&world, "\"uid\":65534,\"user\":\"root\""), 1);
}

// Neither sudo's changed uid nor that of run0's systemd makes anybody root.
static void nobody_is_root_by_the_processs_uid_alone(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_int_equal(getuid(), 0);
  const char* const services[] = {"sudo", "su", "doas", "systemd-run0"};
  for (size_t i = 0; i < sizeof services / sizeof *services; ++i) {
    assert_int_equal(account(services[i], "root", NULL), PAM_USER_UNKNOWN);
    assert_int_equal(agent_heard(&world, "\"uid\":0,"), 0);
    assert_int_equal(account(services[i], "root", "nobody"), PAM_SUCCESS);
    assert_int_equal(agent_heard(&world, "\"uid\":65534,\"user\":\"root\""), (int)i + 1);
  }
  assert_int_equal(account("su", "nobody", "root"), PAM_SUCCESS);  // the control: both say so
  assert_int_equal(agent_heard(&world, "\"uid\":0,\"user\":\"nobody\""), 1);
}

// PL-11, IPC-19: silence, once, for two seconds.
static void account_denies_a_silent_agent_after_two_seconds(void** state) {
  (void)state;
  const struct agent_script mute = {0};
  agent_start(&world, &mute);
  const long long start = now_ms();
  assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  assert_in_range(now_ms() - start, 1900, 3000);
  assert_said("does not answer");
}

static void account_denies_an_agent_that_answers_badly(void** state) {
  (void)state;
  static const struct agent_script scripts[] = {
      {.verdict = kAllow, .hangs_up = true},
      {.verdict = ""},
      {.verdict = "{}"},
      {.verdict = "{\"parameters\":{\"effect\":\"allow\"}}"},
      {.verdict =
           "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"ALLOW\",\"reason\":\"granted\","
           "\"query\":1}}"},
      {.verdict = "{\"error\":\"org.daypass.internal\"}"},
  };
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; ++i) {
    agent_start(&world, &scripts[i]);
    assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
    agent_stop(&world);
  }
}

// IPC-03, IPC-04.
static void account_denies_an_agent_that_is_not_root(void** state) {
  (void)state;
  const struct agent_script impostor = {.verdict = kAllow, .listens_as = kNobody};
  agent_start(&world, &impostor);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  assert_said("is not uid 0");
}

// IPC-01. The control is the last row.
static void account_denies_a_folder_that_others_can_write(void** state) {
  (void)state;
  char path[128];
  run_path(&world, path, sizeof path, "");
  agent_start(&world, &kAllowing);
  const mode_t modes[] = {0777, 0775, 0757};
  for (size_t i = 0; i < sizeof modes / sizeof *modes; ++i) {
    assert_int_equal(chmod(path, modes[i]), 0);
    assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  }
  assert_int_equal(chmod(path, 0755), 0);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
}

static void account_refuses_an_option_that_it_does_not_know(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  assert_int_equal(account("login", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  assert_said("not known");
}

// LO-14: exempt and permissive, only while the agent is silent, and only on root's word.
static void account_asks_gate_conf_when_the_agent_is_silent(void** state) {
  (void)state;
  gate_write(&world, "mode permissive\n", 0644, 0);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
  assert_said("permissive");
  gate_write(&world, "exempt nobody ssh\n", 0644, 0);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
  assert_int_equal(ask("sshd", "nobody", NULL, 0, pam_open_session), PAM_SUCCESS);
  assert_int_equal(account("cron", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  gate_write(&world, "exempt nobody ssh\n", 0666, 0);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  gate_write(&world, "mode permissive\n", 0644, kNobody);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  gate_write(&world, "mode permissive\nexempt nobody ssh\n", 0644, 0);
  agent_start(&world, &kDenying);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_PERM_DENIED);
}

// PL-25, at the doors: an allow is good up to the end that it names. The controls: an end that is
// still to come, and a permissive host, which stops nobody, whatever end it tells of.
static void an_allow_is_good_up_to_its_end(void** state) {
  (void)state;
  static const char kEnded[] =
      "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"allow\",\"reason\":\"granted\","
      "\"query\":3,"
      "\"until_ms\":1764000000000,\"remaining_ms\":0}}";
  static const char kGood[] =
      "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"allow\",\"reason\":\"granted\","
      "\"query\":3,"
      "\"until_ms\":1764000000000,\"remaining_ms\":60000}}";
  static const char kLetThrough[] =
      "{\"parameters\":{\"verdict\":\"deny\",\"effect\":\"allow\",\"reason\":\"expired\",\"query\":"
      "3,"
      "\"until_ms\":1764000000000,\"remaining_ms\":0}}";
  const struct agent_script ended = {.verdict = kEnded};
  const struct agent_script good = {.verdict = kGood};
  const struct agent_script let_through = {.verdict = kLetThrough};
  agent_start(&world, &ended);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_AUTHINFO_UNAVAIL);
  assert_said("ended");
  gate_write(&world, "mode permissive\n", 0644, 0);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
  gate_write(&world, "mode enforce\n", 0644, 0);
  agent_stop(&world);
  agent_start(&world, &good);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
  agent_stop(&world);
  agent_start(&world, &let_through);
  assert_int_equal(account("sshd", "nobody", NULL), PAM_SUCCESS);
}

static void root_itself_passes_at_su_when_the_agent_is_silent(void** state) {
  (void)state;
  assert_int_equal(account("su", "nobody", "root"), PAM_SUCCESS);
  assert_int_equal(account("su", "root", "nobody"), PAM_AUTHINFO_UNAVAIL);
  assert_int_equal(account("sudo", "nobody", "nobody"), PAM_AUTHINFO_UNAVAIL);
  assert_int_equal(account("sshd", "root", NULL), PAM_AUTHINFO_UNAVAIL);  // a login is not root yet
}

/// Bytes that `count` logins through a service leave in use.
static long memory_of(const char* service, int count) {
  const long before = (long)process_memory();
  for (int i = 0; i < count; ++i) {
    world.log->count = 0;
    assert_int_equal(account(service, "nobody", NULL), PAM_SUCCESS);
    assert_int_equal(ask(service, "nobody", NULL, 0, pam_open_session), PAM_SUCCESS);
    assert_int_equal(ask(service, "nobody", NULL, 0, pam_close_session), PAM_SUCCESS);
  }
  return (long)process_memory() - before;
}

// PL-14: nothing is left behind in a program that lives long, though each conversation loads the
// module anew. The control is the same without the module: what libpam itself keeps.
static void nothing_stays_after_a_thousand_conversations(void** state) {
  (void)state;
  agent_start(&world, &kAllowing);
  memory_of("sshd", 10);
  memory_of("bare", 10);
  const int files = process_open_files();
  const long with_module = memory_of("sshd", 334);
  assert_int_equal(world.log->count, 3);
  assert_int_equal(process_open_files(), files);
  const long without = memory_of("bare", 334);
  print_message("1002 conversations: %ld bytes, without the module %ld\n", with_module, without);
  assert_true(with_module - without < 1002 * 16);  // the smallest piece takes 32
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
      CASE(each_hook_has_its_return_codes),
      CASE(the_other_hooks_are_not_offered),
      CASE(account_sends_what_pam_knows),
      CASE(account_denies_and_says_why),
      CASE(account_is_silent_where_pam_wants_it_except_at_sudo),
      CASE(account_at_sudo_says_nothing_that_the_agent_did_not),
      CASE(a_service_that_is_no_door_is_left_alone),
      CASE(sessions_of_sudo_are_the_plugins),
      CASE(account_does_not_know_an_account_that_is_not_there),
      CASE(the_caller_is_in_question_at_su_and_sudo),
      CASE(nobody_is_root_by_the_processs_uid_alone),
      CASE(account_denies_a_silent_agent_after_two_seconds),
      CASE(account_denies_an_agent_that_answers_badly),
      CASE(account_denies_an_agent_that_is_not_root),
      CASE(account_denies_a_folder_that_others_can_write),
      CASE(account_refuses_an_option_that_it_does_not_know),
      CASE(account_asks_gate_conf_when_the_agent_is_silent),
      CASE(an_allow_is_good_up_to_its_end),
      CASE(root_itself_passes_at_su_when_the_agent_is_silent),
      CASE(nothing_stays_after_a_thousand_conversations),
  };
  const int failed = cmocka_run_group_tests_name("pam module", tests, NULL, NULL);
  world_remove(&world);
  return failed;
}
