# scripts/lib.sh: what is missing is installed once, or said in one command.

setup() {
    # A tree with one package that can be missing, and commands that only write down their call.
    tree=$BATS_TEST_TMPDIR/tree
    bin=$BATS_TEST_TMPDIR/bin
    calls=$BATS_TEST_TMPDIR/calls
    mkdir -p "$tree/scripts" "$bin"
    cp "$BATS_TEST_DIRNAME/../../scripts/lib.sh" "$tree/scripts/"
    printf '# a comment\n\nbuild  quux-tools  command quux\nother  frob  command frob\n' \
        >"$tree/scripts/packages.txt"
    : >"$calls"
    stand_in id 'echo 1000'
    stand_in sudo 'exit 1'
    stand_in apt-cache 'exit 0'
    stand_in apt-get 'exit 0'
}

# stand_in NAME BODY
stand_in() {
    printf '#!/bin/sh\necho "%s $*" >>"%s"\n%s\n' "$1" "$calls" "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}

# A sudo that asks for nothing; what it runs are the stand-ins, and nothing in /usr is written.
stand_in_sudo() {
    stand_in sudo 'shift
case $1 in
true) ;;
env) shift; while case $1 in *=*) true ;; *) false ;; esac; do shift; done; "$@" ;;
tee) cat >/dev/null ;;
*) ;;
esac'
}

need() {
    PATH=$bin:$PATH run --separate-stderr bash -c '
        set -eu
        . "$1/scripts/lib.sh"
        shift
        need "$@"
        echo done' need "$tree" "$@"
}

bats_require_minimum_version 1.5.0

@test "nothing missing: no package command is run" {
    stand_in quux ''
    need build
    [ "$status" -eq 0 ]
    [ "$output" = done ]
    [ "$stderr" = "" ]
    [ ! -s "$calls" ]
}

@test "only the needs that are named count" {
    stand_in quux ''
    need build
    [ "$status" -eq 0 ]
    stand_in frob ''
    rm "$bin/quux"
    need other
    [ "$status" -eq 0 ]
}

@test "neither root nor sudo: says the one command, exits 2" {
    need build
    [ "$status" -eq 2 ]
    [ "$output" = "" ]
    [[ "$stderr" == *"apt-get install -y --no-install-recommends quux-tools"* ]]
    run ! grep -q '^apt-get' "$calls"
}

@test "with sudo: installs what is missing, without an update when none is due" {
    stand_in_sudo
    stand_in apt-get "cp $bin/id $bin/quux"
    need build
    [ "$status" -eq 0 ]
    [ "$output" = done ]
    grep -q '^apt-get .*install .*--no-install-recommends quux-tools' "$calls"
    run ! grep -q '^apt-get .* update' "$calls"
}

@test "packages that apt does not know: updates first" {
    stand_in_sudo
    stand_in apt-cache 'exit 100'
    stand_in apt-get "cp $bin/id $bin/quux"
    need build
    [ "$status" -eq 0 ]
    [ "$(grep -c '^apt-get .* update' "$calls")" -eq 1 ]
    [[ "$(grep '^apt-get' "$calls" | head -n 1)" == *update* ]]
}

@test "old lists: updates after a failure and tries once more" {
    stand_in_sudo
    stand_in apt-get "case \"\$*\" in *update*) touch $bin/updated ;; esac
[ -e $bin/updated ] || exit 100
cp $bin/id $bin/quux"
    need build
    [ "$status" -eq 0 ]
    [ "$(grep -c '^apt-get .*install' "$calls")" -eq 2 ]
}

@test "offline: says so and what to run later, exits 2" {
    stand_in_sudo
    stand_in apt-get 'echo "E: Temporary failure resolving"; exit 100'
    need build
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"Temporary failure resolving"* ]]
    [[ "$stderr" == *"offline?"*"apt-get install"*"quux-tools"* ]]
}

@test "a server that is installed as a tool is not started" {
    stand_in_sudo
    stand_in apt-get "cp $bin/id $bin/quux"
    need build
    if [ -e /usr/sbin/policy-rc.d ]; then
        # The machine's own policy stays.
        run ! grep -q 'policy-rc.d' "$calls"
    else
        grep -q 'sudo -n tee /usr/sbin/policy-rc.d' "$calls"
        grep -q 'sudo -n rm -f /usr/sbin/policy-rc.d' "$calls"
    fi
}

@test "packages.txt: every line has its four words" {
    while read -r need package kind name rest; do
        [[ "$need" =~ ^(build|run|hosts|test|lint|peers|verdicts|node|rust)$ ]]
        [ -n "$package" ]
        [[ "$kind" =~ ^(command|pkgconfig|package)$ ]]
        [ -n "$name" ]
        [ -z "$rest" ]
    done < <(grep -v -e '^#' -e '^$' "$BATS_TEST_DIRNAME/../../scripts/packages.txt")
}
