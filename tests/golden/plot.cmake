# The data files of the known comparisons.
add_executable(plot golden/plot.c)
target_link_libraries(plot PRIVATE compare_cases bench_report)
set_target_properties(plot PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

add_test(NAME golden/plot
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/golden/run plot $<TARGET_FILE:plot>)
set_tests_properties(golden/plot PROPERTIES LABELS golden TIMEOUT 60)
