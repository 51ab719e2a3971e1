# SPDX-License-Identifier: Apache-2.0

# What is linked into a shim is cut into functions, so that a shim carries those it calls and no other:
# what it imports from libc then says what it can do (tests/abi/imports.txt).
foreach(floor core wire_json platform client)
  target_compile_options(daypass_${floor} PRIVATE -ffunction-sections -fdata-sections)
endforeach()

# daypass_shim(sudo_daypass SOURCES f.cc LIBS pam DESTINATION libexec/sudo): a guest in somebody else's
# process. libstdc++ inside (loading it costs sudo a millisecond), nothing exported but what the folder's
# export.sym names, nothing left undefined.
function(daypass_shim name)
  cmake_parse_arguments(ARG "" "DESTINATION" "SOURCES;LIBS" ${ARGN})
  add_library(${name} MODULE ${ARG_SOURCES})
  set(exports ${CMAKE_CURRENT_SOURCE_DIR}/export.sym)
  set_target_properties(${name} PROPERTIES PREFIX "" LINK_DEPENDS ${exports})
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  target_link_libraries(${name} PRIVATE daypass::options daypass::client ${ARG_LIBS})
  if(NOT DAYPASS_ASAN) # whose tests let operator new fail: one libstdc++ must both throw and catch
    target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
  target_link_options(${name} PRIVATE -Wl,-z,defs -Wl,--as-needed -Wl,--gc-sections
    -Wl,--exclude-libs,ALL -Wl,--version-script=${exports})
  install(TARGETS ${name} LIBRARY DESTINATION ${ARG_DESTINATION})
endfunction()
