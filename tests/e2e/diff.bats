#!/usr/bin/env bats
# bench diff from end to end: real runs and doctored copies of them, folders, formats, pictures.

load common

setup_file() {
    export RUN=$BATS_FILE_TMPDIR/run.json OTHER=$BATS_FILE_TMPDIR/other.json
    export COMPARISON=$BATS_FILE_TMPDIR/comparison.json
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --work count:10k -c 4 -a 300 -o "$RUN" \
        >/dev/null 3>&-
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --pool-size 2 --work count:10k -c 8 -a 300 \
        -o "$OTHER" >/dev/null 3>&-
    timeout 100 "$BENCH_BUILD/bench" compare --rounds 2 --no-repeat --strategies inline,pool --work count:10k \
        -c 4 -d 300ms -o "$COMPARISON" >/dev/null 3>&-
}

setup() {
    own_folder
    cp "$RUN" old.json
    cp "$OTHER" new.json
    cp "$COMPARISON" comparison.json
}

# Nothing of a drawing is left.
teardown() {
    kill_leftovers
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
    [ -z "$(find "$BATS_TEST_TMPDIR/cwd" -name '*.tmp')" ]
}

# In plain ASCII, whatever the locale.
show() {
    LC_ALL=C timeout 100 "$BENCH_BUILD/bench" diff "$@" 3>&-
}

# refused CODE TEXT WORD...: one line that holds TEXT, and nothing on stdout.
refused() {
    run -"$1" --separate-stderr show "${@:3}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == bench:*"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
}

# picture FILE: a whole one of its kind.
picture() {
    case $1 in
    *.png) [ "$(tail -c 8 "$1" | head -c 4)" = IEND ] ;;
    *.svg) /usr/bin/python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' "$1" ;;
    esac
}

@test "two runs: what differs comes first, then the figures, then that it is no verdict" {
    run -0 --separate-stderr show old.json new.json
    [ -z "$stderr" ]
    [[ ${lines[0]} == "old "*"old.json: a run of pool, "*UTC ]]
    [[ $output =~ plan\ +connections:\ 4\ -\>\ 8 ]]
    [[ $output =~ plan\ +pool-size:\ 0\ -\>\ 2 ]]
    [[ $output == *connections:*req/s*"no verdict"*"bench check --arm"* ]]
    [[ $output != *" out: "* && $output != *seed* ]]
    for row in req/s mean p50 p75 p90 p99 p99.9 max errors CPU/req "peak RSS" threads; do
        grep -q "^$row " <<<"$output" || { echo "no $row"; return 1; }
    done
}

@test "the change is NEW / OLD of what the documents say" {
    show old.json new.json --format json >d.json
    jq -e --slurpfile old old.json --slurpfile new new.json '
        def near($a; $b): ($a - $b | fabs) <= 1e-9 * ($b | fabs);
        def rate: .accounting.completed / .duration;
        $old[0] as $old | $new[0] as $new | (.files[0].arms[0].figures | map({(.figure): .}) | add) as $f |
        near($f.requests_per_second.change; ($new | rate) / ($old | rate) - 1) and
        near($f.rss_peak.change; $new.server.total.rss_peak_bytes / $old.server.total.rss_peak_bytes - 1) and
        $f.errors.change == 0 and $f.requests_per_second.known == "exact"' d.json
}

@test "the same run twice: every change is 0 or unknown, and it is said" {
    run -0 --separate-stderr show old.json ./old.json
    [[ $output == *"OLD and NEW are the same file"* ]]
    [[ $output == *"same "*"plan, machine and tool"* ]]
    ln -s old.json link.json
    show old.json link.json --format json | jq -e '.files[0].same_file and
        ([.files[0].arms[0].figures[].change] | all(. == 0 or . == null))'
    # A copy is no longer the same file.
    cp old.json copy.json
    show old.json copy.json --format json | jq -e '.files[0].same_file | not'
}

@test "it never judges: an invalid, interrupted, disturbed and saturated run is shown, and says so" {
    jq '.valid = false | .interrupted = true | .machine.disturbed = true | .client.saturated = true' \
        old.json >flawed.json
    run -0 show old.json flawed.json
    for flaw in "invalid: no -> yes" "interrupted: no -> yes" "disturbed by other programs or steal: no -> yes" \
        "load generator saturated: no -> yes"; do
        [[ $output == *"$flaw"* ]] || { echo "no $flaw"; return 1; }
    done
}

@test "the machine and the version are named" {
    jq '.environment.cpu_model = "Other" | .environment.kernel = "Linux 9" | .tool.version = "9.9.9" |
        .environment.cpu_quota_cores = 1.5' old.json >moved.json
    run -0 show old.json moved.json
    for text in "machine +CPU: .* -> Other" "machine +kernel: .* -> Linux 9" \
        "machine +CPU quota: .* -> 1.5 cores" "tool +bench: .* -> 9.9.9"; do
        grep -qE "^$text$" <<<"$output" || { echo "no $text"; return 1; }
    done
}

@test "two comparisons: arms by name, with their ranges" {
    sed 's/"inline"/"first"/' comparison.json >renamed.json
    run -0 --separate-stderr show comparison.json comparison.json
    [[ $output == *"inline: "*"min - max"*"pool: "* ]]
    run -0 --separate-stderr show comparison.json renamed.json
    [[ $output == *"only in OLD: inline"*"only in NEW: first"* ]]
    [[ $output == *"pool: "* && $output != *"inline: 2 rounds"* ]]
}

@test "folders: by name, and what is left out" {
    mkdir a b a/sub.json b/sub.json
    cp old.json a/one.json
    cp new.json b/one.json
    cp comparison.json a/two.json
    cp comparison.json b/two.json
    cp old.json a/gone.json
    cp new.json b/fresh.json
    echo notes >a/notes.txt
    head -c 1000 old.json >a/half.json
    cp old.json b/half.json
    mkfifo a/pipe.json b/pipe.json
    run -2 --separate-stderr show a b/
    [[ $output == *"one.json"*"two.json"* ]]
    for text in "gone.json: only in OLD" "fresh.json: only in NEW" "half.json: a/half.json: line" \
        "pipe.json: is not a file on both sides" "sub.json: is not a file on both sides"; do
        [[ $output == *"$text"* ]] || { echo "no $text"; return 1; }
    done
    [[ $output != *notes* ]]
    [[ $stderr == *"3 of the files in both folders cannot be compared"* ]]
    rm -r a/half.json a/pipe.json a/sub.json
    run -0 --separate-stderr show a b
    show a b --format json | jq -e '(.files | map(.file)) == ["one.json", "two.json"] and
        (.files | map(.kind)) == ["result", "comparison"]'
}

@test "what cannot be compared: 4" {
    refused 4 "one is a result and the other a comparison" old.json comparison.json
    sed 's/"inline"/"first"/; s/"pool"/"second"/' comparison.json >others.json
    refused 4 "no arm in common" comparison.json others.json
    mkdir a b
    refused 4 "is a folder" a old.json
    refused 4 "no file in common" a b
    cp old.json a/x.json
    cp comparison.json b/x.json
    refused 4 "none of the 1 files in both folders can be compared" a b
}

@test "what cannot be used: 2" {
    refused 2 "0 files given" --format text
    refused 2 "3 files given" old.json new.json old.json
    refused 2 "missing.json" old.json missing.json
    refused 2 "missing/" missing/ missing/
    head -c 5000 old.json >half.json
    refused 2 "half.json" old.json half.json
    jq '.schema = "bench.result/2"' old.json >newer.json
    refused 2 "does not read" newer.json old.json
    jq '.duration = "NaN"' old.json >wrong.json
    refused 2 "wrong.json: duration" old.json wrong.json
    echo '{"schema": "bench.check/1"}' >check.json
    refused 2 "bench.check/1" check.json old.json
    refused 2 "no picture and no folder" old.json new.json -o shift.pdf
    refused 2 "no picture and no folder" old.json new.json -o ''
    refused 2 "-o/--out" old.json new.json -o nowhere/shift.png
    refused 2 "choose from: text, md, json, csv" old.json new.json --format html
    [ ! -e shift.pdf ]
}

@test "a folder with too many files is refused" {
    mkdir a b
    (cd a && for i in $(seq 501); do : >"$i.json"; done)
    refused 2 "at most 500 files" a b
}

@test "a figure that one side lacks has no change" {
    jq '.server = null | .histograms.probe = null' old.json >bare.json
    show old.json bare.json --format json | jq -e '
        (.files[0].arms[0].figures | map({(.figure): .}) | add) as $f |
        $f.rss_peak.change == null and $f.rss_peak.known == "unknown" and
        $f.rss_peak.new.median == null and $f.requests_per_second.change == 0'
}

@test "formats: Markdown has a table, CSV a row per figure" {
    run -0 --separate-stderr show old.json new.json --format md
    [[ $output == *"| figure | OLD | NEW | change |"* ]]
    [[ ${lines[0]} == '**p99 '*' → '*'plan'*'differ'*'**' ]]
    [[ $output == *"- differs, plan: connections: 4 → 8"* ]]
    show old.json new.json --format csv >d.csv
    /usr/bin/python3 - d.csv <<'P'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert {r["figure"] for r in rows} >= {"requests_per_second", "p50", "p99.9", "rss_peak"}, rows
for r in rows:
    if r["known"] == "exact" and r["unit"] != "share" and float(r["old"]) > 0:
        assert abs(float(r["new"]) / float(r["old"]) - 1 - float(r["change"])) < 1e-6, r
P
}

@test "a hostile name is shown and runs nothing" {
    jq --arg t $'=cmd|x\x1b[31m`touch ran`"\n|a|' '.title = $t' old.json >evil.json
    show evil.json evil.json --format csv | grep -q "\"'=cmd"
    run -0 show evil.json evil.json --format md
    [[ $output != *$'\x1b'* ]]
    run -0 show evil.json evil.json -o plots --data columns
    [[ $output != *$'\x1b'* ]]
    [ ! -e ran ]
    picture plots/shift.svg
}

@test "the picture: one file of either kind, or both in a folder, beside the report" {
    run -0 --separate-stderr show old.json new.json -o shift.png
    [ "$stderr" = "wrote shift.png" ]
    [[ $output == *"no verdict"* ]]
    picture shift.png
    [ ! -e shift.svg ]
    show comparison.json comparison.json -o SHIFT.SVG >/dev/null
    picture SHIFT.SVG
    grep -q inline SHIFT.SVG
    run -0 --separate-stderr show old.json new.json -o plots --data columns
    picture plots/shift.png
    picture plots/shift.svg
    grep -q "differs: connections" plots/shift.svg
    [ "$(ls -A plots columns | tr '\n' ' ')" = "columns: arms.dat caption.dat shift.dat  plots: shift.png shift.svg " ]
    # The script works on the columns by itself.
    (cd columns && gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/shift.gp")
    picture columns/shift.svg
}

@test "the curve is the document's, point by point" {
    show old.json new.json --data columns --format json >d.json
    jq -r '.files[0].arms[0].shift[] | select(.ratio != null) | [.quantile, .ratio] | @tsv' d.json >want
    awk '!/^#/ && $3 != "NaN" { print $1 "\t" $3 }' columns/shift.dat >got
    [ -s want ]
    paste want got | awk '{ if ($1 - $3 > 1e-9 || $3 - $1 > 1e-9 || ($2 - $4) / $2 > 1e-6 || ($4 - $2) / $2 > 1e-6) exit 1 }'
    [ "$(wc -l <want)" -eq "$(wc -l <got)" ]
}

@test "an interval is drawn where the columns have one" {
    show old.json new.json --data columns >/dev/null
    awk 'BEGIN { FS = OFS = "\t" } !/^#/ { $4 = $3 * 0.9; $5 = $3 * 1.1 } 1' columns/shift.dat >with
    mv with columns/shift.dat
    (cd columns && gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/shift.gp") 2>said
    [ ! -s said ]
    picture columns/shift.png
}

@test "more curves than a picture shows are refused, and their columns are written" {
    mkdir a b
    for i in $(seq 21); do
        cp old.json "a/$i.json"
        cp new.json "b/$i.json"
    done
    refused 2 "at most 20 curves" a b -o shift.png
    show a b --data columns >/dev/null
    [ "$(grep -c '^# curve' columns/shift.dat)" -eq 21 ]
}

@test "too many curves are known before the rest of a folder is read" {
    mkdir a b
    for i in $(seq 500); do
        ln old.json "a/$i.json"
        ln new.json "b/$i.json"
    done
    run -2 --separate-stderr timeout 30 "$BENCH_BUILD/bench" diff a b -o shift.png 3>&-
    [[ $stderr == *"at most 20 curves"* ]]
    [ -z "$output" ]
}

@test "no gnuplot: the report all the same, and which package" {
    run -2 --separate-stderr env PATH=/nowhere "$BENCH_BUILD/bench" diff old.json new.json -o shift.png
    [[ $output == *"no verdict"* ]]
    [[ $stderr == *"apt-get install gnuplot-nox"*--data* ]]
    [ ! -e shift.png ]
}

@test "a full disk is told" {
    [ -w /dev/full ] || skip "no /dev/full here"
    run -2 --separate-stderr bash -c '"$BENCH_BUILD/bench" diff old.json new.json >/dev/full'
    [[ $stderr == bench:* ]]
}

@test "every row of the report stands in docs/diff.md" {
    docs=$BATS_TEST_DIRNAME/../../docs
    show old.json new.json --format text >said
    sed -n '/^figure/,/^$/p' said | sed '1,2d; /^$/d; s/  .*//' >rows
    while read -r row; do
        grep -qF "\`$row\`" "$docs/diff.md" || { echo "no $row"; return 1; }
    done <rows
    [ "$(wc -l <rows)" -gt 10 ]
}
