# What the tests of the originals' Rust service share.

RUST=$BENCH_BUILD/originals/rust-compute/rust-compute

has_rust_tools() {
    local crate
    [ -x /usr/bin/cargo ] || return
    for crate in hyper libc rayon tokio; do
        compgen -G "/usr/share/cargo/registry/$crate-[0-9]*" >/dev/null || return
    done
}

need_rust_tools() {
    has_rust_tools ||
        skip "cargo or a crate is not installed: apt-get install cargo librust-hyper-dev librust-rayon-dev librust-tokio-dev"
}

# For setup_file: it is built as a user gets it, which takes minutes on a busy machine. Without node,
# only our gateway in front of it is measured.
build_rust() {
    mkdir "$BATS_FILE_TMPDIR/bin"
    PATH=$BATS_FILE_TMPDIR/bin "$BENCH_BUILD/bench" compare --originals --strategies none --rounds 1 \
        --no-repeat --work count:1k -c 1 -d 200ms --no-save >&2 3>&-
    [ -x "$RUST" ]
}
