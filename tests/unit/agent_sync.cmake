# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(agent.sync_parts SOURCES agent_sync_parts_test.cc LIBS daypass::agent_sync)
daypass_unit_test(agent.sync SOURCES agent_sync_courier_test.cc agent_sync_faults_test.cc
  LIBS daypass::agent_sync daypass::platform_tls)
target_compile_definitions(unit_agent_sync_parts PRIVATE
  DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_compile_definitions(unit_agent_sync PRIVATE
  DAYPASS_SYNC_SERVER="${CMAKE_CURRENT_LIST_DIR}/agent_sync_server.py")
