// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#define _GNU_SOURCE
#include "sudo_host.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sudo_plugin.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

// What this process shows the plugin instead of the real thing. The program exports these symbols,
// so that the plugin finds them before libc's.
static long long boot_offset_ms;
static long long boot_jump_ms;  // added once, when the plugin begins to wait for an answer

int clock_gettime(clockid_t clock, struct timespec* now) {
  if (faults_strike_clock && faults_strike_clock(clock, FAULTS_CALLER)) return -1;
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_MONOTONIC) {  // a deadline is made
    boot_offset_ms += boot_jump_ms;
    boot_jump_ms = 0;
  }
  if (clock != CLOCK_BOOTTIME) return result;
  const long long ms = now->tv_nsec / 1000000 + boot_offset_ms;
  now->tv_sec += ms / 1000;
  now->tv_nsec = ms % 1000 * 1000000;
  return result;
}

static struct sudo_outcome* outcome;

static char* const kSettings[] = {"progname=sudo", "plugin_path=/usr/libexec/sudo/", NULL};
static char* const kUserInfo[] = {"user=alice", "uid=1001",       "gid=1001",
                                  "cwd=/",      "tty=/dev/pts/3", NULL};
static char* const kInfo[] = {"command=/usr/bin/systemctl",
                              "runas_user=root",
                              "runas_uid=0",
                              "runas_gid=0",
                              "runas_groups=0",
                              "umask=022",
                              NULL};
static char* const kArgv[] = {"systemctl", "restart", "nginx", NULL};
static char* const kEnvp[] = {"PATH=/usr/bin", "TERM=xterm", NULL};
static char* const kNone[] = {NULL};

static char* const* or_else(char* const* given, char* const* otherwise) {
  return given != NULL ? given : otherwise;
}

__attribute__((format(printf, 2, 3))) static int print(int type, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const size_t used = strlen(outcome->said);
  const int size = vsnprintf(outcome->said + used, sizeof outcome->said - used, format, args);
  va_end(args);
  outcome->said_to |= type;
  return size;
}

static void begin(const struct sudo_case* sudo, enum sudo_call call) {
  if (sudo->counted_in == call && faults_begin) faults_begin(&sudo->fault);
}

static void end(const struct sudo_case* sudo, enum sudo_call call) {
  if (sudo->counted_in == call && faults_end) outcome->report = faults_end();
}

static void keep_errstr(const char* errstr) {
  if (errstr != NULL) snprintf(outcome->errstr, sizeof outcome->errstr, "%s", errstr);
}

static void open_audit(struct audit_plugin* audit, const struct world* world,
                       const struct sudo_case* sudo) {
  char* const options[] = {(char*)(sudo->audit_option ? sudo->audit_option : world->option), NULL};
  const char* errstr = NULL;
  begin(sudo, kAuditOpen);
  outcome->audit_open =
      audit->open(sudo->version ? sudo->version : SUDO_API_VERSION, NULL, print,
                  or_else(sudo->settings, kSettings), or_else(sudo->user_info, kUserInfo), 1, kArgv,
                  kNone, options, &errstr);
  end(sudo, kAuditOpen);
}

static void note_signal(int number) {
  (void)number;
}

/// As in sudo: a handler that only returns, and system calls that go on where they can.
static void hear_signals(void) {
  const struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
  const struct itimerval every_20_ms = {{0, 20000}, {0, 20000}};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &every_20_ms, NULL);
}

static void hear_no_signals(void) {
  const struct itimerval never = {0};
  setitimer(ITIMER_REAL, &never, NULL);
  signal(SIGALRM, SIG_DFL);
}

static void open_approval(struct approval_plugin* approval, const struct world* world,
                          const struct sudo_case* sudo) {
  char* const options[] = {(char*)(sudo->approval_option ? sudo->approval_option : world->option),
                           NULL};
  const char* errstr = NULL;
  begin(sudo, kApprovalOpen);
  outcome->approval_open =
      approval->open(sudo->version ? sudo->version : SUDO_API_VERSION, NULL, print,
                     or_else(sudo->settings, kSettings), or_else(sudo->user_info, kUserInfo), 1,
                     kArgv, kNone, options, &errstr);
  end(sudo, kApprovalOpen);
}

static int check(struct approval_plugin* approval, const struct sudo_case* sudo) {
  const char* errstr = NULL;
  begin(sudo, kCheck);
  const int result = approval->check(or_else(sudo->info, kInfo), or_else(sudo->argv, kArgv),
                                     or_else(sudo->envp, kEnvp), &errstr);
  end(sudo, kCheck);
  keep_errstr(errstr);
  return result;
}

/// An approval plugin whose open says 0 is dropped, and sudo goes on without it.
static bool is_approved(struct approval_plugin* approval, const struct world* world,
                        const struct sudo_case* sudo) {
  open_approval(approval, world, sudo);
  if (outcome->approval_open != 1) return outcome->approval_open == 0;
  boot_jump_ms = sudo->answer_delay_ms;
  if (sudo->hears_signals) hear_signals();
  outcome->check = check(approval, sudo);
  if (sudo->hears_signals) hear_no_signals();
  boot_jump_ms = 0;
  if (approval->close != NULL) approval->close();
  return outcome->check == 1;
}

static int accept_start(struct audit_plugin* audit, const struct sudo_case* sudo) {
  char* const* info = or_else(sudo->accept_info, or_else(sudo->info, kInfo));
  char* const* argv = or_else(sudo->accept_argv, or_else(sudo->argv, kArgv));
  char* const* envp = or_else(sudo->accept_envp, or_else(sudo->envp, kEnvp));
  const char* errstr = NULL;
  begin(sudo, kAccept);
  const int result = audit->accept("sudo", SUDO_FRONT_END, info, argv, envp, &errstr);
  end(sudo, kAccept);
  keep_errstr(errstr);
  return result;
}

/// More commands of the same sudo; the first hundred may still warm something up.
static void run_more(struct audit_plugin* audit, struct approval_plugin* approval,
                     const struct sudo_case* sudo) {
  size_t memory = 0;
  int files = 0;
  struct sudo_case more = *sudo;
  if (sudo->more_info != NULL) more.info = sudo->more_info;
  for (int i = 0; i < sudo->more_commands; ++i) {
    if (i == 100) memory = process_memory(), files = process_open_files();
    if (check(approval, &more) != 1 || accept_start(audit, &more) != 1) outcome->would_run = false;
  }
  outcome->memory_grown = (long)process_memory() - (long)memory;
  outcome->files_grown = process_open_files() - files;
}

/// sudo's order for one command; see "Plugin invocation order" in sudo_plugin(5).
static void call_plugins(struct audit_plugin* audit, struct approval_plugin* approval,
                         const struct world* world, const struct sudo_case* sudo) {
  const char* errstr = NULL;
  if (!sudo->no_audit_line) open_audit(audit, world, sudo);
  if (!sudo->no_audit_line && outcome->audit_open != 1) return;
  if (sudo->only_open_and_close) {
    audit->accept("sudoers_policy", SUDO_POLICY_PLUGIN, (char* const[]){"command=list", NULL},
                  kNone, kNone, &errstr);
    audit->close(SUDO_PLUGIN_NO_STATUS, 0);
    return;
  }
  const bool approved = sudo->no_approval_line || is_approved(approval, world, sudo);
  if (approved && !sudo->no_audit_line) {
    boot_offset_ms += sudo->accept_delay_ms;
    outcome->accept = accept_start(audit, sudo);
    if (sudo->accepts_twice) outcome->second_accept = accept_start(audit, sudo);
  }
  outcome->would_run = approved && (sudo->no_audit_line || outcome->accept == 1);
  if (sudo->more_commands > 0) run_more(audit, approval, sudo);
  if (sudo->no_audit_line) return;
  begin(sudo, kAuditClose);
  audit->close(sudo->status_type ? sudo->status_type : SUDO_PLUGIN_WAIT_STATUS, sudo->status);
  end(sudo, kAuditClose);
}

/// One sudo, from loading its plugins to unloading them.
static void run(const char* plugin, const struct world* world, const struct sudo_case* sudo) {
  static char before[kMaxDescription], after[kMaxDescription];
  void* handle = dlopen(plugin, RTLD_LAZY | RTLD_GLOBAL);
  if (handle == NULL) fprintf(stderr, "%s\n", dlerror());
  process_describe(before);
  call_plugins(dlsym(handle, "daypass_audit"), dlsym(handle, "daypass_approval"), world, sudo);
  process_describe(after);
  outcome->changed = strcmp(before, after) != 0;
  if (outcome->changed) fprintf(stderr, "before:\n%s\nafter:\n%s\n", before, after);
  if (sudo->counted_in != kNoCall) outcome->leaks = process_leaks();
  dlclose(handle);
  if (faults_held) outcome->held = faults_held();
}

struct sudo_outcome play_sudo(const char* plugin, const struct world* world,
                              const struct sudo_case* sudo) {
  outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (outcome == MAP_FAILED) abort();
  outcome->audit_open = outcome->approval_open = kNotCalled;
  outcome->check = outcome->accept = outcome->second_accept = kNotCalled;
  const pid_t child = fork();
  if (child == 0) {
    run(plugin, world, sudo);
    outcome->finished = true;
    _exit(0);
  }
  waitpid(child, NULL, 0);
  const struct sudo_outcome result = *outcome;
  munmap(outcome, sizeof *outcome);
  return result;
}
