# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(agent.sync_parts SOURCES agent_sync_parts_test.cc LIBS daypass::agent_sync)
target_compile_definitions(unit_agent_sync_parts PRIVATE
  DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
# Apart, so that they wait side by side.
foreach(part courier faults tls)
  daypass_unit_test(agent.sync_${part} SOURCES agent_sync_${part}_test.cc
    LIBS daypass::agent_sync daypass::platform_tls)
  target_compile_definitions(unit_agent_sync_${part} PRIVATE
    DAYPASS_SYNC_SERVER="${CMAKE_CURRENT_LIST_DIR}/agent_sync_server.py")
endforeach()
