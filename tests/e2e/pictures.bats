#!/usr/bin/env bats
# bench report -o and --data: the pictures of stored results, drawn by the real gnuplot.

load common

setup_file() {
    export POOL=$BATS_FILE_TMPDIR/pool.json COMPARISON=$BATS_FILE_TMPDIR/comparison.json
    export QUEUE=$BATS_FILE_TMPDIR/queue.json OPEN=$BATS_FILE_TMPDIR/open.json
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --work count:10k -c 4 -a 300 -o "$POOL" \
        >/dev/null 3>&-
    timeout 100 "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat --strategies inline,pool --work count:10k -c 4 -d 300ms \
        --rounds 2 -o "$COMPARISON" >/dev/null 3>&-
    timeout 100 "$BENCH_BUILD/bench" run --strategy queue --work sleep:20ms -c 2 -d 1 -o "$QUEUE" >/dev/null 3>&-
    timeout 100 "$BENCH_BUILD/bench" run --strategy pool --work count:10k -R 100 -d 1 -o "$OPEN" >/dev/null 3>&-
}

setup() {
    own_folder
    cp "$POOL" pool.json
    cp "$COMPARISON" comparison.json
}

# Nothing of a drawing is left.
teardown() {
    kill_leftovers
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
    [ -z "$(find "$BATS_TEST_TMPDIR/cwd" -name '*.tmp')" ]
}

report() {
    timeout 100 "$BENCH_BUILD/bench" report "$@" 3>&-
}

# titled TITLE FILE: the pool's result with that title.
titled() {
    jq --arg title "$1" '.title = $title' pool.json >"$2"
}

# usage TEXT WORD...: refused with TEXT, and nothing on stdout.
usage() {
    run -2 --separate-stderr report "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

well_formed() {
    /usr/bin/python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' "$1"
}

# texts FILE: what an SVG says, a text a line.
texts() {
    /usr/bin/python3 -c '
import sys, xml.dom.minidom as d
def all_of(n): return n.data if n.nodeType == n.TEXT_NODE else "".join(map(all_of, n.childNodes))
for t in d.parse(sys.argv[1]).getElementsByTagName("text"): print(all_of(t).strip())' "$1"
}

ALWAYS="compare generator heat latency percentiles rate"
ALL="$ALWAYS parts probe queue server"

# drawn DIR [NAME..]: whole pictures, of these at least (ALWAYS), as SVG and as PNG; nothing else.
drawn() {
    local name
    for name in ${2:-$ALWAYS}; do
        [ -s "$1/$name.svg" ] || { echo "no $name: $(ls -A "$1")"; return 1; }
    done
    for name in $(ls -A "$1"); do
        [[ " $ALL " == *" ${name%.*} "* ]] || { echo "what is $name?"; return 1; }
        case $name in
        *.svg)
            well_formed "$1/$name"
            [ -e "$1/${name%.svg}.png" ]
            ;;
        *.png)
            [ "$(head -c 8 "$1/$name" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
            [ "$(tail -c 8 "$1/$name" | head -c 4)" = IEND ]
            [ -e "$1/${name%.png}.svg" ]
            ;;
        *) return 1 ;;
        esac
    done
}

# A gnuplot of the test's own, before the real one.
fake_gnuplot() {
    mkdir -p bin
    { echo '#!/bin/sh'; cat; } >bin/gnuplot
    chmod +x bin/gnuplot
    PATH=$PWD/bin:$PATH
}

@test "a result and a comparison in one picture" {
    titled "by hand" other.json
    run -0 --separate-stderr report other.json comparison.json pool.json -o plots
    [ -z "$output" ]
    [ "$(grep -c '^wrote plots/' <<<"$stderr")" -eq "$(ls plots | wc -l)" ]
    drawn plots "$ALWAYS parts server"
    for picture in plots/*.svg; do
        name=$(basename "$picture" .svg)
        [ "$name" != probe ] || continue # few probes are due in so short a run
        texts plots/$name.svg >said
        for text in "by hand" inline pool "pool 2"; do
            grep -q "^$text\(  (.*)\)\?$" said || { echo "$name: no $text"; cat said; return 1; }
        done
        run ! grep -qi "undefined\|line [0-9]*:" said
    done
    grep -q "2 rounds" said
}

@test "every picture, where there is something in it" {
    report "$QUEUE" "$OPEN" -o plots --data columns
    drawn plots "$ALL"
    texts plots/queue.svg >said
    grep -q "^Backlog, jobs$" said
    grep -q "^queue: at this rate drains in about " said
    run ! grep -q "^pool" said # it has no jobs
    grep -q "^Behind the schedule of an open loop$" <<<"$(texts plots/generator.svg)"
    grep -q " wait, .* work" <<<"$(texts plots/parts.svg)"
    grep -q "^of a queue: the time of a job" <<<"$(texts plots/parts.svg)"
    grep -q "^CPU, cores$" <<<"$(texts plots/server.svg)"
    # The rows hold what the result says: all that was answered, over time.
    awk -F'\t' -v want="$(jq .accounting.completed "$OPEN")" '/^# arm/ { arm++ } !/^#/ && NF && arm == 2 {
            sum += ($2 - $1) * $3 } END { exit !(sum > 0.999 * want && sum < 1.001 * want) }' columns/rate.dat
    [ "$(tail -n 1 columns/queue.dat)" = "$(printf 'NaN\tNaN\tNaN\tNaN\tNaN')" ]
}

@test "no colour but those of the palette, and each arm has one of its own" {
    run ! grep -nE '0x[0-9A-Fa-f]{6}|#[0-9A-Fa-f]{6}|rgb "' $(ls "$BATS_TEST_DIRNAME"/../../scripts/*.gp | grep -v common.gp)
    files=()
    for i in $(seq 18); do files+=(pool.json); done
    report "${files[@]}" "$QUEUE" "$OPEN" -o plots
    drawn plots "$ALL"
    grep -oE '0x[0-9A-F]{6}|"#[0-9a-f]{6}"' "$BATS_TEST_DIRNAME/../../scripts/common.gp" | tr -d '"#' | sed 's/^0x//' |
        tr a-f A-F >palette
    head -n 10 palette >arms # of the next ten arms the last bit differs
    while read -r colour; do printf '%06X\n' $((16#$colour + 1)); done <arms >more
    for picture in plots/*.svg; do
        {
            grep -oE 'rgb\( *[0-9]+, *[0-9]+, *[0-9]+\)' "$picture" | tr -dc '0-9,\n' |
                while IFS=, read -r r g b; do printf '%02X%02X%02X\n' "$r" "$g" "$b"; done
            grep -oE '#[0-9a-fA-F]{6}' "$picture" | tr -d '#' | tr a-f A-F
        } | sort -u >used
        [ -s used ]
        others=$(grep -vxFf palette used | grep -vxFf more | grep -vx 000000) || true # black: gnuplot's own default
        [ -z "$others" ] || { echo "$picture: $others"; return 1; }
    done
    cat arms more | sort -u >own
    [ "$(wc -l <own)" -eq 20 ]
    for colour in $(cat own); do
        grep -qF "$(printf 'rgb(%3d, %3d, %3d)' $((16#${colour:0:2})) $((16#${colour:2:2})) $((16#${colour:4:2})))" \
            plots/latency.svg || { echo "no $colour"; return 1; }
    done
}

@test "a limit that is known is a line with its text" {
    report pool.json --data columns
    cd columns
    grep -q '^NaN' limits.dat
    printf '%s\t%s\t"%s"\t"%s"\n' 0.99 250 'p99 > 250 ms `touch ran`' 'p99 > 250 ms' >>limits.dat
    gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/latency.gp"
    well_formed latency.svg
    grep -qF 'p99 > 250 ms `touch ran`' <<<"$(texts latency.svg)"
    [ ! -e ran ]
}

@test "one of the two formats alone" {
    report pool.json --data columns
    cd columns
    gnuplot -d -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/latency.gp"
    [ -s latency.svg ] && [ ! -e latency.png ]
}

@test "the columns, alone and beside the pictures" {
    run -0 --separate-stderr report pool.json comparison.json --data columns
    [ -z "$output" ]
    [ "$(ls -A columns | grep -v 'hgrm$' | tr '\n' ' ')" = \
        "arms.dat caption.dat compare.dat compare_text.dat drain.dat generator.dat heat.dat late.dat latency.dat$(
        ) latency_unfinished.dat limits.dat parts.dat percentiles.dat probe.dat probe_new.dat queue.dat rate.dat server.dat spike.dat " ]
    [[ $stderr == *"wrote columns/*.hgrm ("*" files)" ]]
    [ "$(grep -c '^[0-9]' columns/arms.dat)" -eq 3 ]
    [ "$(grep -c '^# arm ' columns/latency.dat)" -eq 3 ]
    report pool.json --data columns -o plots
    [ "$(grep -c '^[0-9]' columns/arms.dat)" -eq 1 ]
    drawn plots
}

@test "the columns hold what the result says" {
    report pool.json --data columns
    column() {
        awk -F'\t' -v want="\"$1\"" '/^#/ { next } !at { for (i = 1; i <= NF; i++) if ($i == want) at = i; next }
            { print $at }' columns/compare.dat
    }
    near() {
        awk -v a="$1" -v b="$2" 'BEGIN { exit !(a - b <= 1e-6 * b && b - a <= 1e-6 * b) }'
    }
    near "$(column requests_per_second)" "$(jq '.accounting.completed / .duration' pool.json)"
    near "$(column rss_peak_bytes)" "$(jq .server.total.rss_peak_bytes pool.json)"
    near "$(column cpu_per_request_ms)" "$(jq '.server.total.cpu_per_request_us / 1000' pool.json)"
    # The last point of the curve is the slowest request.
    near "$(tail -n 1 columns/latency.dat | cut -f 3)" "$(jq .latency.max pool.json)"
    # Each request is in one cell of the heat map, and the shares of a stretch are all of it.
    near "$(awk '!/^#/ { sum += $5 } END { print sum }' columns/heat.dat)" "$(jq .accounting.completed pool.json)"
    awk '!/^#/ { share[$1] += $6 } END { for (t in share) if (share[t] < 0.999 || share[t] > 1.001) exit 1 }' \
        columns/heat.dat
}

@test "--data: a file for each latency, as HdrHistogram's plotter reads it" {
    jq '.title = "../../a b|$(touch ran)\u202e"' pool.json >evil.json
    report pool.json evil.json --data columns
    [ -s columns/0-pool-latency.hgrm ]
    [ -s columns/1-.._.._a_b___touch_ran____-latency.hgrm ]
    [ ! -e ran ]
    /usr/bin/python3 - columns/0-pool-latency.hgrm pool.json <<'P'
import json, sys
lines = open(sys.argv[1]).read().split("\n")
run = json.load(open(sys.argv[2]))
assert lines[0].split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"] and lines[1] == ""
rows = [line.split() for line in lines[2:] if line and line[0] != "#"]
at = {float(row[1]): float(row[0]) for row in rows}
for key, q in (("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("max", 1.0)):
    assert abs(at[q] - run["latency"][key]) < 1e-6, (key, at[q], run["latency"][key])
assert int(rows[-1][2]) == run["accounting"]["completed"] and len(rows[-1]) == 3
feet = [line for line in lines if line.startswith("#[")]
assert [foot[2:].split("=")[0].strip() for foot in feet] == ["Mean", "Max", "Buckets"], feet
assert abs(float(feet[0].split("=")[1].split(",")[0]) - run["latency"]["mean"]) < 1e-5
P
}

@test "--data: the latencies of a session, an arm each" {
    "$BENCH_BUILD/tests/verdict" pass session >session.json
    report session.json --data columns
    [ -s columns/0-base-latency.hgrm ]
    [ -s columns/1-head-latency.hgrm ]
}

@test "the scripts work on the columns by themselves" {
    report pool.json comparison.json --data columns
    cd columns
    for name in $ALL; do # also without anything to show
        run -0 gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/$name.gp"
        well_formed $name.svg
    done
}

@test "parts: what was not measured has no bar" {
    report pool.json --data columns
    cd columns
    gnuplot -d -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/parts.gp"
    grep -q '<polygon' parts.svg
    # The wait and the work are known, the latency is not.
    awk -F '\t' -v OFS='\t' '/^[0-9]/ { $3 = $6 = $9 = $12 = "NaN" } { print }' parts.dat >none
    mv none parts.dat
    gnuplot -d -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/parts.gp"
    [ "$(texts parts.svg | grep -c '^not measured$')" = 4 ]
    run ! grep '<polygon' parts.svg
}

@test "hostile names run nothing and are shown as they are" {
    names=('$(touch ran1)' '`touch ran2`' '"`touch ran3`"' "'; system('touch ran4')" '{/Symbol a} a_b^c'
        '# no comment' '%s %d @x' 'back\slash \n' '<b>&amp;' 'NaN' 'über Ж ≥ 漢字')
    files=()
    for i in "${!names[@]}"; do
        titled "${names[$i]}" "evil$i.json"
        files+=("evil$i.json")
    done
    report "${files[@]}" -o plots --data columns
    drawn plots
    texts plots/compare.svg >said
    texts plots/latency.svg >>said
    texts plots/heat.svg | grep -cFf <(printf '%s\n' "${names[@]}") >shown
    [ "$(cat shown)" -ge "${#names[@]}" ]
    for name in "${names[@]}"; do
        [ "$(grep -cF -- "$name" said)" -ge 4 ] || { echo "no $name"; cat said; return 1; }
    done
    [ -z "$(find "$BATS_TEST_TMPDIR" -name 'ran*')" ]
}

@test "the heat map: each arm with latencies over time, and one without" {
    jq '.title = "older" | del(.series_latency)' pool.json >older.json
    report pool.json older.json -o plots --data columns
    drawn plots
    texts plots/heat.svg >said
    [ "$(grep -c '^not measured$' said)" -eq 1 ]
    grep -q '^pool' said && grep -q '^older' said && grep -q '^Latency over time$' said
    # A cell is a filled shape, and there is nothing else of its kind.
    cells=$(grep -c '^[0-9]' columns/heat.dat)
    [ "$(grep -oE '<(polygon|rect|path)' plots/heat.svg | wc -l)" -ge "$cells" ]
    # Without any there is nothing to draw.
    report older.json -o bare
    [ -s bare/latency.svg ]
    [ ! -e bare/heat.svg ] && [ ! -e bare/heat.png ]
}

@test "a name with lines and controls stays on one line" {
    titled $'a\nb\tc\x01\e[31m' evil.json
    report evil.json -o plots
    drawn plots
    grep -q '^a?b?c??\[31m$' <<<"$(texts plots/compare.svg)"
}

@test "hostile folders run nothing" {
    folder=$'-o `touch ran1` $(touch ran2) "x\' y'
    mkdir -- "$folder"
    TMPDIR=$PWD/$folder
    cp pool.json ./"$folder"/
    report ./"$folder/pool.json" -o ./"$folder/plots"
    drawn ./"$folder/plots"
    [ "$(ls -A ./"$folder" | tr '\n' ' ')" = "plots pool.json " ]
    [ ! -e ran1 ] && [ ! -e ran2 ]
}

@test "a user's own gnuplot start-up file changes nothing" {
    export HOME=$PWD/home
    mkdir home
    echo 'system "touch ran"; set output "else"; exit' >home/.gnuplot
    cp home/.gnuplot .gnuplot
    report pool.json -o plots
    drawn plots
    [ ! -e ran ] && [ ! -e home/ran ]
}

@test "nothing completed, nothing measured: still a picture, and it says so" {
    start_faulty
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/stall" -c 5 -d 300ms -o none.json >/dev/null 3>&- || true
    kill -TERM "$FAULTY_PID"
    jq -e '.accounting.completed == 0 and .accounting.in_flight_at_end == 5' none.json
    report none.json -o plots
    drawn plots "compare latency rate"
    [ ! -e plots/heat.svg ] && [ ! -e plots/percentiles.svg ] && [ ! -e plots/parts.svg ]
    grep -q "^not measured$" <<<"$(texts plots/compare.svg)"
    grep -q "^0$" <<<"$(texts plots/compare.svg)"
    grep -q "(0)$" <<<"$(texts plots/latency.svg)"
    grep -q "^dashed: " <<<"$(texts plots/latency.svg)"
    # Not even an open one.
    jq '.histograms.unfinished = null | .histograms.latency = null | .requests.sent = 0 |
        .accounting |= (.sent = 0 | .in_flight_at_end = 0 | .oldest_in_flight_ns = null)' none.json >less.json
    report less.json -o less
    drawn less "compare latency rate"
    grep -q "no request completed" <<<"$(texts less/latency.svg)"
    run ! grep -q "^dashed: " <<<"$(texts less/latency.svg)"
}

@test "no arm gave a result: nothing is drawn, exit 5" {
    jq '.findings = [] | .order = [] | .interrupted = true | .arms |= map(.results = [])' comparison.json >none.json
    run -5 --separate-stderr report none.json -o plots
    [ -z "$output" ]
    [[ $stderr == "bench: nothing to draw: no arm has a result; "* ]]
    [ ! -e plots ]
    # One arm is enough.
    report none.json pool.json -o plots
    drawn plots
}

@test "below the panels stands what occurs in them, and nothing else" {
    report comparison.json --data columns
    marks() {
        (cd columns && gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/compare.gp")
        texts columns/compare.svg >said
    }
    sed -i 's/≥//g; s/\*//g' columns/compare_text.dat
    marks
    run ! grep -q '^[≥*] [a-z]*: ' said
    cp columns/compare_text.dat plain.dat
    # field NAME TEXT: what the first arm shows there.
    field() {
        awk -F'\t' -v OFS='\t' -v want="\"$1\"" -v text="\"$2\"" '/^#/ { print; next }
            !at { for (i = 1; i <= NF; i++) if ($i == want) at = i } /^0/ { $at = text } { print }' \
            plain.dat >columns/compare_text.dat
    }
    while read -r name text note; do
        field "$name" "$text"
        marks
        [ "$(grep '^[≥*] [a-z]*: ' said)" = "$note" ] || { echo "$name: want $note"; cat said; return 1; }
    done <<'END'
p99_ms ≥7 ≥ latency: lower bound, some requests had not finished
switches_per_request ≥7 ≥ switches: lower bound, threads that exited are not included
p99_ms 7* * percentile: fewer than 10 samples above it
work_per_second 7* * rate: based on fewer than 30 completions, or less than 0.5 s
END
    # A logarithmic axis is named where there is one: all figures 1, then one of them 1000.
    awk -F'\t' -v OFS='\t' '/^[0-9]/ { for (i = 3; i <= NF; i++) $i = 1 } { print }' columns/compare.dat >ones.dat
    cp ones.dat columns/compare.dat
    marks
    run ! grep -q '^log:\|(log)' said
    awk -F'\t' -v OFS='\t' '/^0/ { $3 = $4 = $5 = 1000 } { print }' ones.dat >columns/compare.dat
    marks
    grep -q '^log: logarithmic axis from a power of ten' said
    grep -q '(log)$' said
}

@test "an axis below 1 has plain figures" {
    report pool.json --data columns
    cd columns
    awk -F'\t' -v OFS='\t' '/^#/ { print; next } !at { for (i = 1; i <= NF; i++) if ($i == "\"switches_per_request\"") at = i }
        /^0/ { $at = $(at + 1) = $(at + 2) = 0.25 } { print }' compare.dat >new.dat
    mv new.dat compare.dat
    gnuplot -d "$BATS_TEST_DIRNAME/../../scripts/compare.gp"
    texts compare.svg >../said
    grep -q '^0\.2$' ../said
    run ! grep -q '[0-9] m$' ../said
}

@test "ten and twenty arms, and no more" {
    files=()
    for i in $(seq 20); do files+=(pool.json); done
    report "${files[@]}" -o plots
    drawn plots
    grep -q '^pool 20$' <<<"$(texts plots/compare.svg)"
    usage "at most 20" "${files[@]}" pool.json -o plots
    # No more is read than that takes: the last one would say something else.
    echo nonsense >none.json
    usage "at most 20" "${files[@]}" pool.json none.json -o plots --data more
    [ ! -e more ]
    report "${files[@]}" pool.json --data columns
}

@test "no gnuplot: 2, which package, and --data all the same" {
    without() {
        PATH=/nowhere "$BENCH_BUILD/bench" report "$@" 3>&-
    }
    run -2 without pool.json -o plots
    [[ $output == *"apt-get install gnuplot-nox"*--data* ]]
    [ -z "$(ls -A plots)" ]
    without pool.json --data columns
    [ -s columns/latency.dat ]
}

@test "a gnuplot that fails: its last words, and the old pictures stay" {
    report pool.json -o plots
    cp -r plots before
    fake_gnuplot <<<'echo half >latency.svg; printf "line 3: \033[31mno such terminal\n" >&2; exit 1'
    usage "line 3: ?[31mno such terminal" pool.json -o plots
    [[ $stderr == *"exit 1"* ]]
    diff -r before plots
    # It says that all is well, and has drawn nothing, or not all.
    png='printf "\0\0\0\0IEND\256B\140\202"'
    fake_gnuplot <<<"for name in $ALL; do echo '<svg></svg>' >\$name.svg; $png >\$name.png; done; rm compare.png"
    usage "compare.png" pool.json -o plots
    fake_gnuplot <<<"for name in $ALL; do : >\$name.svg; : >\$name.png; done"
    usage "is empty" pool.json -o plots
    diff -r before plots
}

@test "Ctrl-C while gnuplot runs: 130, nothing left, and gnuplot is gone" {
    mkfifo started
    fake_gnuplot <<<"echo \$\$ >$PWD/started; exec sleep 300"
    "$BENCH_BUILD/bench" report pool.json -o plots 2>said 3>&- &
    bench=$!
    read -r -t "$PATIENCE" gnuplot <started
    kill -INT "$bench"
    status=0
    wait "$bench" || status=$?
    [ "$status" -eq 130 ]
    grep -q interrupted said
    run ! kill -0 "$gnuplot"
    [ -z "$(ls -A plots)" ]
}

@test "two at once into one folder" {
    titled other other.json
    report pool.json -o plots 3>&- &
    report other.json -o plots
    wait $!
    drawn plots
}

@test "what cannot be used is told" {
    usage "no result given" -o plots
    usage "missing.json" missing.json -o plots
    echo '{"a":1}' >none.json
    usage "none.json" pool.json none.json -o plots
    [ ! -e plots ]
    usage "is not a folder" pool.json -o ''
    usage "is not a folder" pool.json --data ''
    usage "-o/--out" pool.json -o pool.json
    usage "--data" pool.json --data nowhere/there
    usage "-o/--out" pool.json -o nowhere/there
    if [ "$(id -u)" -ne 0 ]; then
        mkdir -m 500 closed
        usage "-o/--out" pool.json -o closed
    fi
}

@test "without -o and --data: tables of results and of comparisons, or their JSON" {
    run -0 report pool.json comparison.json
    [[ $output == *req/s*inline*pool* ]]
    run -0 --separate-stderr report comparison.json --json
    [ "${#lines[@]}" -eq 1 ]
    jq -e '.schema == "bench.comparison/1" and (.arms | map(.name)) == ["inline", "pool"]' <<<"$output"
    run -0 --separate-stderr report pool.json --json
    jq -e '.schema == "bench.result/1"' <<<"$output"
}

@test "an installed bench finds the scripts" {
    cmake --install "$BENCH_BUILD" --prefix "$PWD/prefix" >/dev/null
    [ -f prefix/share/bench/latency.gp ]
    timeout 100 prefix/bin/bench report pool.json -o plots 3>&-
    drawn plots
}

@test "the commands of docs/pictures.md work, shorter" {
    mkdir page
    cd page
    ln -s "$BATS_TEST_DIRNAME/../../scripts" scripts
    sed -n '/^```sh$/,/^```$/{/^```/d;p}' "$BATS_TEST_DIRNAME/../../docs/pictures.md" >commands
    [ "$(wc -l <commands)" -eq 4 ]
    sed -i '/compare/{s/-d 10/-d 300ms --rounds 1 --no-repeat --strategies inline,pool --work count:10k/}' commands
    PATH=$BENCH_BUILD:$PATH timeout 100 bash -eu commands >said 2>&1 3>&- || { cat said; return 1; }
    drawn plots
    [ -s columns/latency.svg ] && [ ! -e columns/latency.png ]
}
