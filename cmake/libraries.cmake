# Third-party libraries, all Debian packages (scripts/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(uv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(ssl REQUIRED IMPORTED_TARGET libssl)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)
pkg_check_modules(cminpack REQUIRED IMPORTED_TARGET cminpack)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)

# Debian's http-parser has no .pc file.
find_library(HTTP_PARSER_LIBRARY http_parser REQUIRED)
find_path(HTTP_PARSER_INCLUDE http_parser.h REQUIRED)
add_library(http_parser INTERFACE)
target_include_directories(http_parser SYSTEM INTERFACE ${HTTP_PARSER_INCLUDE})
target_link_libraries(http_parser INTERFACE ${HTTP_PARSER_LIBRARY})

# Of bench-rank alone (harness/rank); bench itself is never linked with it.
pkg_check_modules(mpi QUIET IMPORTED_TARGET ompi-c)
option(BENCH_MPI "build bench-rank, for a load of several hosts under mpirun" ${mpi_FOUND})
if(BENCH_MPI AND NOT mpi_FOUND)
  message(FATAL_ERROR "BENCH_MPI needs OpenMPI: install libopenmpi-dev, or use -DBENCH_MPI=OFF")
endif()
