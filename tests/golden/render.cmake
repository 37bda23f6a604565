# The known results: as a program for golden and schema tests, as a source for unit tests.
add_library(render_cases STATIC golden/render_cases.c)
target_include_directories(render_cases PUBLIC golden)
target_link_libraries(render_cases PUBLIC bench_model)

add_executable(render golden/render.c)
target_link_libraries(render PRIVATE render_cases bench_store bench_report)
set_target_properties(render PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

add_test(NAME golden/render COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/golden/run render $<TARGET_FILE:render>)
set_tests_properties(golden/render PROPERTIES LABELS golden TIMEOUT 60)
