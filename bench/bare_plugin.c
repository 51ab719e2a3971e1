// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What Daypass's shims are compared with: the least that a sudo approval plugin can do to ask a
// daemon. One connection, 64 bytes there, one back. "Plugin bare_approval bare_plugin.so SOCKET".
#include <string.h>
#include <sudo_plugin.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un place = {.sun_family = AF_UNIX};

static int Open(unsigned version, sudo_conv_t talk, sudo_printf_t print, char* const settings[],
                char* const user_info[], int argc, char* const argv[], char* const envp[],
                char* const options[], const char** error) {
  (void)version, (void)talk, (void)print, (void)settings, (void)user_info, (void)argc, (void)argv;
  (void)envp, (void)error;
  if (options == NULL || options[0] == NULL) return -1;
  strncpy(place.sun_path, options[0], sizeof place.sun_path - 1);
  return 1;
}

static int Check(char* const info[], char* const argv[], char* const envp[], const char** error) {
  (void)info, (void)argv, (void)envp;
  char question[64] = "may it run?";
  char answer = 'n';
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr*)&place, sizeof place) == 0 &&
      send(fd, question, sizeof question, MSG_NOSIGNAL) == sizeof question &&
      recv(fd, &answer, 1, 0) == 1 && answer == 'y') {
    close(fd);
    return 1;
  }
  *error = "the bare daemon does not answer";
  return -1;
}

__attribute__((visibility("default"))) struct approval_plugin bare_approval = {
    .type = SUDO_APPROVAL_PLUGIN, .version = SUDO_API_VERSION, .open = Open, .check = Check};
