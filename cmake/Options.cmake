# SPDX-License-Identifier: Apache-2.0
# One interface target holds every compiler flag; each folder links it PRIVATE.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(DAYPASS_ASAN "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(DAYPASS_TSAN "ThreadSanitizer" OFF)
option(DAYPASS_COVERAGE "gcov" OFF)
option(DAYPASS_FUZZ "libFuzzer targets (clang)" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(daypass_options INTERFACE)
add_library(daypass::options ALIAS daypass_options)
target_include_directories(daypass_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(daypass_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror=unused-result -fstack-protector-strong
  $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
target_link_options(daypass_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(DAYPASS_ASAN)
  target_compile_options(daypass_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(daypass_options INTERFACE -fsanitize=address,undefined)
  target_sources(daypass_options INTERFACE
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${PROJECT_SOURCE_DIR}/tests/sanitizers.c>)
endif()
if(DAYPASS_TSAN)
  target_compile_options(daypass_options INTERFACE -fsanitize=thread)
  target_link_options(daypass_options INTERFACE -fsanitize=thread)
endif()
if(DAYPASS_COVERAGE)
  target_compile_options(daypass_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(daypass_options INTERFACE --coverage)
endif()
if(DAYPASS_FUZZ)
  target_compile_options(daypass_options INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  target_link_options(daypass_options INTERFACE -fsanitize=address,undefined)
endif()
