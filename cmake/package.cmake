# `cpack -G DEB` makes Debian packages of what is installed (docs/install.md): bench, and bench-rank,
# which needs OpenMPI.
set(CPACK_PACKAGE_NAME bench)
set(CPACK_PACKAGE_VENDOR bench)
set(CPACK_PACKAGE_CONTACT "the maintainers of bench <bench@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "load generator that compares concurrency strategies and gates regressions")
set(CPACK_PACKAGE_DESCRIPTION
    "Tells which concurrency strategy a CPU-heavy HTTP endpoint should use, what
it costs, and whether a commit made it slower: runs, comparisons, verdicts
and reports, with autocannon's options.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # the libraries that the programs need
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox, redis-server, nodejs, npm")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_NAME bench)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/postrm)
set(CPACK_DEBIAN_BENCH-RANK_PACKAGE_NAME bench-rank)
set(CPACK_DEBIAN_BENCH-RANK_DESCRIPTION "one rank of a load of several hosts, for bench run --hosts
mpirun starts it on each host; it starts bench there.")
set(CPACK_DEBIAN_BENCH-RANK_PACKAGE_DEPENDS "bench (= ${PROJECT_VERSION}), openmpi-bin")
set(CPACK_DEBIAN_BENCH-RANK_PACKAGE_SUGGESTS "openssh-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
