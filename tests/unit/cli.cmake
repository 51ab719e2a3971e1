# SPDX-License-Identifier: Apache-2.0
daypass_unit_test(cli.when SOURCES cli_when_test.cc LIBS daypass::cli)
daypass_unit_test(cli.view SOURCES cli_view_test.cc LIBS daypass::cli daypass::policy)
daypass_unit_test(cli.ask SOURCES cli_ask_test.cc LIBS daypass::cli daypass::policy)
daypass_unit_test(cli.policy_store
  SOURCES cli_policy_store_test.cc LIBS daypass::cli daypass::policy daypass::platform)
daypass_unit_test(cli.remote SOURCES cli_remote_test.cc LIBS daypass::cli daypass::policy)
daypass_unit_test(cli.host_status SOURCES cli_host_status_test.cc LIBS daypass::cli)
daypass_unit_test(cli.config SOURCES cli_config_test.cc LIBS daypass::cli daypass::platform)
daypass_unit_test(cli.signing
  SOURCES cli_signing_test.cc
  LIBS daypass::cli daypass::policy daypass::platform daypass::platform_subprocess)
daypass_unit_test(cli.enrol
  SOURCES cli_enrol_test.cc LIBS daypass::cli daypass::platform daypass::platform_subprocess)
daypass_unit_test(cli.command_line
  SOURCES cli_command_line_test.cc LIBS daypass::cli daypass::platform)
target_compile_definitions(unit_cli_command_line
  PRIVATE DAYPASS_MAN="${PROJECT_SOURCE_DIR}/docs/man" DAYPASS_VERSION="${PROJECT_VERSION}")
