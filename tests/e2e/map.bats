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
    # compare reads it before anything is measured; what it takes is what the report takes.
    run -0 --separate-stderr bench compare --article --map map.json --dry-run
    jq -e .seed <<<"$output"
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
    [[ $output == *"--map is for printed reports"* ]]
}
