# SPDX-License-Identifier: Apache-2.0

# daypass_unit_test(core.decision SOURCES f.cc LIBS daypass::core): a GoogleTest program, in CTest as
# unit.core.decision with the label "unit".
# All of them at once, without the rest: what the sanitizers' builds want.
add_custom_target(unit_tests)

function(daypass_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  string(REPLACE "." "_" target "unit_${name}")
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE daypass::options ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  add_dependencies(unit_tests ${target})
  add_test(NAME unit.${name} COMMAND ${target})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 120)
  if(rapidcheck_gtest IN_LIST ARG_LIBS)
    set_property(TEST unit.${name} APPEND PROPERTY LABELS properties)
  endif()
endfunction()
