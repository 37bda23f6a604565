#!/usr/bin/env bats
# The Debian package: made, installed, run, and purged; in a folder of its own, as any user.

load common

setup() {
    own_folder
    command -v dpkg >/dev/null || skip "no dpkg here"
    mkdir -p root/admin/info root/admin/updates
    touch root/admin/status
}

# The database of packages is a new one, so the libraries are there without their packages.
into_root() {
    DPKG_FORCE=not-root,script-chrootless,depends PATH=$PATH:/usr/sbin:/sbin \
        dpkg --instdir="$PWD/root" --admindir="$PWD/root/admin" --log=/dev/null "$@"
}

@test "a package is made, installed, run and purged, and nothing is left" {
    (cd "$BENCH_BUILD" && cpack -G DEB -B "$BATS_TEST_TMPDIR/made" >"$BATS_TEST_TMPDIR/log" 2>&1) || {
        cat "$BATS_TEST_TMPDIR/log"
        false
    }
    version=$("$BENCH_BUILD/bench" --version | sed 's/.* //')
    made=$(echo "$BATS_TEST_TMPDIR"/made/bench_*.deb)
    [ "$(dpkg-deb -f "$made" Package)" = bench ]
    [ "$(dpkg-deb -f "$made" Version)" = "$version" ]
    dpkg-deb -f "$made" Depends | grep -q libuv1
    run dpkg-deb -f "$made" Depends
    [[ $output != *mpi* ]]
    into_root -i "$made"
    [ -f root/usr/share/man/man1/bench-run.1 ]
    [ -f root/usr/share/bash-completion/completions/bench ]
    [ -f root/usr/share/zsh/site-functions/_bench ]
    [ -f root/usr/share/fish/vendor_completions.d/bench.fish ]
    [ -f root/usr/share/doc/bench/copyright ]
    for strategy in pool offload queue; do
        run root/usr/bin/bench run --strategy $strategy --work count:1k -c 2 -a 10 --no-save --json
        [ "$status" -eq 0 ]
        [[ $output == *'"2xx":10,'* ]]
    done
    for rank in "$BATS_TEST_TMPDIR"/made/bench-rank_*.deb; do
        [ -x "$BENCH_BUILD/bench-rank" ] || { [ ! -e "$rank" ]; continue; }
        [ "$(dpkg-deb -f "$rank" Package)" = bench-rank ]
        dpkg-deb -f "$rank" Depends | grep -q "^bench (= $version), openmpi-bin, .*libopenmpi3"
        [ "$(dpkg-deb -c "$rank" | grep -c -e '/bench-rank$' -e '/bench-rank.1$')" -eq 2 ]
        into_root -i "$rank"
        run root/usr/bin/bench-rank --version
        [ "$output" = "bench-rank $version" ]
        into_root --purge bench-rank
    done
    mkdir -p root/usr/share/bench/originals/node_modules/x # as bench compare --originals does
    into_root --purge bench
    [ -z "$(find root -name '*bench*')" ]
}
