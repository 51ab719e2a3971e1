# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(platform.cgroup SOURCES platform_cgroup_test.cc LIBS daypass::platform)
daypass_unit_test(platform.clock SOURCES platform_clock_test.cc LIBS daypass::platform)
daypass_unit_test(platform.file SOURCES platform_file_test.cc LIBS daypass::platform)
daypass_unit_test(platform.memfd SOURCES platform_memfd_test.cc LIBS daypass::platform)
daypass_unit_test(platform.paths SOURCES platform_paths_test.cc LIBS daypass::platform)
daypass_unit_test(platform.process SOURCES platform_process_test.cc LIBS daypass::platform)
daypass_unit_test(platform.socket SOURCES platform_socket_test.cc LIBS daypass::platform)
