#!/usr/bin/env bats
# bench report of a sweep: its picture, the columns behind it, and its page, drawn by the real
# gnuplot. What is ranked depends on the machine, so what is told apart is tested by units.

load common
load drawn

setup_file() {
    export CURVES=$BATS_FILE_TMPDIR/curves.json MAP=$BATS_FILE_TMPDIR/map.json
    timeout 200 "$BENCH_BUILD/bench" sweep --no-repeat --over connections=1,2,8 --strategies inline,pool \
        --rounds 2 -d 150ms --work count:10k -o "$CURVES" >/dev/null 3>&-
    timeout 200 "$BENCH_BUILD/bench" sweep --no-repeat --over work=10k,100k --over c=1,3 --strategies inline,pool \
        --rounds 1 -d 150ms -o "$MAP" >/dev/null 3>&-
}

setup() {
    own_folder
    cp "$CURVES" curves.json
    cp "$MAP" map.json
}

@test "over one option: curves, with a label for each value and each arm" {
    run -0 --separate-stderr report curves.json -o plots --data columns
    [ -z "$output" ]
    [ "$(ls plots | tr '\n' ' ')" = "sweep.png sweep.svg " ]
    whole_png plots/sweep.png
    says plots/sweep.svg "Best by most work" connections 1 2 8 inline pool "connections: 3 values"
    grep -q "2 rounds in random order at each point" said
    [ "$(ls columns | grep -v hgrm | tr '\n' ' ')" = "arms.dat axes.dat caption.dat curves.dat stretches.dat text.dat values.dat " ]
    # The figures are those of the document.
    for arm in 0 1; do
        jq -r "[.comparison.arms[$arm, $arm + 2, $arm + 4].summary.work_per_second.median] | .[]" curves.json >want
        awk -F'\t' -v arm=$arm '/^# arm / { at = $1 } /^[0-9]/ && at ~ "^# arm " arm { print $2 }' columns/curves.dat >got
        paste want got | awk '$1 > 0.999 * $2 && $1 < 1.001 * $2 { near++ } END { exit near != 3 }'
    done
}

@test "over two options: a map, with a cell for each two values" {
    report map.json -o plots --data columns
    [ "$(ls plots | tr '\n' ' ')" = "map.png map.svg " ]
    whole_png plots/map.png
    says plots/map.svg "Best by most work" work connections 10k 100k 1 3 inline pool "not ranked" \
        "grey: nothing can be ranked"
    [ "$(grep -cx 'not ranked' said)" -eq 4 ]
    grep -q ' CPU$' said
    [ "$(grep -c '^[0-9]' columns/cells.dat)" -eq 4 ]
    [ -s columns/stripes.dat ] && [ -s columns/borders.dat ]
    # By hand, as docs/pictures.md has it.
    (cd columns && gnuplot -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/map.gp")
    cmp columns/map.svg plots/map.svg
}

@test "a map of many cells has small ones, without a text in them" {
    report map.json --data columns
    cd columns
    { printf '# values\n'; for i in $(seq 0 99); do printf '0\t%d\t%d\t"%d"\t"%d"\t" "\n' $i $i $i $i; done
        printf '1\t0\t1\t"1"\t"1"\t" "\n'; } >values.dat
    { printf '# cells\n'; for i in $(seq 0 99); do printf '%d\t0\t0\t%d\t5\t0\t"inline"\t"inline"\t" "\t" "\t"5"\t"5"\n' $i $((i / 50)); done; } >cells.dat
    run -0 --separate-stderr gnuplot -d -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/map.gp"
    says map.svg 0 96 connections
    [ "$(grep -cx inline said)" -eq 1 ] # in the key
}

@test "a page: the picture, the own case, all figures, the set-up, the command" {
    report map.json -o page.html
    [ "$(tail -n 1 page.html)" = "</html>" ]
    [ "$(grep -o '<svg role="img"' page.html | wc -l)" -eq 1 ]
    page_says page.html "Sweep over work and connections: inline, pool" "The map" "Find your own case" Figures \
        "CPU of a request" "how sure" "bench sweep --no-repeat" "bench report map.json -o page.html" \
        "one round ranks nothing" "At the first point, work=10k connections=1"
    # A row for each point, and one for each arm at each point, in the order of the values.
    table() { sed -n "/aria-label=\"$1\"/,/<\/table>/p" page.html | grep '^<tr'; }
    table "The best arm at each point" | sed 's/<th scope="row">\([^<]*\)<\/th><td>\([^<]*\)<.*/\1 \2/' >rows
    printf '<tr>%s\n' "10k 1" "10k 3" "100k 1" "100k 3" | diff - rows
    [ "$(table "Figures of all arms" | wc -l)" -eq 8 ]
    report curves.json --no-pictures -o page.html
    run ! grep -q '<svg' page.html
    page_says page.html "Sweep over connections: inline, pool" "connections: how many requests are open"
}

@test "--goal: one measurement judged by another goal, in each report" {
    local measured="lowest p99; the sweep was measured for 'most work'"
    report curves.json --goal 'lowest p99' >text
    tr -s ' \n' ' ' <text | grep -qF "goal $measured"
    [ "$(grep -A1 '^p99$' text | tail -n 1 | awk '{print $NF}')" = best ]
    [ "$(grep -A1 '^work/s$' text | tail -n 1 | awk '{print $NF}')" = pool ]
    report curves.json --goal 'p50<10s at least cost' --format md >md
    grep -qx 'p50<10s' md
    [ "$(grep -A1 '^CPU/work$' md | tail -n 1 | awk '{print $NF}')" = best ]
    # The goal of the measurement changes nothing.
    report curves.json >plain
    report curves.json --goal 'most work' | diff plain -
    report curves.json --goal 'lowest p99' -o plots --data columns
    says plots/sweep.svg "Best by lowest p99"
    grep -q "connections: 3 values, measured for the goal 'most work'" said
    jq -r '[.comparison.arms[0, 2, 4].summary.p99.median / 1e6] | .[]' curves.json >want
    awk -F'\t' '/^# arm / { at = $1 } /^[0-9]/ && at ~ "^# arm 0" { print $2 }' columns/curves.dat >got
    paste want got | awk '$1 > 0.999 * $2 && $1 < 1.001 * $2 { near++ } END { exit near != 3 }'
    report curves.json map.json --goal 'lowest p99' --no-pictures -o page.html
    page_says page.html "$measured" "bench report curves.json map.json -o page.html --no-pictures --goal 'lowest p99'"
    [ "$(grep -cF "$measured" said)" -eq 2 ]
    report map.json --goal 'least CPU' >text
    grep -q '^Best by least CPU, work downwards' text
}

@test "--goal is refused where nothing is ranked, and where the arms cannot have it" {
    local pool=$BATS_TEST_DIRNAME/../../results/reference/pool.json
    local both=$BATS_TEST_DIRNAME/../../results/reference/comparison.json
    local no_sweep="pool.json: --goal: this is one run, not a sweep, and has no points to judge"
    usage "$no_sweep" "$pool" --goal 'lowest p99'
    usage "$no_sweep" "$pool" "$both" --goal 'lowest p99'
    usage "$no_sweep" "$pool" --goal 'lowest p99' -o plots
    usage "$no_sweep" "$pool" --goal 'lowest p99' -o page.html
    usage "comparison.json: --goal: this is a comparison" "$both" --goal 'lowest p99' --data columns
    [ ! -e plots ] && [ ! -e page.html ] && [ ! -e columns ]
    run -2 report map.json "$pool" --goal 'lowest p99' --no-pictures -o page.html
    page_says page.html "Not on this page" "this is one run, not a sweep" "Find your own case"
    usage "--goal: json and csv have what was measured" map.json --goal 'lowest p99' --json
    usage "--goal: json and csv have what was measured" map.json --goal 'lowest p99' --format csv
    usage "map.json: --goal: 'fastest' is no goal of a sweep" map.json --goal fastest
    usage "map.json: --goal: 'fastest' is no goal of a sweep" map.json --goal fastest -o plots
    usage "map.json: --goal: 'fastest' is no goal of a sweep" map.json --goal fastest -o page2.html
    # In the words of bench sweep.
    usage "--goal: achieved cannot be measured of inline; it needs a rate (-R)" map.json --goal 'achieved>99%'
    usage "--goal: job.p99 cannot be measured of inline; it needs a queue (--strategy queue)" map.json --goal 'job.p99<1s'
}

@test "thresholds of a page, and a page of several files" {
    report map.json curves.json --fail 'p99>1ns' -o page.html
    page_says page.html "2 reports" "Sweep over work and connections" "Sweep over connections" Limits
    [ "$(grep -o '>FAIL<' page.html | wc -l)" -eq 14 ]
    mkdir folder
    usage "this is a sweep, whose picture has no limits" map.json --fail 'p99>1ms' -o folder
    usage "--reference: this is a sweep, not a comparison" map.json --reference inline -o page2.html
    [ ! -e page2.html ]
}

@test "a sweep is drawn alone, when an arm has a result, and only its own goal" {
    usage "a sweep has pictures of its own; give it alone" map.json curves.json -o plots
    jq '.goal = "fastest"' map.json >other.json
    usage "other.json: goal: 'fastest' is no goal of a sweep" other.json -o plots
    usage "goal: 'fastest' is no goal of a sweep" other.json -o page.html
    jq '.comparison.order = [] | .comparison.interrupted = true | .comparison.arms |= map(.results = [] | .problems = [])' \
        map.json >none.json
    run -5 --separate-stderr report none.json -o plots
    [[ $stderr == *"nothing to draw: no arm has a result"* ]]
    [ ! -e plots ]
    run -5 report none.json -o page.html
    page_says page.html "Not drawn:" "not measured"
    jq '[range(21) | "a\(.)"] as $arms | .arms = $arms | .comparison.order = [] | .comparison.interrupted = true |
        .comparison.arms = [.points[].texts as $t | $arms[] |
            {name: "\(.) work=\($t[0]) connections=\($t[1])", results: [], problems: []}]' map.json >many.json
    usage "a picture shows at most 20 arms, and these are 21" many.json -o plots
    report many.json --data columns
    [ "$(grep -c '^[0-9]' columns/arms.dat)" -eq 21 ]
}

@test "the reports that docs/sweep.md shows are made" {
    local root command count=0
    root=$(realpath "$BATS_TEST_DIRNAME/../..")
    ln -s "$BENCH_BUILD" build
    ln -s "$root/results" results
    while read -r command; do
        eval "timeout 200 $command" >said 2>&1 3>&- </dev/null || { echo "$command: $?"; cat said; return 1; }
        count=$((count + 1))
    done < <(sed -n '/^```sh$/,/^```$/{/^build.bench report/p}' "$root/docs/sweep.md")
    [ "$count" -ge 6 ]
    page_says cheap.html "p99<200ms at least cost; the sweep was measured for 'most work'"
    page_says article.html "On the map: quick math under a second" "Find your own case"
    grep -q "Best by least CPU" columns/text.dat # the pictures are then made again
}

# hostile FILE: every text of it that a picture or a page shows is meant to do harm.
hostile() {
    jq --arg bad '`touch ran` $(touch ran) "</text></svg><script>window.ran = 1</script>\' '
        def renamed: [.arms[] | . + $bad];
        .points |= map(.texts |= map(. + $bad)) | .axes |= map(.option += $bad | .range += $bad) |
        renamed as $arms | .arms = $arms | . as $all |
        .comparison.title = null | .comparison.arms = [range(.comparison.arms | length) as $i |
            ($all.points[$i / ($arms | length) | floor].texts) as $texts |
            $all.comparison.arms[$i] | .name = ([$arms[$i % ($arms | length)]] +
                [range($texts | length) | "\($all.axes[.].option)=\($texts[.])"] | join(" "))] |
        .comparison.order = (.comparison as $now | [$all.comparison.order[] as $name |
            $now.arms[[$all.comparison.arms[].name] | index($name)].name])' "$1"
}

@test "texts that are meant to do harm are only shown" {
    for name in curves map; do
        hostile $name.json >bad.json
        report bad.json -o plots-$name --data columns-$name
        texts "$(echo plots-$name/*.svg)" | grep -qF '`touch ran`'
        report bad.json -o page-$name.html
        [ "$(grep -o '<script>' page-$name.html | wc -l)" -eq 1 ]
        page_texts page-$name.html | grep -qF '<script>window.ran'
    done
    [ -z "$(find . -name 'ran*')" ]
}

@test "points that nothing measured, and arms that failed, are marked" {
    jq '(.comparison.arms[0] | .name) as $gone | .comparison.interrupted = true |
        .comparison.order |= map(select(. != $gone)) |
        .comparison.arms[0] |= (.results = [] | .problems = [])' curves.json >some.json
    report some.json -o plots
    grep -q ", interrupted" <<<"$(texts plots/sweep.svg)"
    jq '.comparison.arms |= map(.results |= [] | .problems = [{"round": 1, "text": "it broke"}])' map.json >failed.json
    report failed.json -o page.html && false || [ $? -eq 5 ]
    page_says page.html "it broke" failed
    jq '.comparison.arms[0] |= (.results = [] | .problems = [{"round": 1, "text": "it broke"}])' map.json >failed.json
    report failed.json -o plots
    says plots/map.svg "grey: nothing can be ranked; cross: an arm failed there"
}

@test "the commands of docs/sweep.md that make a map and draw it work, with fewer points" {
    mkdir page
    cd page
    ln -s "$BENCH_BUILD" build
    sed -n '/^## The map$/,/^## The map of/p' "$BATS_TEST_DIRNAME/../../docs/sweep.md" |
        sed -n '/^```sh$/,/^```$/{/map.json/p}' >commands
    [ "$(wc -l <commands)" -eq 3 ]
    sed -i 's/work=10k,1M,100M/work=10k,20k/; s/connections=1,8,64/connections=1,2/
        s/ sweep / sweep --no-repeat --strategies inline,pool --rounds 1 -d 150ms /' commands
    timeout 200 bash -eu commands >said 2>&1 3>&- || { cat said; return 1; }
    grep -q 'Find your own case' map.html
    [ "$(ls pictures | tr '\n' ' ')" = "map.png map.svg " ]
}
