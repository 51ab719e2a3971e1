// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// sudo_daypass.so, called as sudo calls it, against an agent that answers well, badly or not at
// all.
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sudo_plugin.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sudo_host.h"
#include "world.h"

static const char* plugin;

static const struct agent_script kAllowing = {.watch = kWatching, .verdict = kAllow};
static const struct agent_script kDenying = {.watch = kWatching, .verdict = kDeny};
static const struct agent_script kMute = {.watch = NULL, .verdict = NULL};
static const struct sudo_case kPlain = {0};

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

static struct sudo_outcome play(const struct world* world, struct sudo_case sudo) {
  const struct sudo_outcome outcome = play_sudo(plugin, world, &sudo);
  assert_true(outcome.finished);
  assert_false(outcome.changed);
  return outcome;
}

static void assert_says(const struct sudo_outcome* outcome, const char* text) {
  if (strstr(outcome->said, text) == NULL) fail_msg("said: %s", outcome->said);
}

/// Not run, and sudo was told so in the way that it understands.
static void assert_refused(const struct sudo_outcome* outcome) {
  assert_int_equal(outcome->audit_open, 1);
  assert_int_equal(outcome->approval_open, 1);
  assert_int_equal(outcome->check, 0);
  assert_false(outcome->would_run);
  assert_says(outcome, "daypass: not allowed: ");
}

static void allows_what_the_agent_allows_and_reports_start_and_end(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  const struct sudo_outcome outcome = play(world, (struct sudo_case){.status = 3 << 8});
  assert_true(outcome.would_run);
  assert_string_equal(outcome.said, "");
  assert_true(agent_hears(world, "Check.Ended"));
  assert_int_equal(agent_heard(world, "\"more\":true"), 1);
  assert_int_equal(agent_heard(world, "\"method\":\"org.daypass.Check.Started\",\"oneway\":true"),
                   1);
  assert_int_equal(agent_heard(world, "{\"exit\":3,\"query\":18}"), 1);
  assert_int_equal(world->log->fds, 2);  // "/" and the directory
}

static void reports_the_signal_that_ended_a_command(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  play(world, (struct sudo_case){.status_type = SUDO_PLUGIN_WAIT_STATUS, .status = 9});
  assert_true(agent_hears(world, "{\"query\":18,\"signal\":9}"));
}

static void reports_a_command_that_could_not_be_started(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  play(world, (struct sudo_case){.status_type = SUDO_PLUGIN_EXEC_ERROR, .status = 2});
  assert_true(agent_hears(world, "Check.Ended\",\"oneway\":true,\"parameters\":{\"query\":18}"));
}

// PL-26: the reason is printed, with what to type next; a user's text is never a format.
static void denies_what_the_agent_denies_and_says_why(void** state) {
  struct world* world = *state;
  agent_start(world, &kDenying);
  const struct sudo_outcome outcome = play(world, kPlain);
  assert_refused(&outcome);
  assert_string_equal(outcome.said,
                      "daypass: not allowed: systemctl %s %n as root\n"
                      "daypass: why: you hold no grant on this host\n"
                      "daypass: try: daypass request --role web-operator\n");
  assert_int_equal(outcome.said_to, SUDO_CONV_ERROR_MSG | SUDO_CONV_PREFER_TTY);
  assert_string_equal(outcome.errstr, "daypass: no_grant: not allowed: systemctl %s %n as root");
  assert_int_equal(agent_heard(world, "Check.Started"), 0);
}

static void speaks_on_stderr_without_a_terminal_and_with_n(void** state) {
  struct world* world = *state;
  agent_start(world, &kDenying);
  struct sudo_outcome outcome =
      play(world, (struct sudo_case){.settings = (char* const[]){"noninteractive=true", NULL}});
  assert_int_equal(outcome.said_to, SUDO_CONV_ERROR_MSG);
  outcome = play(world, (struct sudo_case){
                            .user_info = (char* const[]){"user=alice", "uid=1001", "cwd=/", NULL}});
  assert_int_equal(outcome.said_to, SUDO_CONV_ERROR_MSG);
}

// PL-26: -l, -v and -k never reach the check; the agent sees a Watch come and go.
static void leaves_listing_and_validating_alone(void** state) {
  struct world* world = *state;
  agent_start(world, &kDenying);
  const struct sudo_outcome outcome = play(world, (struct sudo_case){.only_open_and_close = true});
  assert_int_equal(outcome.audit_open, 1);
  assert_string_equal(outcome.said, "");
  assert_int_equal(agent_heard(world, "Check.Watch"), 1);
  assert_int_equal(world->log->count, 1);
}

// PL-02: agent down. The control is the first test: the same sudo with an agent that allows.
static void denies_when_no_agent_is_there(void** state) {
  struct world* world = *state;
  const struct sudo_outcome outcome = play(world, kPlain);
  assert_refused(&outcome);
  assert_says(&outcome, "does not answer");
  assert_says(&outcome, "systemctl status daypassd");
}

// PL-11, IPC-19: silence costs two seconds once, not once more for the check.
static void denies_a_silent_agent_after_two_seconds(void** state) {
  struct world* world = *state;
  agent_start(world, &kMute);
  const long long start = now_ms();
  const struct sudo_outcome outcome = play(world, kPlain);
  const long long took = now_ms() - start;
  assert_refused(&outcome);
  assert_in_range(took, 1900, 3000);
  assert_int_equal(agent_heard(world, "Check.Command"), 0);
}

// PL-11: an agent that watches, and then falls silent, hangs up, drips or talks nonsense.
static void denies_an_agent_that_answers_badly(void** state) {
  struct world* world = *state;
  static const struct agent_script scripts[] = {
      {.watch = kWatching, .verdict = NULL},
      {.watch = kWatching, .verdict = kAllow, .hangs_up = true},
      {.watch = kWatching, .verdict = ""},
      {.watch = kWatching, .verdict = "allow"},
      {.watch = kWatching, .verdict = "{}"},
      {.watch = kWatching, .verdict = "{\"parameters\":{\"verdict\":\"allow\"}}"},
      {.watch = kWatching,
       .verdict = "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"Allow\","
                  "\"reason\":\"granted\",\"query\":1}}"},
      {.watch = kWatching, .verdict = "{\"error\":\"org.daypass.internal\"}"},
      {.watch = kWatching, .verdict = kWatching},
      {.watch = kWatching,
       .verdict = "{\"continues\":true,\"parameters\":{\"verdict\":\"allow\",\"effect\":\"allow\","
                  "\"reason\":\"granted\",\"query\":1}}"},
      {.watch = "{\"parameters\":{\"event\":\"watching\"}}", .verdict = kAllow},
      {.watch = "{\"continues\":true,\"parameters\":{\"event\":\"end\"}}", .verdict = kAllow},
      {.watch = kAllow, .verdict = kAllow},
      {.watch = "{\"error\":\"org.daypass.peer_refused\",\"parameters\":{\"text\":\"no\"}}",
       .verdict = kAllow},
  };
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; ++i) {
    agent_start(world, &scripts[i]);
    const long long start = now_ms();
    const struct sudo_outcome outcome = play(world, kPlain);
    assert_refused(&outcome);
    assert_in_range(now_ms() - start, 0, 3000);
    agent_stop(world);
  }
}

// Ctrl-C ends a wait at once; but what intercept asks goes on through the signals of its tracing.
static void gives_up_on_a_signal_unless_a_sub_command_asks(void** state) {
  struct world* world = *state;
  const struct agent_script slow = {
      .watch = kWatching, .verdict = kAllow, .answers_after_ms = 1000};
  agent_start(world, &slow);
  const long long start = now_ms();
  struct sudo_outcome outcome = play(world, (struct sudo_case){.hears_signals = true});
  assert_refused(&outcome);
  assert_says(&outcome, "interrupted");
  assert_in_range(now_ms() - start, 0, 900);
  usleep(1100 * 1000);  // the fake is still busy with that one
  char* const child[] = {"command=/usr/bin/id", "runas_user=root", "runas_uid=0",
                         "runas_gid=0",         "runcwd=/",        NULL};
  outcome = play(world, (struct sudo_case){.info = child, .hears_signals = true});
  assert_true(outcome.would_run);
}

// PL-11: bytes that never make a message, or make one too slowly, are silence.
static void denies_an_answer_without_an_end(void** state) {
  struct world* world = *state;
  static char flood[100001];
  memset(flood, 'x', sizeof flood - 1);
  const struct agent_script endless = {.watch = flood, .verdict = kAllow, .no_nul = true};
  agent_start(world, &endless);
  struct sudo_outcome outcome = play(world, kPlain);
  assert_refused(&outcome);
  assert_says(&outcome, "too long");
  agent_stop(world);
  const struct agent_script dripping = {.watch = kWatching, .verdict = kAllow, .drips = true};
  agent_start(world, &dripping);
  const long long start = now_ms();
  outcome = play(world, kPlain);
  assert_refused(&outcome);
  assert_in_range(now_ms() - start, 1900, 3000);
}

// IPC-03, IPC-04: somebody else answers "allow" on root's socket.
static void denies_an_agent_that_is_not_root(void** state) {
  struct world* world = *state;
  const struct agent_script impostor = {
      .watch = kWatching, .verdict = kAllow, .listens_as = kNobody};
  agent_start(world, &impostor);
  const struct sudo_outcome outcome = play(world, kPlain);
  assert_refused(&outcome);
  assert_says(&outcome, "is not uid 0");
  assert_int_equal(world->log->count, 0);  // it heard nothing
}

// IPC-01: a folder or socket that somebody else could have put there. The control is in the loop.
static void denies_a_socket_that_is_not_roots_alone(void** state) {
  struct world* world = *state;
  const struct {
    const char* name;
    mode_t mode;
    uid_t owner;
    bool good;
  } rows[] = {
      {"", 0777, 0, false},
      {"", 0775, 0, false},
      {"", 0755, kNobody, false},
      {"", 0755, 0, true},
      {"check.sock", 0600, kNobody, false},
      {"check.sock", 0600, 0, true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    agent_start(world, &kAllowing);
    char path[128];
    run_path(world, path, sizeof path, rows[i].name);
    assert_int_equal(chmod(path, rows[i].mode), 0);
    assert_int_equal(chown(path, rows[i].owner, 0), 0);
    const struct sudo_outcome outcome = play(world, kPlain);
    assert_int_equal(outcome.would_run, rows[i].good);
    if (!rows[i].good) assert_refused(&outcome);
    assert_int_equal(chmod(path, *rows[i].name ? 0600 : 0755), 0);
    assert_int_equal(chown(path, 0, 0), 0);
    agent_stop(world);
  }
}

// PL-01: whatever goes wrong, open says 1 or -1: at 0 sudo drops the plugin and runs the command.
static void never_says_0_from_open(void** state) {
  struct world* world = *state;
  static char* const nothing[] = {NULL};
  const struct sudo_case rows[] = {
      {.version = SUDO_API_MKVERSION(2, 0)},
      {.version = SUDO_API_MKVERSION(0, 9)},
      {.settings = nothing},
      {.user_info = nothing},
      {.user_info = (char* const[]){"user=", "uid=x", "nonsense", "=", NULL}},
      {.audit_option = "root=relative"},
      {.approval_option = "debug"},
      {.approval_option = "root=/elsewhere"},
      {.audit_option = "root=/does/not/exist", .approval_option = "root=/does/not/exist"},
  };
  for (int with_agent = 0; with_agent <= 1; ++with_agent) {
    if (with_agent) agent_start(world, &kDenying);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
      const struct sudo_outcome outcome = play(world, rows[i]);
      assert_true(outcome.audit_open == 1 || outcome.audit_open == -1);
      assert_true(outcome.approval_open == 1 || outcome.approval_open == -1);
      assert_false(outcome.would_run);
      assert_true(outcome.said[0] != '\0');
    }
  }
}

// UP-08: a plugin API that we do not know.
static void denies_a_sudo_that_is_too_new_with_a_text(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  const struct sudo_outcome outcome =
      play(world, (struct sudo_case){.version = SUDO_API_MKVERSION(2, 0)});
  assert_refused(&outcome);
  assert_says(&outcome, "upgrade daypass");
  assert_true(play(world, (struct sudo_case){.version = SUDO_API_MKVERSION(1, 99)}).would_run);
}

// PL-05: one of the two lines is missing in sudo.conf. The control has both.
static void runs_nothing_with_half_of_sudo_conf(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  struct sudo_outcome outcome = play(world, (struct sudo_case){.no_audit_line = true});
  assert_false(outcome.would_run);
  assert_says(&outcome, "daypass_audit");
  outcome = play(world, (struct sudo_case){.no_approval_line = true});
  assert_false(outcome.would_run);
  assert_int_equal(outcome.accept, 0);
  assert_true(play(world, kPlain).would_run);
}

// PL-25: sudo was stopped by its user, and goes on later. The answer says: five seconds left.
static void starts_nothing_later_than_it_was_allowed(void** state) {
  struct world* world = *state;
  static const char kEndless[] =
      "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"allow\",\"reason\":\"exempt\",\"query\":"
      "4}}";
  const struct agent_script unlimited = {.watch = kWatching, .verdict = kEndless};
  const struct {
    const struct agent_script* agent;
    long long answer_delay, accept_delay;
    bool passes, runs;
    const char* says;
  } rows[] = {
      {&kAllowing, 0, 4500, true, true, NULL},         // within the window
      {&kAllowing, 0, 5000, true, false, "ended"},     // the window's end, to the millisecond
      {&kAllowing, 6000, 0, false, false, "ended"},    // stopped while the answer waited
      {&kAllowing, 2500, 2500, true, false, "ended"},  // both together
      {&unlimited, 0, 9500, true, true, NULL},         // no window, less than ten seconds
      {&unlimited, 0, 10000, true, false, "too late"},
      {&unlimited, 12000, 0, false, false, "too late"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    agent_start(world, rows[i].agent);
    const struct sudo_outcome outcome =
        play(world, (struct sudo_case){.answer_delay_ms = rows[i].answer_delay,
                                       .accept_delay_ms = rows[i].accept_delay});
    assert_int_equal(outcome.check, rows[i].passes ? 1 : 0);
    assert_int_equal(outcome.would_run, rows[i].runs);
    if (rows[i].says != NULL) assert_says(&outcome, rows[i].says);
    agent_stop(world);
    world->log->count = 0;
  }
}

// PL-25: what is about to run is not what was asked about. The control: the same bytes elsewhere.
static void starts_nothing_but_what_was_allowed(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  char* const other_command[] = {"command=/usr/bin/bash", "runas_user=root", "runas_uid=0",
                                 "runas_gid=0", NULL};
  char* const other_user[] = {"command=/usr/bin/systemctl", "runas_user=www", "runas_uid=33",
                              "runas_gid=33", NULL};
  char* const jailed[] = {"command=/usr/bin/systemctl",
                          "runas_user=root",
                          "runas_uid=0",
                          "runas_gid=0",
                          "chroot=/srv",
                          NULL};
  char* const other_argv[] = {"systemctl", "restart", "sshd", NULL};
  char* const longer_argv[] = {"systemctl", "restart", "nginx", "sshd", NULL};
  char* const other_envp[] = {"PATH=/usr/bin", "TERM=xterm", "LD_PRELOAD=/tmp/x.so", NULL};
  const struct sudo_case rows[] = {
      {.accept_info = other_command}, {.accept_info = other_user},  {.accept_info = jailed},
      {.accept_argv = other_argv},    {.accept_argv = longer_argv}, {.accept_envp = other_envp},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    const struct sudo_outcome outcome = play(world, rows[i]);
    assert_int_equal(outcome.check, 1);
    assert_int_equal(outcome.accept, 0);
    assert_says(&outcome, "something else");
  }
  assert_int_equal(agent_heard(world, "Check.Started"), 0);
  char* const same_info[] = {"umask=022",       "command=/usr/bin/systemctl",
                             "runas_gid=0",     "runas_uid=0",
                             "runas_user=root", NULL};
  char* const same_argv[] = {"systemctl", "restart", "nginx", NULL};
  assert_true(play(world, (struct sudo_case){.accept_info = same_info, .accept_argv = same_argv})
                  .would_run);
}

// PL-25: one check, one start.
static void starts_once_for_one_check_where_sub_commands_are_checked(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  char* const intercepted[] = {"command=/usr/bin/sh", "runas_user=root", "runas_uid=0",
                               "runas_gid=0",         "intercept=true",  NULL};
  const struct sudo_outcome outcome =
      play(world, (struct sudo_case){.info = intercepted, .accepts_twice = true});
  assert_int_equal(outcome.accept, 1);
  assert_int_equal(outcome.second_accept, 0);
}

// SC-34: what the agent must know under intercept: that it is on, and in whose name a child is
// judged. The control: a command that nothing has started.
static void says_whether_sudo_intercepts_and_which_command_started_a_child(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  char* const intercepted[] = {
      "command=/usr/bin/make", "runas_user=root", "runas_uid=0", "runas_gid=0",
      "intercept=true",        "use_ptrace=true", NULL};
  char* const preloaded[] = {"command=/usr/bin/make", "runas_user=root", "runas_uid=0",
                             "runas_gid=0",           "intercept=true",  NULL};
  char* const child[] = {"command=/usr/bin/cc", "runas_user=root", "runas_uid=0",
                         "runas_gid=0",         "runcwd=/srv",     NULL};
  assert_true(
      play(world, (struct sudo_case){.info = intercepted, .more_commands = 3, .more_info = child})
          .would_run);
  assert_true(agent_hears(world, "Check.Ended"));
  assert_int_equal(agent_heard(world, "\"intercepts\":true"), 1);
  assert_int_equal(agent_heard(world, "\"parent\":18,"), 3);
  assert_int_equal(agent_heard(world, "\"subcommand\":true"), 3);
  assert_int_equal(agent_heard(world, "Check.Started"), 1);
  world->log->count = 0;
  play(world, kPlain);
  // A library in the command's own process, which may do without it.
  play(world, (struct sudo_case){.info = preloaded});
  assert_int_equal(agent_heard(world, "\"intercepts\""), 0);
  play(world, (struct sudo_case){.info = child});
  assert_int_equal(agent_heard(world, "\"subcommand\":true"), 1);
  assert_int_equal(agent_heard(world, "\"parent\""), 0);
}

static void only_hears_of_sub_commands_where_sudo_only_logs_them(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  const struct sudo_outcome outcome = play(world, (struct sudo_case){.accepts_twice = true});
  assert_int_equal(outcome.accept, 1);
  assert_int_equal(outcome.second_accept, 1);
  assert_true(agent_hears(world, "Check.Ended"));
  assert_int_equal(agent_heard(world, "Check.Started"), 1);
}

static void obeys_the_effect_and_not_the_verdict(void** state) {
  struct world* world = *state;
  static const char kPermissive[] =
      "{\"parameters\":{\"verdict\":\"deny\",\"effect\":\"allow\",\"reason\":\"no_grant\","
      "\"query\":5}}";
  static const char kOdd[] =
      "{\"parameters\":{\"verdict\":\"allow\",\"effect\":\"deny\",\"reason\":\"granted\",\"query\":"
      "5}}";
  const struct agent_script permissive = {.watch = kWatching, .verdict = kPermissive};
  const struct agent_script odd = {.watch = kWatching, .verdict = kOdd};
  agent_start(world, &permissive);
  assert_true(play(world, kPlain).would_run);
  agent_stop(world);
  agent_start(world, &odd);
  assert_false(play(world, kPlain).would_run);
}

/// gate.conf, and whether alice passes with no agent.
static void assert_gate(const struct world* world, const char* text, mode_t mode, uid_t owner,
                        bool passes) {
  gate_write(world, text, mode, owner);
  const struct sudo_outcome outcome = play(world, kPlain);
  assert_int_equal(outcome.would_run, passes);
  if (!passes) assert_refused(&outcome);
  assert_true(outcome.said[0] != '\0');
}

// LO-14: a silent agent leaves it to gate.conf, which root alone can write; a doubt is "enforce".
static void asks_gate_conf_when_the_agent_is_silent(void** state) {
  struct world* world = *state;
  assert_gate(world, "mode enforce\n", 0644, 0, false);
  assert_gate(world, "mode permissive\n", 0644, 0, true);
  assert_gate(world, "mode permissive\n", 0664, 0, false);
  assert_gate(world, "mode permissive\n", 0646, 0, false);
  assert_gate(world, "mode permissive\n", 0644, kNobody, false);
  assert_gate(world, "mode permissive\nsurprise\n", 0644, 0, false);
  assert_gate(world, "exempt alice sudo\n", 0644, 0, true);
  assert_gate(world, "exempt alice ssh\n", 0644, 0, false);
  assert_gate(world, "exempt bob sudo\n", 0644, 0, false);
}

static void says_one_line_when_gate_conf_lets_it_pass(void** state) {
  struct world* world = *state;
  gate_write(world, "mode permissive\n", 0644, 0);
  const struct sudo_outcome outcome = play(world, kPlain);
  assert_true(outcome.would_run);
  assert_says(&outcome, "permissive");
  assert_ptr_equal(strchr(outcome.said, '\n'), outcome.said + strlen(outcome.said) - 1);
}

// A denial is not a fault: gate.conf is not asked about it.
static void obeys_a_denial_whatever_gate_conf_says(void** state) {
  struct world* world = *state;
  gate_write(world, "mode permissive\nexempt alice sudo\n", 0644, 0);
  agent_start(world, &kDenying);
  assert_false(play(world, kPlain).would_run);
}

static void lets_root_itself_pass_when_the_agent_is_silent(void** state) {
  struct world* world = *state;
  char* const root[] = {"user=root", "uid=0", "gid=0", "cwd=/", NULL};
  const struct sudo_outcome outcome = play(world, (struct sudo_case){.user_info = root});
  assert_true(outcome.would_run);
  assert_says(&outcome, "root itself passes");
  char* const alice[] = {"user=root", "uid=1001", "gid=0", "cwd=/",
                         NULL};  // only the name is root's
  assert_false(play(world, (struct sudo_case){.user_info = alice}).would_run);
}

// PL-14: under intercept one sudo asks for each command that starts, as long as it lives.
static void nothing_grows_over_a_thousand_commands_of_one_sudo(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  char* const intercepted[] = {"command=/usr/bin/sh", "runas_user=root", "runas_uid=0",
                               "runas_gid=0",         "intercept=true",  NULL};
  const struct sudo_outcome outcome =
      play(world, (struct sudo_case){.info = intercepted, .more_commands = 1100});
  assert_true(outcome.would_run);
  assert_int_equal(outcome.files_grown, 0);
  assert_true(outcome.memory_grown < 1000 * 16);  // the smallest piece takes 32
}

// SC-11: what the user typed arrives as its bytes.
static void sends_arguments_as_bytes(void** state) {
  struct world* world = *state;
  agent_start(world, &kAllowing);
  char* const argv[] = {"printf", "", "a\nb", "\x1b[31m", "\xff", NULL};
  assert_true(play(world, (struct sudo_case){.argv = argv}).would_run);
  assert_int_equal(
      agent_heard(world, "\"argv_b64\":[\"cHJpbnRm\",\"\",\"YQpi\",\"G1szMW0=\",\"/w==\"]"), 1);
}

// SC-08: many arguments travel as a descriptor, and too many are refused by name.
static void sends_a_long_command_as_a_descriptor_and_refuses_an_endless_one(void** state) {
  struct world* world = *state;
  enum { kMany = 20000, kTooMany = 70000 };
  static char* argv[kTooMany + 1];
  for (int i = 0; i < kTooMany; ++i) argv[i] = i < kMany ? "argument" : NULL;
  agent_start(world, &kAllowing);
  assert_true(play(world, (struct sudo_case){.argv = argv}).would_run);
  assert_int_equal(agent_heard(world, "{\"memfd\":2}"), 1);
  assert_int_equal(world->log->fds, 3);
  for (int i = 0; i < kTooMany; ++i) argv[i] = "";
  const struct sudo_outcome outcome = play(world, (struct sudo_case){.argv = argv});
  assert_refused(&outcome);
  assert_says(&outcome, "too long");
  assert_memory_equal(outcome.errstr, "daypass: arguments_too_long", 27);
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
      CASE(allows_what_the_agent_allows_and_reports_start_and_end),
      CASE(reports_the_signal_that_ended_a_command),
      CASE(reports_a_command_that_could_not_be_started),
      CASE(denies_what_the_agent_denies_and_says_why),
      CASE(speaks_on_stderr_without_a_terminal_and_with_n),
      CASE(leaves_listing_and_validating_alone),
      CASE(denies_when_no_agent_is_there),
      CASE(denies_a_silent_agent_after_two_seconds),
      CASE(denies_an_agent_that_answers_badly),
      CASE(gives_up_on_a_signal_unless_a_sub_command_asks),
      CASE(denies_an_answer_without_an_end),
      CASE(denies_an_agent_that_is_not_root),
      CASE(denies_a_socket_that_is_not_roots_alone),
      CASE(never_says_0_from_open),
      CASE(denies_a_sudo_that_is_too_new_with_a_text),
      CASE(runs_nothing_with_half_of_sudo_conf),
      CASE(starts_nothing_later_than_it_was_allowed),
      CASE(starts_nothing_but_what_was_allowed),
      CASE(starts_once_for_one_check_where_sub_commands_are_checked),
      CASE(says_whether_sudo_intercepts_and_which_command_started_a_child),
      CASE(only_hears_of_sub_commands_where_sudo_only_logs_them),
      CASE(obeys_the_effect_and_not_the_verdict),
      CASE(asks_gate_conf_when_the_agent_is_silent),
      CASE(says_one_line_when_gate_conf_lets_it_pass),
      CASE(obeys_a_denial_whatever_gate_conf_says),
      CASE(lets_root_itself_pass_when_the_agent_is_silent),
      CASE(nothing_grows_over_a_thousand_commands_of_one_sudo),
      CASE(sends_arguments_as_bytes),
      CASE(sends_a_long_command_as_a_descriptor_and_refuses_an_endless_one),
  };
  return cmocka_run_group_tests_name("sudo plugin", tests, NULL, NULL);
}
