# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(core.words SOURCES core_words_test.cc LIBS daypass::core)
daypass_unit_test(core.escape SOURCES core_escape_test.cc LIBS daypass::core)
daypass_unit_test(core.duration SOURCES core_duration_test.cc LIBS daypass::core)
daypass_unit_test(core.decision SOURCES core_decision_test.cc LIBS daypass::core)
daypass_unit_test(core.window SOURCES core_window_test.cc LIBS daypass::core rapidcheck_gtest)
daypass_unit_test(core.properties
  SOURCES core_decision_property_test.cc LIBS daypass::core rapidcheck_gtest)
daypass_unit_test(core.authority
  SOURCES core_authority_test.cc core_statement_test.cc core_policy_update_test.cc LIBS daypass::core)
daypass_unit_test(core.clock SOURCES core_clock_test.cc LIBS daypass::core rapidcheck_gtest)
daypass_unit_test(core.match
  SOURCES core_match_test.cc core_environment_test.cc LIBS daypass::core daypass::core_pattern)
daypass_unit_test(core.zone SOURCES core_zone_test.cc LIBS daypass::core)
daypass_unit_test(core.hours SOURCES core_hours_test.cc LIBS daypass::core rapidcheck_gtest)
daypass_unit_test(core.policy_index SOURCES core_policy_index_test.cc LIBS daypass::core)
daypass_unit_test(core.guard SOURCES core_guard_test.cc LIBS daypass::core)
daypass_unit_test(core.powers
  SOURCES core_standing_test.cc core_intercept_test.cc core_conditions_test.cc LIBS daypass::core)
daypass_unit_test(core.naive_matcher
  SOURCES core_naive_matcher_test.cc naive_matcher.cc
  LIBS daypass::core daypass::core_pattern rapidcheck_gtest)
daypass_unit_test(core.narrowing
  SOURCES core_narrowing_test.cc LIBS daypass::core daypass::core_pattern rapidcheck_gtest)
