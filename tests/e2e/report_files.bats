#!/usr/bin/env bats
# The files that a report writes: never over what it is made of, never half, and never in silence.

load common

setup() {
    own_folder
    cp "$BATS_TEST_DIRNAME"/../../results/reference/{pool,comparison,session}.json .
}

# Nothing of a report in the making is left.
teardown() {
    kill_leftovers
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
    [ -z "$(find "$BATS_TEST_TMPDIR/cwd" -name '*.tmp')" ]
}

bench() {
    timeout 100 "$BENCH_BUILD/bench" "$@" 3>&-
}

# refused TEXT WORD...: exit code 2 with TEXT, and nothing on stdout.
refused() {
    run -2 --separate-stderr bench "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == *"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

fake_gnuplot() {
    mkdir -p bin
    { echo '#!/bin/sh'; cat; } >bin/gnuplot
    chmod +x bin/gnuplot
    PATH=$PWD/bin:$PATH
}

@test "no report replaces what it is made of, by whatever name" {
    mkdir before folder kept
    cp ./*.json before
    fake_gnuplot <<<"touch '$PWD/ran'; exit 1"
    cp pool.json same.html
    ln -s pool.json link.html
    ln pool.json hard.html
    for page in link hard same; do
        refused "-o/--out: $page.html would replace " report pool.json same.html session.json -o $page.html
    done
    cmp same.html before/pool.json
    ln -s ../pool.json folder/latency.svg
    ln -s ../session.json folder/shift.png
    ln -s ../pool.json kept/arms.dat
    ln -s ../session.json kept/0-base-latency.hgrm
    mkdir shifted
    ln -s ../pool.json shifted/shift.dat
    refused "-o/--out: folder/latency.svg would replace pool.json" report comparison.json pool.json -o folder
    refused "-o/--out: folder/shift.png would replace session.json" report session.json -o folder
    refused "--data: kept/arms.dat would replace pool.json" report pool.json --data kept
    refused "--data: kept/0-base-latency.hgrm would replace session.json" report session.json --data kept
    cp pool.json old.svg
    refused "-o/--out: old.svg would replace old.svg" diff old.svg pool.json -o old.svg
    run -2 bench diff old.svg pool.json --data shifted
    [[ $output == *"--data: shifted/shift.dat would replace "* ]]
    mkdir old new
    cp pool.json old/a.json
    cp pool.json new/a.json
    refused "-o/--out: new.svg would replace new/a.json" diff old new -o "$(ln -s new/a.json new.svg; echo new.svg)"
    [ ! -e ran ]
    [ "$(find folder kept shifted -type f)" = "" ]
    for name in pool comparison session; do
        cmp $name.json before/$name.json
    done
}

@test "no measurement is saved over what its requests are made of" {
    echo '{"n": 1}' >body.json
    ln -s body.json link.json
    for name in body link; do
        refused "-o/--out: $name.json would replace body.json" run -m POST -i body.json http://127.0.0.1:1/ -o $name.json
        refused "-o/--out: $name.json would replace body.json" compare --strategies none -m POST -i body.json \
            --arm a=http://127.0.0.1:1/ --rounds 1 -d 1 -o $name.json
        refused "--session: $name.json would replace body.json" check -m POST -i body.json \
            --arm a=http://127.0.0.1:1/ --arm b=http://127.0.0.1:1/ --session $name.json
        refused "-o/--out: $name.json would replace body.json" check -m POST -i body.json \
            --arm a=http://127.0.0.1:1/ --arm b=http://127.0.0.1:1/ -o $name.json
    done
    refused "would replace body.json" compare --strategies none \
        --arm 'a=--strategy pool -m POST -i body.json' --rounds 1 -d 1 -o link.json
    [ "$(cat body.json)" = '{"n": 1}' ]
}

@test "a link is written through, also to a file that is not there; one in a circle is refused" {
    ln -s target.html page.html
    bench report pool.json --no-pictures -o page.html
    [ -L page.html ] && [ -s target.html ]
    cp target.html first.html
    bench report pool.json --no-pictures -o page.html
    [ -L page.html ] && cmp target.html first.html
    ln -s loop.html loop.html
    refused "it is a link that leads back to itself" report pool.json --no-pictures -o loop.html
    [ -L loop.html ]
    ln -s there.json here.json
    bench run --strategy pool --work count:1k -c 1 -a 10 -o here.json >/dev/null
    [ -L here.json ] && [ -s there.json ]
}

# A limit on the size of a file stands for a disk that is full.
@test "a disk that is full: all of the old files stay" {
    mkdir columns
    bench report pool.json --data all
    for file in all/*; do
        echo old >"columns/${file##*/}"
    done
    cp -r columns before
    largest=$(stat -c %s all/* | sort -n | tail -1)
    [ "$largest" -gt 4096 ]
    for folder in columns fresh; do
        run -2 --separate-stderr bash -c "ulimit -f 4; exec '$BENCH_BUILD/bench' report pool.json --data $folder"
        [[ $stderr == *"--data: cannot write "* ]]
        [[ $stderr != *wrote* ]]
    done
    diff -r columns before
    [ ! -e fresh ]
}

@test "a picture that a full disk cut short is none, and the folder is named" {
    whole='for name in latency percentiles heat rate server parts probe compare generator shift blocks; do
               echo "<svg></svg>" >$name.svg; printf "half" >$name.png; done'
    fake_gnuplot <<<"$whole"
    refused "latency.png is cut short; is $TMPDIR full? Free some space there, or set TMPDIR" report pool.json -o plots
    [ ! -e plots ]
    fake_gnuplot <<<'for name in shift blocks; do printf "<svg><path" >$name.svg; done'
    bench report session.json -o page.html
    grep -q "shift.svg is cut short; is .* full" page.html
}

@test "a page does not depend on the name of a temporary folder" {
    fake_gnuplot <<<'echo "$PWD: no such terminal" >&2; exit 1'
    bench report session.json -o page.html
    mv page.html first.html
    bench report session.json -o page.html
    cmp page.html first.html
    grep -q "bench-run-XXXXXX: no such terminal" page.html
    fake_gnuplot <<<'exit 0'
    bench report session.json -o page.html
    mv page.html first.html
    bench report session.json -o page.html
    cmp page.html first.html
    fake_gnuplot <<<'printf "\377\376\033[31m\n" >&2; exit 1'
    bench report session.json -o page.html 2>said
    iconv -f utf-8 -t utf-8 page.html >/dev/null
    iconv -f utf-8 -t utf-8 said >/dev/null
    fake_gnuplot <<<'exit 1'
    run -0 --separate-stderr bench report session.json -o page.html
    [[ $stderr == *"gnuplot failed (exit 1) and said nothing"* ]]
}

@test "after a gnuplot that hangs no other is started, in no chapter" {
    fake_gnuplot <<<"echo >>'$PWD/runs'; exec sleep 1000"
    bench report session.json pool.json comparison.json -o page.html 2>said
    [ "$(wc -l <runs)" -le 2 ]
    grep -q "the page has no picture .*did not finish in 30 s" said
    [ "$(grep -c "the page has no picture .*not started again" said)" -ge 10 ]
    [ "$(tail -n 1 page.html)" = "</html>" ]
}

@test "what cannot be printed is an error: a full stdout, and a closed one" {
    [ -w /dev/full ] || skip "no /dev/full here"
    commands=("--help" "--version" "report --help" "run --version" "doctor" "report pool.json"
        "report --format md pool.json" "report --format csv pool.json" "report --json comparison.json"
        "report pool.json pool.json" "report session.json" "check pool.json --fail errors>100%"
        "check pool.json --fail errors>100% --format json" "diff pool.json pool.json"
        "run --dry-run http://127.0.0.1:1/" "compare --dry-run" "--man-options")
    for words in "${commands[@]}"; do
        for to in '>&-' '>/dev/full'; do
            # shellcheck disable=SC2086 # several words
            run -2 --separate-stderr bash -c "exec \"\$@\" $to" lost "$BENCH_BUILD/bench" $words
            [[ $stderr == *"cannot write to stdout: "* ]] || { echo "$words $to: $stderr"; return 1; }
        done
    done
    # A verdict keeps its exit code.
    run -1 bash -c 'exec "$@" >&-' lost "$BENCH_BUILD/bench" check session.json
    # What goes to files needs no stdout.
    "$BENCH_BUILD/bench" report pool.json --no-pictures -o page.html >&-
    "$BENCH_BUILD/bench" report pool.json --data columns >&-
}

@test "a page of what measured nothing says so: 5, as for its pictures" {
    jq '.findings = [] | .order = [] | .interrupted = true | .arms |= map(.results = [])' comparison.json >none.json
    run -5 --separate-stderr bench report none.json --no-pictures -o page.html
    [[ $stderr == *"nothing was measured; the page says why"* ]]
    [ -s page.html ]
    run -5 bench report none.json -o plots
    [ ! -e plots ]
    bench report none.json pool.json --no-pictures -o page.html
}

@test "a file without a name, and one without a byte" {
    : >empty.json
    refused "cannot read ''" report ''
    refused "empty.json: the file is empty" report empty.json
    refused "empty.json: the file is empty" report empty.json --no-pictures -o page.html
    refused "'' is not a folder" report pool.json -o ''
    refused "'' is not a folder" report pool.json --data ''
    refused "'' is no picture" diff pool.json pool.json -o ''
}

@test "numbers that would divide into infinity are refused" {
    jq '.duration = 1e-308' pool.json >tiny.json
    for format in text md csv json; do
        refused "tiny.json: duration is neither null nor a number: 0, or from 1e-100 to 2^53" report --format $format tiny.json
    done
    refused "tiny.json: duration" report tiny.json --data columns
    jq '.duration = 1e-12' pool.json >short.json
    refused "short.json: duration is less than a nanosecond" report short.json
    jq '.arms[0].results[0].duration = 1e-200' comparison.json >inside.json
    refused "duration" report inside.json
    jq '.arms[0].results[0].duration = 1e-200' comparison.json | jq '.divided_duration_s = 1e-200' >divided.json
    refused "divided_duration_s" report divided.json
}
