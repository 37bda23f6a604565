#!/usr/bin/env bats
# How bench builds the originals' Rust service on first use, with a cargo of the test's own in place
# of Debian's: whatever goes wrong is one sentence, the other arms go on, and nothing is left.

load common
load rust

setup() {
    own_folder
    need_rust_tools
    unshare --mount true 2>/dev/null || skip "needs a mount namespace"
    # A bench of one's own, which has not built anything.
    mkdir own own/originals own/originals/rust-compute bin
    cp "$BENCH_BUILD"/bench{,-target,-compute,-redis} own/
    cp "$BENCH_BUILD"/originals/rust-compute/{Cargo.toml,main.rs} own/originals/rust-compute/
    OWN=$PWD/own/originals/rust-compute
    # Programs that must not be found.
    printf '#!/bin/sh\ntouch "%s/taken"\n' "$PWD" | tee bin/cargo >bin/rustc
    chmod +x bin/cargo bin/rustc
    COMPARE=(env PATH="$PWD/bin" RUSTFLAGS=--none RUSTC="$PWD/bin/rustc" CARGO_TARGET_DIR="$PWD/elsewhere"
        "$PWD/own/bench" compare --rounds 1 --no-repeat --originals --strategies pool --work count:10k -c 2
        -d 200ms --no-save)
}

# What is left: the two files of the source, and what is named.
left_are() {
    ls -A "$OWN" | diff - <(printf '%s\n' Cargo.toml main.rs "$@" | sort)
    [ ! -e taken ] && [ ! -e elsewhere ]
    is_empty "$TMPDIR" || { find "$TMPDIR"; return 1; }
}

# cargo_does TEXT: the script that stands in for cargo. $target is the folder that it is given.
cargo_does() {
    {
        printf '#!/bin/sh\nfor word; do case $word in --target-dir=*) target=${word#*=} ;; esac; done\n'
        printf 'echo built >>"%s/builds"\necho lock >"%s/Cargo.lock"\nmkdir "$target/release"\n' "$PWD" "$OWN"
        printf '%s\n' "$1"
    } >cargo
    chmod +x cargo
}

# As cargo ends: bench-compute is the service.
BUILT='printf "%s\n" "#!/bin/sh" "exec \"$SERVICE\" \"\$@\"" >"$target/release/rust-compute"
    chmod +x "$target/release/rust-compute"'
built() {
    echo "SERVICE='$BENCH_BUILD/bench-compute'"
    echo "$BUILT"
}

# bound FILE PLACE COMMAND...: with the file in that place.
bound() {
    timeout 200 unshare --mount sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' "$@" 3>&-
}

compare() {
    run --separate-stderr "$@"
}

@test "it is built once, from Debian's programs alone" {
    cargo_does "env >'$PWD/env'; $(built)"
    compare bound cargo /usr/bin/cargo "${COMPARE[@]}" --json
    [ "$status" -eq 0 ]
    [[ $stderr == *"building the Rust service of the originals in $OWN (only once"* ]]
    [ "$(jq -c '[.arms[].name]' <<<"$output")" = '["pool","offload-rust"]' ]
    jq -e '.arms | all(.problems == [] and .results[0].valid)' <<<"$output"
    ! grep -q "RUSTFLAGS\|CARGO_TARGET_DIR\|$PWD/bin" env
    left_are rust-compute
    compare bound cargo /usr/bin/cargo "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr != *building* && $output == *"2 arms,"* ]]
    [ "$(wc -l <builds)" -eq 1 ]
    # It is not built anew for a folder that cannot be written.
    compare bound "$OWN" "$OWN" sh -c 'mount -o remount,bind,ro "$0" && exec "$@"' "$OWN" "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $output == *"2 arms,"* ]]
}

@test "without cargo, or without a crate: its arms are left out with the one command" {
    compare bound /dev/null /usr/bin/cargo "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"skipping express-rust and offload-rust: /usr/bin/cargo is not installed: apt-get install cargo librust-hyper-dev librust-rayon-dev librust-tokio-dev"* ]]
    [[ $output == *"1 arm,"* ]]
    mkdir registry
    compare bound registry /usr/share/cargo/registry "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"the crate hyper 0.14 is not in /usr/share/cargo/registry: apt-get install cargo"* ]]
    [[ $output == *"1 arm,"* ]]
    left_are
}

@test "a crate that only another crate needs is told by cargo itself" {
    mkdir registry
    for crate in /usr/share/cargo/registry/*; do
        [[ $crate == */httparse-* ]] || ln -s "$crate" registry/
    done
    # The links point into the folder that they hide, so they are made of a second view of it.
    mkdir view
    compare bound /usr/share/cargo/registry view sh -c 'for link in registry/*; do
        ln -sfn "$PWD/view/${link##*/}" "$link"; done
        mount --bind registry /usr/share/cargo/registry && exec "$@"' - "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"skipping express-rust and offload-rust: cargo failed (exit 101)"*httparse* ]]
    [[ $output == *"1 arm,"* ]]
    left_are
}

@test "a build that fails: the last lines of the compiler, and the rest is measured" {
    cargo_does 'echo "error: package rust-compute cannot be built because it requires rustc 1.63 or newer" >&2; exit 101'
    compare bound cargo /usr/bin/cargo "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"skipping express-rust and offload-rust: cargo failed (exit 101); its last lines:"*"it requires rustc 1.63 or newer"* ]]
    [[ $output == *"1 arm,"* ]]
    left_are
}

@test "a folder that cannot be written: told, and nothing is built" {
    cargo_does "$(built)"
    compare bound "$OWN" "$OWN" sh -c 'mount -o remount,bind,ro "$0" && mount --bind cargo /usr/bin/cargo &&
        exec "$@"' "$OWN" "${COMPARE[@]}"
    [ "$status" -eq 0 ]
    [[ $stderr == *"cannot write to $OWN: Read-only file system; run bench once as a user who may write there"* ]]
    [[ $output == *"1 arm,"* ]]
    [ ! -e builds ]
    left_are
}

@test "Ctrl-C during the build ends it, and nothing is left" {
    cargo_does "sleep 9$BASHPID & wait"
    timeout 200 unshare --mount sh -c 'mount --bind cargo /usr/bin/cargo && exec "$@"' - \
        "${COMPARE[@]}" >out 2>said 3>&- &
    BENCH_PID=$!
    until_true test -s builds
    until_processes 1 "9$BASHPID"
    kill -INT "$(pgrep -P "$BENCH_PID")"
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
    [ "$STATUS" -eq 130 ]
    grep -q 'interrupted' said
    [ ! -s out ]
    until_processes 0 "9$BASHPID"
    left_are
}

@test "two at once: one builds, the other waits and says so" {
    mkfifo go
    cargo_does "read -r word <'$PWD/go'; $(built)"
    for n in 1 2; do
        bound cargo /usr/bin/cargo "${COMPARE[@]}" >"out$n" 2>"said$n" &
        pids[n]=$!
    done
    until_true grep -qs "waiting until another bench has built the originals' Rust service\|waiting until no other" said1 said2
    echo go >go
    wait "${pids[1]}"
    wait "${pids[2]}"
    grep -l '2 arms,' out1 out2 | wc -l | grep -qx 2
    [ "$(wc -l <builds)" -eq 1 ]
    left_are rust-compute
}

@test "a service that dies at once: the arm fails with a sentence, the other goes on" {
    cargo_does 'printf "#!/bin/sh\n[ \"\$1\" = --version ] && exit\necho no licence >&2\nexit 3\n" >"$target/release/rust-compute"
        chmod +x "$target/release/rust-compute"'
    compare bound cargo /usr/bin/cargo "${COMPARE[@]}" --json
    [ "$status" -ne 0 ]
    jq -e '.arms | (.[0].problems == []) and (.[1].problems[0].text | test("the compute service did not start"))' <<<"$output"
    left_are rust-compute
}
