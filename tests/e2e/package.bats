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
    [ "$(ls "$BATS_TEST_TMPDIR"/made/*.deb | wc -l)" -eq 1 ]
    version=$("$BENCH_BUILD/bench" --version | sed 's/.* //')
    [ "$(dpkg-deb -f "$BATS_TEST_TMPDIR"/made/*.deb Package)" = bench ]
    [ "$(dpkg-deb -f "$BATS_TEST_TMPDIR"/made/*.deb Version)" = "$version" ]
    dpkg-deb -f "$BATS_TEST_TMPDIR"/made/*.deb Depends | grep -q libuv1
    into_root -i "$BATS_TEST_TMPDIR"/made/*.deb
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
    mkdir -p root/usr/share/bench/originals/node_modules/x # as bench compare --originals does
    into_root --purge bench
    [ -z "$(find root -name '*bench*')" ]
}
