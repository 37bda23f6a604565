# An installed bench works whole, as any user; its man pages are what the option rows say; and what
# docs/install.md tells is so.

load common

setup_file() {
    export ROOT=$BATS_TEST_DIRNAME/../..
    export PAGE=$ROOT/docs/install.md
    # Not below bats' own folder, which only its owner may enter.
    INSTALLED=$(mktemp -d)
    chmod 755 "$INSTALLED"
    export INSTALLED PREFIX=$INSTALLED/prefix
    cmake --install "$BENCH_BUILD" --prefix "$PREFIX" >/dev/null
}

teardown_file() {
    rm -rf "$INSTALLED"
}

PROGRAMS="bench bench-target bench-compute bench-worker bench-redis"
COMMANDS="run compare sweep capacity check merge diff report serve doctor selftest"

# The commands of the page's first block of this kind below a heading.
block() { # HEADING KIND
    awk -v heading="## $1" -v fence="\`\`\`$2" '
        $0 == heading { below = 1 } !below { next } on && /^```$/ { exit } on { print } $0 == fence { on = 1 }' "$PAGE"
}

@test "the installed bench runs a bundled target, and those its other programs" {
    for strategy in pool offload queue; do
        run "$PREFIX/bin/bench" run --strategy $strategy --work count:1k -c 2 -a 10 --no-save --json
        [ "$status" -eq 0 ]
        [[ $output == *'"2xx":10,'* ]]
    done
}

@test "every program is on PATH, and finds the others there" {
    PATH=$PREFIX/bin:$PATH
    for program in $PROGRAMS; do
        run "$program" --version
        [ "$status" -eq 0 ]
        [ "$output" = "$program $("$BENCH_BUILD/bench" --version | sed 's/.* //')" ]
    done
    run bench doctor
    [[ $output == *"bench-target   $PREFIX/bin/bench-target"* ]]
}

@test "a worker that is started by its name does the gateway's jobs" {
    PATH=$PREFIX/bin:$PATH
    exec {GATEWAY}< <(exec bench-target --with-parent --strategy queue --broker sqlite:jobs.db \
        --queue-workers 0 3>&-)
    read -r -t 20 ready <&"$GATEWAY"
    exec {WORKER}< <(exec bench-worker --with-parent --broker sqlite:jobs.db 3>&-)
    read -r -t 20 line <&"$WORKER"
    run bench run "http://127.0.0.1:$(jq .port <<<"$ready")/heavy?n=1000" -c 1 -a 5 --no-save --json
    [[ $output == *'"2xx":5,'* ]]
    until curl -sf "http://127.0.0.1:$(jq .port <<<"$ready")/stats" |
        jq -e '.queue.completed == 5' >/dev/null; do
        curl -sf "http://127.0.0.1:$(jq .port <<<"$line")/ping" >/dev/null
    done
    kill "$(jq .pid <<<"$line")" "$(jq .pid <<<"$ready")"
}

@test "as a user without a home who owns nothing, and as the first process of a container" {
    local as_nobody=()
    [ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    cd "$INSTALLED"
    run "${as_nobody[@]}" env -i PATH="$PREFIX/bin:/usr/bin:/bin" \
        bench run --strategy queue --work count:1k -c 2 -a 10 --json --no-save
    [ "$status" -eq 0 ]
    [[ $output == *'"2xx":10,'* ]]
    unshare --pid --fork --mount-proc true 2>/dev/null || skip "no namespaces here"
    run unshare --pid --fork --mount-proc "${as_nobody[@]}" env -i PATH="$PREFIX/bin:/usr/bin:/bin" \
        bench run --strategy queue --work count:1k -c 2 -a 10 --json --no-save
    [ "$status" -eq 0 ]
    [[ $output == *'"2xx":10,'* ]]
}

@test "man pages, schemas, scripts and documents are where the page says" {
    for program in $PROGRAMS; do
        [ -x "$PREFIX/bin/$program" ]
        [ -f "$PREFIX/share/man/man1/$program.1" ]
    done
    for command in $COMMANDS; do
        [ -f "$PREFIX/share/man/man1/bench-$command.1" ]
    done
    [ -f "$PREFIX/share/bash-completion/completions/bench" ]
    [ -f "$PREFIX/share/zsh/site-functions/_bench" ]
    [ -f "$PREFIX/share/fish/vendor_completions.d/bench.fish" ]
    [ "$(ls "$PREFIX")" = "bin
share" ]
    [ "$(ls "$PREFIX/bin" | grep -vc "^bench-rank$")" -eq 5 ] # which is there where OpenMPI is
    [ -f "$PREFIX/share/bench/originals/express-piscina.js" ]
    [ -f "$PREFIX/share/bench/originals/package-lock.json" ]
    [ -f "$PREFIX/share/bench/bench.result.1.schema.json" ]
    [ "$(cd "$PREFIX/share/bench" && echo *.gp)" = "$(cd "$BATS_TEST_DIRNAME/../../scripts" && echo *.gp)" ]
    [ -f "$PREFIX/share/doc/bench/compose.yaml" ]
    [ -f "$PREFIX/share/doc/bench/docs/article.md" ]
}

@test "every page of docs is installed, and the links of the installed pages lead somewhere" {
    diff <(cd "$ROOT/docs" && ls ./*.md) <(cd "$PREFIX/share/doc/bench/docs" && ls ./*.md)
    LINT_ROOT=$PREFIX/share/doc/bench run "$ROOT/tests/lint/docs"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "installed and uninstalled by the commands of the page, nothing is left" {
    mkdir home
    ln -s "$BENCH_BUILD" build
    block Install sh | grep -v quickstart >install
    block Uninstall sh >uninstall
    [ "$(wc -l <install)" -eq 2 ]
    [ "$(wc -l <uninstall)" -eq 3 ]
    HOME=$PWD/home bash -eu install >log
    mkdir home/.local/share/bench/originals/node_modules
    run home/.local/bin/bench --version
    [ "$status" -eq 0 ]
    HOME=$PWD/home bash -eu uninstall
    find home -type f | tee left
    [ ! -s left ]
    [ -z "$(find home -name 'bench*')" ]
}

@test "below another root (DESTDIR) lies the same" {
    DESTDIR=$PWD/staged cmake --install "$BENCH_BUILD" --prefix /usr >/dev/null
    diff <(cd "$PREFIX" && find . -type f | sort) <(cd staged/usr && find . -type f | sort)
    run staged/usr/bin/bench run --strategy offload --work count:1k -c 2 -a 10 --no-save --json
    [ "$status" -eq 0 ]
}

@test "the libraries that the page names are those that the programs need" {
    command -v dpkg >/dev/null && grep -q '^VERSION_ID="12"' /etc/os-release || skip "not Debian 12"
    for program in $PROGRAMS; do
        readelf -d "$PREFIX/bin/$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
    done | sort -u | grep -v -e '^lib[au]san' -e '^libubsan' -e '^ld-linux' >needed
    while read -r library; do
        dpkg -S "*/$library" | head -n 1 | sed 's/:.*//'
    done <needed | sort -u | grep -v -e '^libc6' -e '^libgcc' >packages
    sed -n '/^The programs need these libraries/,/^$/p' "$PAGE" | tr ' \n' '\n\n' |
        grep -o '^lib[a-z0-9.-]*[a-z0-9]\|^zlib1g' | grep -v -x libraries | sort -u >named
    diff packages named
    for package in $(cat packages); do
        block 'In CI' dockerfile | grep -q -w -F -- "$package"
    done
}

# The lines of the two jobs that run bench, with shorter times.
@test "the jobs of the page measure and judge" {
    printf '#!/bin/sh\nexec "%s" --work count:1k "$@"\n' "$PREFIX/bin/bench-target" >my-server
    chmod +x my-server
    PATH=$PREFIX/bin:$PATH
    sed -n '/^```yaml$/,/^```$/p' "$PAGE" | sed -n 's/^ *\(- \)\?\(bench .*\)/\2/p' |
        sed 's/-W 2/-W 100ms/; s/-d 30/-d 500ms/' >jobs
    [ "$(wc -l <jobs)" -eq 4 ]
    bash -eu jobs
    jq -e '.valid' result.json
    [ -s check.md ]
    grep -q '<testsuite' check.xml
}

@test "the man pages hold the option rows as they are" {
    run "$ROOT/scripts/man" --check "$BENCH_BUILD"
    echo "$output"
    [ "$status" -eq 0 ]
}

# in_page PAGE PROGRAM WORDS...: every option that `PROGRAM WORDS... --help` shows.
in_page() {
    local page=$1
    shift
    for option in $("$BENCH_BUILD/$@" --help | grep -o '^ .\{0,6\}--[a-z-]*' | grep -o -- '--[a-z-]*'); do
        grep -qF -- "${option//-/\\-}" "$page" || {
            echo "$* $option is not in $page"
            return 1
        }
    done
}

@test "every option of every help stands in the man page" {
    for command in $COMMANDS; do
        in_page "$PREFIX/share/man/man1/bench-$command.1" bench $command
    done
    for program in bench-target bench-compute bench-worker bench-redis; do
        in_page "$ROOT/docs/$program.1" $program
    done
}

@test "man can read the pages" {
    command -v man >/dev/null || skip "no man here"
    for page in "$PREFIX"/share/man/man1/*.1; do
        [ -z "$(man --warnings -l "$page" 2>&1 >/dev/null)" ]
    done
}
