# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(platform.certificate SOURCES platform_certificate_test.cc
  LIBS daypass::platform_tls)
daypass_unit_test(platform.cgroup SOURCES platform_cgroup_test.cc LIBS daypass::platform)
daypass_unit_test(platform.clock SOURCES platform_clock_test.cc LIBS daypass::platform)
daypass_unit_test(platform.database SOURCES platform_database_test.cc
  LIBS daypass::platform_sqlite)
daypass_unit_test(platform.event_loop SOURCES platform_event_loop_test.cc
  LIBS daypass::platform_event)
daypass_unit_test(platform.file SOURCES platform_file_test.cc LIBS daypass::platform)
daypass_unit_test(platform.http_client SOURCES platform_http_client_test.cc
  LIBS daypass::platform_http)
daypass_unit_test(platform.http_fetch SOURCES platform_http_fetch_test.cc
  LIBS daypass::platform_http)
daypass_unit_test(platform.journal SOURCES platform_journal_test.cc
  LIBS daypass::platform_journal)
daypass_unit_test(platform.memfd SOURCES platform_memfd_test.cc LIBS daypass::platform)
daypass_unit_test(platform.paths SOURCES platform_paths_test.cc LIBS daypass::platform)
daypass_unit_test(platform.process SOURCES platform_process_test.cc LIBS daypass::platform)
daypass_unit_test(platform.socket SOURCES platform_socket_test.cc LIBS daypass::platform)
daypass_unit_test(platform.subprocess SOURCES platform_subprocess_test.cc
  LIBS daypass::platform_subprocess)
daypass_unit_test(platform.units SOURCES platform_units_test.cc LIBS daypass::platform_units)
daypass_unit_test(platform.units_systemd SOURCES platform_units_systemd_test.cc
  LIBS daypass::platform_units)

foreach(test http_client http_fetch)
  target_compile_definitions(unit_platform_${test} PRIVATE
    DAYPASS_HTTPS_SERVER="${CMAKE_CURRENT_SOURCE_DIR}/platform_https_server.py")
endforeach()
# What cannot be tried here says so to CTest, and is not counted as passed.
set_tests_properties(unit.platform.cgroup unit.platform.journal unit.platform.units_systemd PROPERTIES
  SKIP_REGULAR_EXPRESSION "SKIPPED")
