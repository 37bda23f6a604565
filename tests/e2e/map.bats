#!/usr/bin/env bats
# The article's takeaway, judged by a map that was measured here.

load common

bench() {
    "$BENCH_BUILD/bench" "$@"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ARTICLE=$BATS_TEST_DIRNAME/../../results/reference/article.json
}

@test "--map: three rules more, each with a verdict and its evidence" {
    run -0 --separate-stderr bench sweep --over work=sleep:1ms,sleep:20ms --strategies inline,pool -c 4 -d 300ms --rounds 3 -o map.json
    run -0 --separate-stderr bench report --map map.json --json "$ARTICLE"
    local doc=$output root=$BATS_TEST_DIRNAME/../..
    jq -e '[.claims[] | select(.code | startswith("map-")) | .code] ==
        ["map-pool-for-short", "map-native-for-heavy", "map-queue-for-long"]' <<<"$doc"
    jq -e '.claims[] | select(.code == "map-pool-for-short") | .reason | contains("points of the map with less than a second of work")' <<<"$doc"
    jq -e '.claims[] | select(.code == "map-queue-for-long") |
        .verdict == "not_comparable" and .reason == "the map has no arm of the strategy queue."' <<<"$doc"
    printf '%s\n' "$doc" >again.json
    "$root/tests/schema/validate" "$root/docs/bench.comparison.1.schema.json" again.json
    # Once more: they are replaced.
    run -0 --separate-stderr bench report --map map.json --json again.json
    jq -e '[.claims[] | select(.code | startswith("map-"))] | length == 3' <<<"$output"
    run -0 --separate-stderr bench report --map map.json "$ARTICLE"
    [[ $output == *"On the map: quick math under a second: use a worker pool"* ]]
    run -0 --separate-stderr bench report --map map.json --format md "$ARTICLE"
    [[ $output == *"On the map"* ]]
    # Another goal than that of the map.
    run -0 --separate-stderr bench report --map map.json --goal 'lowest p50' --json "$ARTICLE"
    jq -e '.claims[] | select(.code == "map-pool-for-short") | .reason | (contains("has the lowest p50 at") or
        contains("nothing could be ranked")) and (contains("completes the most work") | not)' <<<"$output" # a busy machine
    # compare reads it before anything is measured; what it takes is what the report takes.
    run -0 --separate-stderr bench compare --article --map map.json --dry-run
    jq -e .seed <<<"$output"
}

@test "--map on a page: the three rules among the claims, and the map as a chapter of its own" {
    run -0 --separate-stderr bench sweep --over work=sleep:1ms,sleep:20ms --over connections=1,4 --strategies inline,pool \
        -d 300ms --rounds 2 -o map.json
    run -0 --separate-stderr bench report --map map.json --goal 'lowest p50' --no-pictures -o page.html "$ARTICLE"
    for text in "On the map: quick math under a second: use a worker pool" "lowest p50; the sweep was measured for" \
        "the map has no arm of the strategy queue" "Sweep over work and connections: inline, pool" "Find your own case" \
        "--map map.json --goal &apos;lowest p50&apos;"; do
        grep -qF -- "$text" page.html || { echo "the page does not say: $text"; return 1; }
    done
    # What is not of the article has no claims that a map could judge.
    local pool=$BATS_TEST_DIRNAME/../../results/reference/pool.json
    run -2 --separate-stderr bench report --map map.json --no-pictures -o other.html "$pool"
    [[ $stderr == *"--map: this has no claims that a map could judge"* ]]
    [ ! -e other.html ]
}

@test "--map: a file that is none, or nothing that it could judge, is a sentence" {
    jq '{schema: "bench.sweep/1"}' -n >empty.json
    run -2 bench report --map "$ARTICLE" "$ARTICLE"
    [[ $output == *"--map: "*"article.json: schema is not bench.sweep/1"* ]]
    run -2 bench report --map empty.json "$ARTICLE"
    [[ $output == *"--map: empty.json: "* ]]
    run -2 bench compare --article --map none.json
    [[ $output == *"--map: "*"none.json"* ]]
    run -2 bench compare --map none.json
    [[ $output == *"--map is for --article"* ]]
    run -2 bench report --map none.json -o page.html "$ARTICLE"
    [[ $output == *"--map: "*"none.json"* ]]
    run -2 bench report --map none.json -o plots "$ARTICLE"
    [[ $output == *"--map is for pages and printed reports"* ]]
    run -2 bench compare --article --map none.json --goal 'lowest p99'
    [[ $output == *"--goal: a goal judges the map of --article; give it to the report"* ]]
}
