// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#define _GNU_SOURCE
#include "sudo_host.h"

#include <dirent.h>
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

#include "faults.h"

// What this process shows the plugin instead of the real thing. The program exports these symbols,
// so that the plugin finds them before libc's.
static long long boot_offset_ms;
static long long boot_jump_ms;  // added once, when the plugin begins to wait for an answer

int clock_gettime(clockid_t clock, struct timespec* now) {
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

static void begin_faults(const struct sudo_case* sudo, unsigned call) {
  if (sudo->fails_in != call || !fail_call_after) return;
  if (sudo->error != 0) {
    fail_call_after(sudo->fails_after, sudo->error);
  } else {
    fail_malloc_after(sudo->fails_after);
  }
}

static void end_faults(void) {
  if (!fail_call_after) return;
  fail_call_after(-1, 0);
  fail_malloc_after(-1);
}

static int open_files(void) {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder) != NULL) ++count;
  closedir(folder);
  return count;
}

static void keep_errstr(const char* errstr) {
  if (errstr != NULL) snprintf(outcome->errstr, sizeof outcome->errstr, "%s", errstr);
}

static void open_audit(struct audit_plugin* audit, const struct world* world,
                       const struct sudo_case* sudo) {
  char* const options[] = {(char*)(sudo->audit_option ? sudo->audit_option : world->option), NULL};
  const char* errstr = NULL;
  begin_faults(sudo, kFailAuditOpen);
  outcome->audit_open =
      audit->open(sudo->version ? sudo->version : SUDO_API_VERSION, NULL, print,
                  or_else(sudo->settings, kSettings), or_else(sudo->user_info, kUserInfo), 1, kArgv,
                  kNone, options, &errstr);
  end_faults();
}

static void note_signal(int number) {
  (void)number;
}

/// As in sudo: a handler that only returns, and system calls that go on where they can.
static void hear_signals(int every_ms) {
  const struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  const struct timeval pause = {0, every_ms * 1000};
  setitimer(ITIMER_REAL, &(struct itimerval){pause, pause}, NULL);
}

static void open_and_check(struct approval_plugin* approval, const struct world* world,
                           const struct sudo_case* sudo) {
  char* const options[] = {(char*)(sudo->approval_option ? sudo->approval_option : world->option),
                           NULL};
  const char* errstr = NULL;
  begin_faults(sudo, kFailApprovalOpen);
  outcome->approval_open =
      approval->open(sudo->version ? sudo->version : SUDO_API_VERSION, NULL, print,
                     or_else(sudo->settings, kSettings), or_else(sudo->user_info, kUserInfo), 1,
                     kArgv, kNone, options, &errstr);
  end_faults();
  if (outcome->approval_open != 1) return;
  boot_jump_ms = sudo->answer_delay_ms;
  if (sudo->hears_signals) hear_signals(20);
  begin_faults(sudo, kFailCheck);
  outcome->check = approval->check(or_else(sudo->info, kInfo), or_else(sudo->argv, kArgv),
                                   or_else(sudo->envp, kEnvp), &errstr);
  end_faults();
  hear_signals(0);
  boot_jump_ms = 0;
  keep_errstr(errstr);
  if (approval->close != NULL) approval->close();
}

static int accept_start(struct audit_plugin* audit, const struct sudo_case* sudo) {
  char* const* info = or_else(sudo->accept_info, or_else(sudo->info, kInfo));
  char* const* argv = or_else(sudo->accept_argv, or_else(sudo->argv, kArgv));
  char* const* envp = or_else(sudo->accept_envp, or_else(sudo->envp, kEnvp));
  const char* errstr = NULL;
  begin_faults(sudo, kFailAccept);
  const int result = audit->accept("sudo", SUDO_FRONT_END, info, argv, envp, &errstr);
  end_faults();
  keep_errstr(errstr);
  return result;
}

/// sudo's order for one command; see "Plugin invocation order" in sudo_plugin(5).
static void run(const char* plugin, const struct world* world, const struct sudo_case* sudo) {
  void* handle = dlopen(plugin, RTLD_LAZY | RTLD_GLOBAL);
  if (handle == NULL) fprintf(stderr, "%s\n", dlerror());
  struct audit_plugin* audit = dlsym(handle, "daypass_audit");
  struct approval_plugin* approval = dlsym(handle, "daypass_approval");
  const char* errstr = NULL;
  const int before = open_files();
  if (!sudo->no_audit_line) open_audit(audit, world, sudo);
  if (!sudo->no_audit_line && outcome->audit_open != 1) return;
  if (sudo->only_open_and_close) {
    audit->accept("sudoers_policy", SUDO_POLICY_PLUGIN, (char* const[]){"command=list", NULL},
                  kNone, kNone, &errstr);
    audit->close(SUDO_PLUGIN_NO_STATUS, 0);
    return;
  }
  // An approval plugin whose open says 0 is dropped, and sudo goes on without it.
  if (!sudo->no_approval_line) open_and_check(approval, world, sudo);
  const bool approved =
      sudo->no_approval_line || outcome->approval_open == 0 || outcome->check == 1;
  if (approved && !sudo->no_audit_line) {
    boot_offset_ms += sudo->accept_delay_ms;
    outcome->accept = accept_start(audit, sudo);
    if (sudo->accepts_twice) outcome->second_accept = accept_start(audit, sudo);
  }
  outcome->would_run = approved && (sudo->no_audit_line || outcome->accept == 1);
  if (sudo->no_audit_line) return;
  audit->close(sudo->status_type ? sudo->status_type : SUDO_PLUGIN_WAIT_STATUS, sudo->status);
  outcome->left_open = open_files() - before;
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
