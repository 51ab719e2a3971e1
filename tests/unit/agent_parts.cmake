# SPDX-License-Identifier: Apache-2.0
# Resolver, containment and mirror.
daypass_unit_test(agent.containment SOURCES agent_containment_test.cc LIBS daypass::agent)
daypass_unit_test(agent.containment_systemd SOURCES agent_containment_systemd_test.cc
  LIBS daypass::agent)
daypass_unit_test(agent.order SOURCES agent_order_test.cc LIBS daypass::agent)
daypass_unit_test(agent.loss SOURCES agent_loss_test.cc LIBS daypass::agent)
daypass_unit_test(agent.journal SOURCES agent_journal_test.cc LIBS daypass::agent)
daypass_unit_test(agent.holdings SOURCES agent_holdings_test.cc LIBS daypass::agent)
daypass_unit_test(agent.mirror SOURCES agent_mirror_test.cc LIBS daypass::agent)
daypass_unit_test(agent.power SOURCES agent_power_test.cc agent_disk.cc LIBS daypass::agent)
daypass_unit_test(agent.resolver SOURCES agent_resolver_test.cc LIBS daypass::agent)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
daypass_unit_test(agent.torture SOURCES agent_torture_test.cc agent_faults.cc
  LIBS daypass::agent PkgConfig::JANSSON ${CMAKE_DL_LIBS})
daypass_unit_test(agent.walk SOURCES agent_walk_test.cc LIBS daypass::agent)
# They open hundreds of stores; power cuts are modelled, so that no real disk has to sync.
set_tests_properties(unit.agent.loss unit.agent.power unit.agent.torture
  PROPERTIES ENVIRONMENT TEST_TMPDIR=/dev/shm)
# The ids are compared with those that are installed.
target_compile_definitions(unit_agent_journal PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
