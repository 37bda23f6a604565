#!/usr/bin/env bats
# bench report of a search for the capacity: its picture, the columns behind it, and its page, drawn
# by the real gnuplot. What a search finds depends on the machine, so most tests draw known searches.

load common
load drawn

setup_file() {
    export MEASURED=$BATS_FILE_TMPDIR/measured.json
    timeout 200 "$BENCH_BUILD/bench" capacity --goal 'p50<10s' --strategies inline,pool --work sleep:20ms \
        -d 200ms --seed 5 --max-trials 3 -o "$MEASURED" >/dev/null 3>&-
}

setup() {
    own_folder
}

known() { # CASE: a search that was never run
    "$BENCH_BUILD/tests/capacity" "$1" document >"$1.json"
}

# rows FILE: its lines that are no comments and not NaN.
rows() {
    grep -v -e '^#' -e '^NaN' -e '^$' "$1"
}

@test "a search that was measured here: the picture, its columns, and the page" {
    cp "$MEASURED" measured.json
    run -0 --separate-stderr report measured.json -o plots --data columns
    [ -z "$output" ]
    [ "$(ls plots | tr '\n' ' ')" = "capacity.png capacity.svg " ]
    whole_png plots/capacity.png
    says plots/capacity.svg "The highest rate at which p50<10s" inline pool "requests per second" held
    grep -q '^open loop, arrivals constant, trials of 0.2 s or more, ' said
    [ "$(ls columns | tr '\n' ' ')" = "arms.dat caption.dat intervals.dat text.dat trials.dat " ]
    jq -r '.arms[].name as $arm | [.trials[] | select(.arm == $arm and .rate != null)] | .[].rate' measured.json >want
    rows columns/trials.dat | cut -f 3 >got
    paste want got | awk '$1 > 0.999 * $2 && $1 < 1.001 * $2 { near++ } END { exit near != NR || NR < 2 }'
    # By hand, as docs/pictures.md has it.
    (cd columns && gnuplot -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/capacity.gp")
    cmp columns/capacity.svg plots/capacity.svg
    report measured.json -o page.html
    [ "$(tail -n 1 page.html)" = "</html>" ]
    [ "$(grep -o '<svg role="img"' page.html | wc -l)" -eq 1 ]
    page_says page.html "Capacity for p50<10s: inline, pool" Findings "The search" Capacity "why it ended" \
        "All trials (6)" "What the goal means" Set-up "bench capacity --goal 'p50<10s'" \
        "bench report measured.json -o page.html" "Add --seed 5" "Each row is one arm"
}

@test "what a picture says of each arm, in words" {
    known found
    report found.json -o plots --data columns
    says plots/capacity.svg "The highest rate at which p99<200ms and errors<0.1%" "980/s (930 to 1091/s)" \
        "446/s (370 to 475/s)" held broken "not sustained" "requests per second" 400 1000 \
        "in a row: the trials, from the first at its top to the last; shaded: where the capacity lies, 90 %; line in it: the median"
    [ "$(rows columns/trials.dat | wc -l)" -eq 20 ]
    known never
    report never.json -o plots
    says plots/capacity.svg "at least 3150/s" "cannot be met, not even at 2/s" "bench's limit" \
        "requests per second  (log)" 10 100 1k
    known dies
    report dies.json -o plots
    says plots/capacity.svg "572/s (474 to 689/s)" "not known" died absent
    run ! grep -qx invalid said # they had no rate
    known interrupted
    report interrupted.json -o plots
    says plots/capacity.svg "at least 700/s" "not met, below 490/s" "interrupted: this is what there is so far"
}

@test "the page has each arm, each trial, and what ended the search" {
    known found
    report found.json -o page.html
    page_says page.html "pool meets the goal up to 980/s (from 930 to 1091/s, 90 %); inline meets the goal up to 446/s" \
        "of the trials that did not hold: not sustained (2 of 4)" "the interval is narrow enough" \
        "Other programs took over 10 % of the cores in 1 of 22 trials" "trial 5: 250 more requests waited" \
        "errors<0.1%" "arrivals poisson"
    table() { sed -n "/aria-label=\"$1\"/,/<\/table>/p" page.html | grep '^<tr'; }
    [ "$(table "All trials" | wc -l)" -eq 22 ]
    [ "$(table "The capacity of each arm" | wc -l)" -eq 2 ]
    known interrupted
    report interrupted.json --no-pictures -o page.html
    page_says page.html "INTERRUPTED: the search is not finished" "The search is not finished"
    run ! grep -q '<svg' page.html
}

@test "a page of several files, and what a search does not go with" {
    known found
    known never
    report found.json never.json "$BATS_TEST_DIRNAME/../../results/reference/pool.json" -o page.html
    page_says page.html "3 reports" "Capacity for p99<200ms and errors<0.1%: pool, inline" "Capacity for p99<200ms: slow, fast"
    [ "$(grep -o 'data-key="capacity"' page.html | wc -l)" -eq 2 ]
    mkdir folder
    usage "a search for the capacity has pictures of its own; give it alone" found.json never.json -o folder
    usage "a search for the capacity has pictures of its own; give it alone" \
        "$BATS_TEST_DIRNAME/../../results/reference/pool.json" found.json --data folder
    usage "--fail: this is a search for the capacity" found.json --fail 'p99>1ms' -o folder
    usage "--fail: this is a search for the capacity" found.json --fail 'p99>1ms' -o none.html
    usage "a search for the capacity, not a comparison" found.json --reference pool -o none.html
    is_empty folder
    [ ! -e none.html ]
    jq '.clauses[0] = "p99<1s"' found.json >other.json
    usage "other.json: clauses are not those of its goal" other.json -o folder
    usage "other.json: clauses are not those of its goal" other.json -o none.html
}

@test "no trial, one trial, trials that cannot tell, the ends of what a rate may be" {
    known found
    jq '.trials = []' found.json >none.json
    run -5 --separate-stderr report none.json -o plots
    [[ $stderr == *"nothing to draw: no trial was run at a rate"* ]]
    [ ! -e plots ]
    run -5 --separate-stderr report none.json -o page.html
    page_says page.html "pool is not known: no trial could tell" "Not drawn:"
    report none.json --data columns
    [ "$(grep -c '^NaN' columns/trials.dat)" -eq 2 ]
    jq '.trials |= .[:1]' found.json >pilot.json
    run -5 report pilot.json -o plots
    jq '.trials |= .[2:3]' found.json >one.json
    report one.json -o plots
    says plots/capacity.svg "at least 700/s" "not known" held
    jq '.trials |= map(if .rate then .outcome = "invalid" | .why = "it broke" else . end)' found.json >invalid.json
    report invalid.json -o plots
    says plots/capacity.svg "not known" invalid
    report invalid.json -o page.html
    page_says page.html "pool is not known: it broke"
    jq '.trials[2].rate = 0.01 | .trials[4].rate = 1e7' found.json >wide.json
    report wide.json -o plots
    says plots/capacity.svg "requests per second  (log)" 1 1k 1M
    report wide.json -o page.html
    jq '.arms = []' found.json >armless.json
    usage "arms are not from 1 to 64" armless.json -o plots
}

@test "20 arms in a picture, all in the columns and the tables" {
    known found
    jq '. as $all | .arms = [range(24) as $i | $all.arms[0] | .name = "arm \($i)"] |
        .trials = [range(24) as $i | $all.trials[] | select(.arm == "pool") | .arm = "arm \($i)"]' found.json >many.json
    usage "a picture shows at most 20 arms, and these are 24" many.json -o plots
    report many.json --data columns
    [ "$(rows columns/intervals.dat | wc -l)" -eq 24 ]
    report many.json -o page.html
    page_says page.html "The pictures show the first 20 of 24 arms." "arm 23"
    [ "$(grep -o '<svg role="img"' page.html | wc -l)" -eq 1 ]
    [ "$(stat -c %s page.html)" -lt 1000000 ]
}

@test "texts that are meant to do harm are only shown" {
    known found
    jq --arg bad '`touch ran` $(touch ran) "</text></svg><script>window.ran = 1</script>\' '
        .arms |= map(.name += $bad | .target += $bad) | .trials |= map(.arm += $bad | .why = $bad) |
        .tool.argv |= map(. + $bad)' found.json >bad.json
    report bad.json -o plots --data columns
    grep -qF '`touch ran`' <<<"$(texts plots/capacity.svg)"
    report bad.json -o page.html
    [ "$(grep -o '<script>' page.html | wc -l)" -eq 1 ]
    page_texts page.html >said
    grep -qF '<script>window.ran' said
    known strange
    report strange.json -o page.html
    report strange.json -o plots
    run ! grep -q $'\x1b' page.html plots/capacity.svg
    [ -z "$(find . -name 'ran*')" ]
}

@test "no colour but those of the palette" {
    known found
    report found.json -o plots
    local palette
    palette=$(grep -oE '0x[0-9A-F]{6}|"#[0-9a-f]{6}"' "$BATS_TEST_DIRNAME/../../scripts/common.gp" | tr -d '"#' | sed 's/^0x//' | tr a-f A-F)
    {
        grep -oE 'rgb\( *[0-9]+, *[0-9]+, *[0-9]+\)' plots/capacity.svg | tr -dc '0-9,\n' |
            while IFS=, read -r r g b; do printf '%02X%02X%02X\n' "$r" "$g" "$b"; done
        grep -oE '#[0-9a-fA-F]{6}' plots/capacity.svg | tr -d '#' | tr a-f A-F
    } | sort -u >used
    [ -s used ]
    run ! grep -vxF -e 000000 -e "$palette" used # black: gnuplot's own default
}
