# The known comparisons: as a program for golden and schema tests, as a source for unit tests.
add_library(compare_cases STATIC golden/claim_cases.c golden/compare_cases.c)
target_include_directories(compare_cases PUBLIC golden)
target_link_libraries(compare_cases PUBLIC bench_model)

add_executable(compare golden/compare.c)
target_link_libraries(compare PRIVATE compare_cases bench_store bench_report)
set_target_properties(compare PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

add_test(NAME golden/compare
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/golden/run compare $<TARGET_FILE:compare>)
set_tests_properties(golden/compare PROPERTIES LABELS golden TIMEOUT 120)
