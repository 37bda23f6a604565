# Language, warnings and sanitizer: every target links bench_flags and nothing else sets flags.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

set(BENCH_SANITIZE "" CACHE STRING "'', 'address' (with undefined) or 'thread'")
option(BENCH_WERROR "turn warnings into errors" OFF)

add_library(bench_flags INTERFACE)
target_include_directories(bench_flags INTERFACE ${CMAKE_SOURCE_DIR}/harness ${CMAKE_SOURCE_DIR})
target_compile_definitions(bench_flags INTERFACE _GNU_SOURCE BENCH_VERSION="${PROJECT_VERSION}")
target_compile_options(bench_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings -fno-common
  -fno-omit-frame-pointer
  -fno-math-errno) # nothing reads it, and rounding is then one instruction
# A library of which nothing is used costs each process its pages.
target_link_options(bench_flags INTERFACE -Wl,--as-needed)
if(BENCH_WERROR)
  target_compile_options(bench_flags INTERFACE -Werror)
endif()
if(BENCH_SANITIZE STREQUAL "address")
  target_compile_options(bench_flags INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=all)
  target_link_options(bench_flags INTERFACE -fsanitize=address,undefined)
elseif(BENCH_SANITIZE STREQUAL "thread")
  target_compile_options(bench_flags INTERFACE -fsanitize=thread)
  target_link_options(bench_flags INTERFACE -fsanitize=thread)
endif()

function(bench_room name)
  add_library(bench_${name} STATIC ${ARGN})
  target_link_libraries(bench_${name} PUBLIC bench_flags)
endfunction()
