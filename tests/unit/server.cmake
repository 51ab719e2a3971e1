# SPDX-License-Identifier: Apache-2.0
# A real store and real signatures; the network only where it is the point.
add_library(daypass_server_fixture STATIC ${CMAKE_CURRENT_LIST_DIR}/server_fixture.cc)
target_link_libraries(daypass_server_fixture
  PUBLIC daypass::server daypass_wire_fixture PRIVATE daypass::options GTest::gtest GTest::gmock)

daypass_unit_test(server.store SOURCES server_store_test.cc
  LIBS daypass::server_store daypass_wire_fixture)
foreach(unit parts identity requests conditions risk life grants records)
  daypass_unit_test(server.${unit} SOURCES server_${unit}_test.cc LIBS daypass_server_fixture)
endforeach()
daypass_unit_test(server.https SOURCES server_https_test.cc
  LIBS daypass_server_fixture daypass::platform_http)
daypass_unit_test(server.http_page SOURCES server_http_page_test.cc LIBS daypass_server_fixture)
set_tests_properties(unit.server.life PROPERTIES ENVIRONMENT TMPDIR=/dev/shm)
target_compile_definitions(unit_server_life PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_compile_definitions(unit_server_http_page PRIVATE DAYPASS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

daypass_unit_test(server.parallel SOURCES server_parallel_test.cc
  LIBS daypass_server_fixture daypass::platform_http daypass::platform_sqlite)

# Records on their way in: through a bad courier, a power cut, kills of the real program.
daypass_unit_test(server.carried SOURCES server_carried_test.cc
  LIBS daypass_server_fixture daypass::agent)
daypass_unit_test(server.power SOURCES server_power_test.cc
  LIBS daypass_server_fixture daypass::platform_sqlite)
daypass_unit_test(server.kills SOURCES server_kills_test.cc
  LIBS daypass_server_fixture daypass::platform_sqlite daypass::platform_http)
target_compile_definitions(unit_server_kills
  PRIVATE DAYPASS_SERVER="$<TARGET_FILE:daypass_server_main>")
add_dependencies(unit_server_kills daypass_server_main)

# All of them at once: what ThreadSanitizer looks at (make tsan), as the server is the one program with two threads.
get_property(server_tests DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER server_tests INCLUDE REGEX "^unit_server_")
add_custom_target(server_tests)
add_dependencies(server_tests ${server_tests})
