#!/usr/bin/env bats
# bench check SESSION and bench report SESSION: stored sessions, from their files alone.

load common

setup_file() {
    export SESSIONS=$BATS_FILE_TMPDIR
    for name in fail pass noisy open died nothing; do
        "$BENCH_BUILD/tests/verdict" "$name" session >"$SESSIONS/$name.json"
    done
    "$BENCH_BUILD/tests/render" pool json >"$SESSIONS/pool.json"
    export LC_ALL=C.UTF-8
}

setup() {
    own_folder
    cp "$SESSIONS"/*.json .
}

bench() {
    timeout 100 "$BENCH_BUILD/bench" "$@" 3>&-
}

# usage TEXT WORD...: refused with TEXT, and nothing on stdout.
usage() {
    run -2 --separate-stderr bench "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "the verdict's exit code" {
    run -1 bench check fail.json
    [[ ${lines[0]} == "FAIL: cpu_per_request "* ]]
    run -0 bench check pass.json
    [[ ${lines[0]} == "PASS: "* ]]
    run -0 bench check noisy.json
    [[ ${lines[0]} == "INCONCLUSIVE: "* ]]
    run -3 bench check noisy.json --strict
    run -3 bench check open.json --strict
    run -5 bench check died.json
    [[ ${lines[0]} == "INVALID: "* ]]
}

@test "each format is the same each time, and what the text of it says" {
    for format in text json junit md github csv; do
        bench check open.json --format $format >one
        bench check open.json --format $format | cmp - one
    done
    bench check open.json --format json | jq -e '.verdict == "inconclusive" and .exit_code == 0 and (.gates | length) == 5'
    bench check open.json --strict --format json >strict || [ $? -eq 3 ]
    jq -e '.exit_code == 3' strict
    bench check open.json --format junit >junit.xml
    python3 -c 'import xml.dom.minidom, sys; xml.dom.minidom.parse("junit.xml")'
    bench check open.json --format csv | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin, strict=True))
assert [r["verdict"] for r in rows] == ["inconclusive"] * 3 + ["pass"] * 2, rows'
}

@test "an option that says nothing in a check of this kind is refused, with the reason" {
    local two=(--arm base=http://127.0.0.1:9/ --arm head=http://127.0.0.1:9/ --fail 'p99>+10%')
    usage '--each-round: a session has blocks' check pass.json --each-round
    usage '--allow-partial: a session is judged by the blocks' check pass.json --allow-partial
    usage '--allow-errors: a session keeps' check pass.json --allow-errors
    usage '--each-round: two arms are measured in blocks' check "${two[@]}" --each-round
    usage '--allow-partial: a session' check "${two[@]}" --allow-partial
    usage '--session and --no-save' check "${two[@]}" --session s.json --no-save
    usage '--session: a session that goes on' check "${two[@]}" --continue pass.json --session s.json
    usage '--no-save: a session that goes on' check "${two[@]}" --continue pass.json --no-save
    run -0 bench check "${two[@]}" --allow-errors --strict --dry-run
    run -0 bench check pool.json --fail "p99>100s" --strict
}

@test "a file that begins with a byte order mark is read" {
    for name in pass pool; do
        { printf '\xef\xbb\xbf'; cat $name.json; } >marked.json
        bench report $name.json | sed "s/$name.json/marked.json/" >want
        bench report marked.json | cmp - want
    done
    bench check pool.json --fail 'p99>100s' --fail 'p99 > 100s' --warn 'p99>100s' --format json |
        jq -e '[.limits[].level] == ["fail", "warn"]'
}

@test "with -o the file has the format, and stdout the text" {
    bench check pass.json --format md -o verdict.md | diff - <(bench check pass.json)
    diff verdict.md <(bench check pass.json --format md)
}

@test "the file of -o does not replace the session" {
    cp pass.json kept.json
    ln -s kept.json link.json
    usage "would replace kept.json" check kept.json --format md -o kept.json
    usage "would replace link.json" check link.json --format md -o kept.json
    cmp pass.json kept.json
}

@test "a session has gates of its own" {
    usage "which has gates of its own" check fail.json --fail 'p99>1s'
    usage "which has gates of its own" check fail.json pool.json --fail 'p99>1s'
}

@test "a session that was cut, or of a newer bench, is refused" {
    head -c 5000 open.json >cut.json
    usage "cut.json: " check cut.json
    usage "cut.json: " check cut.json --fail 'p99>1s'
    usage "no-such.json: " check no-such.json
    usage "cut.json: " report cut.json
    sed 's|bench.session/1|bench.session/2|' open.json >newer.json
    usage "newer.json: schema is 'bench.session/2', which this bench does not read" report newer.json
    usage "newer.json: schema is 'bench.session/2', which this bench does not read" check newer.json
    jq '.gates[0].text = "p99<+10%"' open.json >gate.json
    usage "p99<+10%" check gate.json
    usage "p99<+10%" report gate.json
}

# refuses TEXT FILTER: the failing session, changed by the jq filter, is refused with TEXT.
refuses() {
    jq "$2" fail.json >changed.json
    ! cmp -s fail.json changed.json
    usage "changed.json: $1" check changed.json
    usage "changed.json: $1" report changed.json
    [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a session that contradicts itself decides nothing" {
    run -1 bench check fail.json
    refuses 'blocks[0].sides[1]: server.cpu_per_request_us is not' \
        '.blocks[].sides[1].server.cpu_per_request_us *= 0.9'
    refuses 'blocks[0].sides[1]: server.cpu_per_request_us is not' \
        '.blocks[].sides[1].server.cpu_user_s *= 0.9'
    refuses 'blocks[0].sides[0]: histograms.latency holds' \
        '.blocks[].sides[] |= (.accounting.completed *= 2 | .statusCodeStats["200"].count = .accounting.completed |
                               .accounting.sent = .accounting.completed + .accounting.in_flight_at_end)'
    refuses 'blocks[0].sides[1]: histograms.unfinished holds 16, and' \
        '.blocks[].sides[1].accounting |= (.in_flight_at_end = 0 | .sent = .completed)'
    refuses 'blocks[0].sides[1]: duration is shorter than the 6 slices of 1 s' \
        '.blocks[].sides[1].duration = 0.01'
    refuses 'measured_s is less than the durations' '.blocks[].sides[1].duration *= 10'
    refuses 'blocks[1].start is that of blocks[0], too' '.blocks[1].start = .blocks[0].start'
    refuses 'blocks[1].mirrored is not what seed gives' '.blocks[1].mirrored |= not'
    refuses 'blocks[2].valid is false, but redone' '.blocks[2].valid = false'
    jq '.blocks[2:] = [.blocks[1], .blocks[1], .blocks[1], .blocks[1]]' fail.json >copied.json
    usage 'copied.json: blocks[' check copied.json
}

@test "bench report shows the verdict and the blocks" {
    bench report open.json >report
    bench check open.json | diff - <(head -"$(bench check open.json | wc -l)" report)
    [ "$(tail -7 report | grep -c '%')" -eq 7 ]
    bench report --format md open.json | diff - <(bench check open.json --format md)
    bench report --json open.json | jq -e '.schema == "bench.session/1" and (.blocks | length) == 7'
}

@test "bench report draws the shift and the blocks" {
    bench report open.json -o plots --data columns 2>/dev/null
    for picture in shift blocks; do
        [[ $(file -b plots/$picture.png) == "PNG image data"* ]]
        xmllint --noout --nonet plots/$picture.svg || python3 -c "import xml.dom.minidom; xml.dom.minidom.parse('plots/$picture.svg')"
    done
    [ "$(ls columns | grep -v 'hgrm$' | tr '\n' ' ')" = "arms.dat blocks.dat caption.dat gates.dat shift.dat " ]
    [ "$(grep -c '^[1-7]	' columns/blocks.dat)" -eq 35 ]
    awk -F'\t' '/^0/ { if (!($4 <= $3 && $3 <= $5)) exit 1; n++ } END { exit n < 60 }' columns/shift.dat
    run -5 bench report nothing.json -o plots
    [[ $output == *"no valid block"* ]]
    usage "pictures of its own" report open.json pool.json -o plots
}
