// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// libpam's part of faults.c: what the module asks of libpam can fail as well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>
#include <stdarg.h>

#include "faults.h"

#define NEXT(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

int pam_get_item(const pam_handle_t* pamh, int type, const void** item) {
  if (faults_strike("pam_get_item", FAULTS_CALLER)) return PAM_SYSTEM_ERR;
  return NEXT(pam_get_item)(pamh, type, item);
}

struct passwd* pam_modutil_getpwnam(pam_handle_t* pamh, const char* user) {
  if (faults_strike("pam_modutil_getpwnam", FAULTS_CALLER)) return NULL;
  return NEXT(pam_modutil_getpwnam)(pamh, user);
}

int pam_prompt(pam_handle_t* pamh, int style, char** response, const char* format, ...) {
  if (faults_strike("pam_prompt", FAULTS_CALLER)) return PAM_CONV_ERR;
  va_list args;
  va_start(args, format);
  const int result = pam_vprompt(pamh, style, response, format, args);
  va_end(args);
  return result;
}
