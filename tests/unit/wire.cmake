# SPDX-License-Identifier: Apache-2.0
# The real ssh-keygen signs and judges; documents that are right in every part.
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
add_library(daypass_wire_fixture STATIC ${CMAKE_CURRENT_LIST_DIR}/wire_fixture.cc)
target_link_libraries(daypass_wire_fixture
  PUBLIC daypass::wire PRIVATE daypass::options OpenSSL::Crypto GTest::gtest)

daypass_unit_test(wire.sshsig SOURCES wire_sshsig_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.sshsig_differential
  SOURCES wire_sshsig_differential_test.cc sshsig_oracle.cc
  LIBS daypass_wire_fixture daypass::platform_subprocess OpenSSL::Crypto)
target_compile_definitions(unit_wire_sshsig_differential PRIVATE
  DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
daypass_unit_test(wire.faults SOURCES wire_faults_test.cc
  LIBS daypass_wire_fixture PkgConfig::JANSSON OpenSSL::Crypto)
daypass_unit_test(wire.encoding SOURCES wire_encoding_test.cc LIBS daypass::wire)
daypass_unit_test(wire.json SOURCES wire_json_test.cc LIBS daypass::wire_json)
daypass_unit_test(wire.json_reader SOURCES wire_json_reader_test.cc LIBS daypass::wire_json)
daypass_unit_test(wire.string_rule SOURCES wire_string_rule_test.cc LIBS daypass::wire_json)
daypass_unit_test(wire.toml SOURCES wire_toml_test.cc wire_toml_table_test.cc
  LIBS daypass::wire_toml)
daypass_unit_test(wire.keys SOURCES wire_keys_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.envelope SOURCES wire_envelope_test.cc LIBS daypass::wire)
daypass_unit_test(wire.open SOURCES wire_open_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.policy SOURCES wire_policy_test.cc wire_policy_roles_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.statement SOURCES wire_statement_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.record SOURCES wire_record_test.cc LIBS daypass_wire_fixture)
daypass_unit_test(wire.formats SOURCES wire_formats_test.cc LIBS daypass_wire_fixture)
target_compile_definitions(unit_wire_formats PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
daypass_unit_test(wire.roundtrip
  SOURCES wire_roundtrip_test.cc LIBS daypass_wire_fixture rapidcheck_gtest)
daypass_unit_test(wire.unknown
  SOURCES wire_unknown_test.cc LIBS daypass_wire_fixture rapidcheck_gtest)
target_compile_definitions(unit_wire_unknown PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
