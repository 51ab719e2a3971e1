# SPDX-License-Identifier: Apache-2.0
# Resolver, containment and mirror, without the service around them.
set(parts ${PROJECT_SOURCE_DIR}/agent)
add_library(daypass_agent_parts STATIC
  ${parts}/resolver.cc ${parts}/resolver_helper.cc ${parts}/resolver_protocol.cc
  ${parts}/resolver_walk.cc)
target_link_libraries(daypass_agent_parts PRIVATE daypass::options
  PUBLIC daypass::core daypass::wire daypass::wire_json daypass::platform daypass::platform_event)

set(unit ${CMAKE_CURRENT_LIST_DIR})
daypass_unit_test(agent.walk SOURCES ${unit}/agent_walk_test.cc LIBS daypass_agent_parts)
daypass_unit_test(agent.resolver SOURCES ${unit}/agent_resolver_test.cc LIBS daypass_agent_parts)
