// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "pam_services.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void write_service(const char* folder, const char* service, const char* module,
                          const char* option) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, service);
  FILE* file = fopen(path, "we");
  if (file == NULL) abort();
  for (const char* const* type =
           (const char* const[]){"auth", "account", "password", "session", NULL};
       *type != NULL; ++type) {
    // Whatever we ignore is allowed by the line below: an ignored refusal would show.
    fprintf(file, "%s required %s %s\n%s required pam_permit.so\n", *type, module, option, *type);
  }
  fclose(file);
}

void services_make(const struct world* world, const char* module) {
  char folder[128];
  snprintf(folder, sizeof folder, "%s/pam.d", world->root);
  if (mkdir(folder, 0755) != 0) abort();
  for (const char* const* service = (const char* const[]){"sshd", "sudo", "su", "remote", "cron",
                                                          "doas", "systemd-run0", "chfn", NULL};
       *service != NULL; ++service) {
    write_service(folder, *service, module, world->option);
  }
  write_service(folder, "login", module, "debug");
  write_service(folder, "bare", "pam_permit.so", "");
  write_service(folder, "other", "pam_permit.so", "");  // libpam reads it beside each of the others
  if (setenv("PAM_WRAPPER_SERVICE_DIR", folder, 1) != 0) abort();
}
