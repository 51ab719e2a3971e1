// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// PL-03: the built sudo_daypass.so, seen through the plugin header of one sudo release: compiled
// once for each header that CMakeLists.txt names. sudo looks at our two structs through its own
// header, whichever ours was built with.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sudo_plugin.h>

#include <cmocka.h>

static void* shim;

/// The object behind an exported symbol, which must be as large as this header says.
static const void* object_of(const char* name, size_t size) {
  void* object = dlsym(shim, name);
  assert_non_null(object);
  Dl_info info;
  const ElfW(Sym)* symbol = NULL;
  assert_int_not_equal(dladdr1(object, &info, (void**)&symbol, RTLD_DL_SYMENT), 0);
  assert_ptr_equal(info.dli_saddr, object);
  assert_true(symbol->st_size >= size);
  return object;
}

/// sudo refuses another major number, and asks an older minor one for less.
static void assert_version(unsigned version) {
  assert_int_equal(SUDO_API_VERSION_GET_MAJOR(version), SUDO_API_VERSION_MAJOR);
  assert_true(SUDO_API_VERSION_GET_MINOR(version) >= 15);  // both kinds of plugin: 1.9.2
}

// PL-03: an approval plugin without a check is dropped, and everything it should have refused runs.
static void approval_lies_where_this_sudo_looks_for_it(void** state) {
  (void)state;
  const struct approval_plugin* plugin =
      object_of("daypass_approval", sizeof(struct approval_plugin));
  assert_int_equal(plugin->type, SUDO_APPROVAL_PLUGIN);
  assert_version(plugin->version);
  assert_non_null(plugin->open);
  assert_non_null(plugin->check);
  assert_non_null(plugin->show_version);
}

// PL-03: without a close sudo may replace itself by the command.
static void audit_lies_where_this_sudo_looks_for_it(void** state) {
  (void)state;
  const struct audit_plugin* plugin = object_of("daypass_audit", sizeof(struct audit_plugin));
  assert_int_equal(plugin->type, SUDO_AUDIT_PLUGIN);
  assert_version(plugin->version);
  assert_non_null(plugin->open);
  assert_non_null(plugin->accept);
  assert_non_null(plugin->close);
  assert_non_null(plugin->show_version);
  assert_null(plugin->register_hooks);
  assert_null(plugin->deregister_hooks);
  assert_null(plugin->event_alloc);
}

/// The functions answer when they are called with this header's types: a wrong guess of theirs
/// would end in a crash here. Without settings there is nobody to ask for, so nothing is allowed.
static void answers_to_the_types_of_this_sudo(void** state) {
  (void)state;
  const struct approval_plugin* plugin = dlsym(shim, "daypass_approval");
  char* const nothing[] = {NULL};
  char* const options[] = {"root=/does/not/exist", NULL};
  const char* errstr = NULL;
  assert_int_equal(plugin->open(SUDO_API_VERSION, NULL, NULL, nothing, nothing, 0, nothing, nothing,
                                options, &errstr),
                   1);
  assert_int_equal(plugin->check(nothing, nothing, nothing, &errstr), 0);
  assert_non_null(errstr);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  shim = dlopen(argv[1], RTLD_NOW);
  if (shim == NULL) return 2;
  printf("plugin API %d.%d\n", SUDO_API_VERSION_MAJOR, SUDO_API_VERSION_MINOR);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(approval_lies_where_this_sudo_looks_for_it),
      cmocka_unit_test(audit_lies_where_this_sudo_looks_for_it),
      cmocka_unit_test(answers_to_the_types_of_this_sudo),
  };
  return cmocka_run_group_tests_name("sudo header", tests, NULL, NULL);
}
