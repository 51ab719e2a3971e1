# SPDX-License-Identifier: Apache-2.0
# The local protocol, and what the shims do short of being loaded by sudo or PAM (that is tests/abi).
daypass_unit_test(wire.ipc SOURCES wire_ipc_test.cc LIBS daypass::wire_json)
target_compile_definitions(unit_wire_ipc PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
daypass_unit_test(wire.gate SOURCES wire_gate_test.cc LIBS daypass::wire_json)
daypass_unit_test(shims.hardened SOURCES shims_hardened_test.cc LIBS daypass::client)
daypass_unit_test(sudo_plugin.facts
  SOURCES sudo_plugin_facts_test.cc ${PROJECT_SOURCE_DIR}/sudo_plugin/facts.cc
          ${PROJECT_SOURCE_DIR}/sudo_plugin/options.cc
  LIBS daypass::client)
