# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(policy.lint SOURCES policy_lint_test.cc LIBS daypass::policy daypass::core_pattern)
daypass_unit_test(policy.builder SOURCES policy_builder_test.cc LIBS daypass::policy)
daypass_unit_test(policy.diff SOURCES policy_diff_test.cc
  LIBS daypass::policy daypass::core_pattern rapidcheck_gtest)
daypass_unit_test(policy.scenario SOURCES policy_scenario_test.cc LIBS daypass::policy)
daypass_unit_test(policy.check SOURCES policy_check_test.cc LIBS daypass::policy daypass::platform)
foreach(name builder check scenario)
  target_compile_definitions(unit_policy_${name}
    PRIVATE DAYPASS_EXAMPLE_POLICY="${PROJECT_SOURCE_DIR}/docs/examples/policy")
endforeach()
daypass_unit_test(policy.escapes SOURCES policy_escapes_test.cc LIBS daypass::policy)
daypass_unit_test(policy.escapes_run
  SOURCES policy_escapes_run_test.cc
  LIBS daypass::policy daypass::platform daypass::platform_subprocess)
daypass_unit_test(policy.zones SOURCES policy_zones_test.cc LIBS daypass::policy)
daypass_unit_test(policy.keys SOURCES policy_keys_test.cc LIBS daypass::policy)
target_compile_definitions(unit_policy_keys
  PRIVATE DAYPASS_POLICY_PAGE="${PROJECT_SOURCE_DIR}/docs/man/daypass-policy.5.scd")
daypass_unit_test(policy.journal SOURCES policy_journal_test.cc LIBS daypass::policy)
daypass_unit_test(policy.replay SOURCES policy_replay_test.cc LIBS daypass::policy)
daypass_unit_test(policy.explain SOURCES policy_explain_test.cc LIBS daypass::policy)
daypass_unit_test(policy.suggest SOURCES policy_suggest_test.cc LIBS daypass::policy)
daypass_unit_test(policy.sudo_log SOURCES policy_sudo_log_test.cc LIBS daypass::policy)
daypass_unit_test(policy.sudoers SOURCES policy_sudoers_test.cc
  LIBS daypass::policy daypass::platform_subprocess)
