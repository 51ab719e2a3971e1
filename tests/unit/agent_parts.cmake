# SPDX-License-Identifier: Apache-2.0
# Resolver, containment and mirror.
foreach(unit containment containment_systemd journal mirror resolver walk)
  daypass_unit_test(agent.${unit} SOURCES agent_${unit}_test.cc LIBS daypass::agent)
endforeach()
# The ids are compared with those that are installed.
target_compile_definitions(unit_agent_journal PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
