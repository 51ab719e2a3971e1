# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(agent.clock SOURCES agent_clock_test.cc LIBS daypass::agent)
daypass_unit_test(agent.connection SOURCES agent_connection_test.cc LIBS daypass::agent)
daypass_unit_test(agent.check_facts SOURCES agent_check_facts_test.cc LIBS daypass::agent)
daypass_unit_test(agent.importer SOURCES agent_importer_test.cc LIBS daypass::agent)
daypass_unit_test(agent.ledger SOURCES agent_ledger_test.cc LIBS daypass::agent)
daypass_unit_test(agent.wording SOURCES agent_wording_test.cc LIBS daypass::agent)
include(${CMAKE_CURRENT_LIST_DIR}/agent_parts.cmake OPTIONAL)
include(${CMAKE_CURRENT_LIST_DIR}/agent_sync.cmake OPTIONAL)
