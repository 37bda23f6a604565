# The commands of docs/ci.md work as they stand there: they are taken from its workflow files, and run
# in a small repository with a pull request. What a CI server does is done here by stand-ins:
#
#   uses: actions/checkout   a clone of the sample repository, at the merge of base and head
#   uses: the other actions  nothing
#   apt-get ...              nothing: a line that begins with apt-get is left out
#   BENCH_REPOSITORY         a repository whose scripts/quickstart gives it this build
#   BENCH_CHECK_OPTIONS      a short session

load common

setup_file() {
    export PAGE=$BATS_TEST_DIRNAME/../../docs/ci.md
    export SAMPLES=$BATS_FILE_TMPDIR HOME=$BATS_FILE_TMPDIR/home
    export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example
    mkdir "$HOME"
    # The pull request makes each request ten times as much work.
    cd "$SAMPLES"
    git init -q -b main sample
    cd sample
    printf 'server: server.sh\n\tinstall -m 755 server.sh server\n' >Makefile
    printf '%s\n' 'cpu_per_request>+5%' >performance.gates
    server 500k
    git checkout -q -b change
    server 5M
    git checkout -q main
    git commit -q --allow-empty -m 'meanwhile'
    git merge -q --no-ff -m merge change
    cd ..
    git init -q -b main tool
    mkdir tool/scripts
    printf '#!/bin/sh\ncd "$(dirname "$0")/.." && ln -s "%s" build && exec build/bench "$@"\n' "$BENCH_BUILD" \
        >tool/scripts/quickstart
    chmod +x tool/scripts/quickstart
    git -C tool add .
    git -C tool commit -q -m tool
}

server() { # WORK
    printf '#!/bin/sh\nexec "%s" --strategy pool --pool-size 2 --work count:%s "$@"\n' \
        "$BENCH_BUILD/bench-target" "$1" >server.sh
    git add .
    git commit -q -m "$1"
}

setup() {
    own_folder
    git clone -q "$SAMPLES/sample" .
    export GITHUB_STEP_SUMMARY=$TMPDIR/summary.md
    export CI_COMMIT_SHA CI_MERGE_REQUEST_DIFF_BASE_SHA
    CI_COMMIT_SHA=$(git rev-parse HEAD)
    CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse HEAD^1)
    export BENCH_REPOSITORY=$SAMPLES/tool BENCH_REVISION
    BENCH_REVISION=$(git -C "$SAMPLES/tool" rev-parse HEAD)
    export BENCH_CHECK_OPTIONS='-c 4 -d 240ms -W 20ms --max-blocks 6'
}

# The page's Nth block of this kind, without the indent of its fence.
block() { # KIND [N]
    awk -v kind="$1" -v n="${2:-1}" '
        on && $1 == "```" { exit }
        on { print substr($0, indent + 1) }
        $1 == "```" kind && ++seen == n { on = 1; indent = index($0, "`") - 1 }' "$PAGE"
}

# The commands of a step of the GitHub workflow.
step() { # NAME
    block yaml 1 | awk -v name="      - name: $1" '
        $0 == name { below = 1; next }
        below && /^      - / { exit }
        below && /^          / && on { print substr($0, 11) }
        below && /^        run: \|$/ { on = 1 }'
}

# The commands of a list of the GitLab job.
list() { # KEY
    block yaml 2 | awk -v key="  $1:" '
        $0 == key { below = 1; next }
        below && !/^    / { exit }
        below && /^    - \|$/ { next }
        below { sub(/^    - /, "      "); print substr($0, 7) }'
}

# Runs the commands from stdin as a job does, without apt-get. Nothing that they start outlives them.
job() {
    grep -v '^apt-get ' >"$TMPDIR/job" || true
    [ -s "$TMPDIR/job" ] || { echo "no commands"; return 99; }
    timeout 120 bash --noprofile --norc -eo pipefail "$TMPDIR/job" 3>&-
}

# Other programs took so much of the machine that a gate could not be measured.
was_disturbed() {
    [ "$status" -eq 5 ]
}

@test "each step of the GitHub workflow, of a pull request with ten times the work: 1" {
    for name in "base and head" "build both servers" "build bench"; do
        step "$name" | job
    done
    ! cmp -s base/server head/server
    [ -x .bench/bin/bench-target ]

    step measure >measure
    for ((try = 0; try < 5; try++)); do
        rm -f session.json
        run --separate-stderr job <measure
        was_disturbed || break
    done
    [ "$status" -eq 1 ] || { echo "$status: $output"; return 1; }
    [[ ${lines[0]} == "FAIL: cpu_per_request "* ]]
    jq -e '.schema == "bench.session/1" and [.arms[].name] == ["base", "head"]' session.json

    step "show the verdict" >show
    run -0 job <show
    grep -q '^::error .*cpu_per_request' <<<"$output"
    grep -q '^| cpu&#95;per&#95;request |' "$GITHUB_STEP_SUMMARY"
    grep -q '<failure' check.xml
    [[ $(head -1 check.txt) == "FAIL: cpu_per_request "* ]]

    # The same again from the file, and a decided session is not measured further.
    run -1 .bench/bin/bench check session.json
    cp session.json before.json
    block sh >go-on
    run -1 job <go-on
    cmp session.json before.json
}

@test "each list of the GitLab job: 0 when the time runs out, 3 with --strict, 1 when it is continued" {
    list before_script | job
    [ -x .bench/bin/bench ]
    # It is in the cache the next time.
    list before_script | BENCH_REPOSITORY=none job
    list script >script
    list after_script >after
    block sh >go-on
    for ((try = 0; try < 5; try++)); do
        rm -f session.json
        BENCH_CHECK_OPTIONS+=' --budget 1s' run -0 --separate-stderr job <script
        [[ $output == *"INCONCLUSIVE: "*"the budget of "*" was over"* ]]
        run -0 job <after
        [ -s check.xml ] && [ -s check.txt ] && [ -s session.json ]
        run -3 .bench/bin/bench check session.json --strict
        run --separate-stderr job <go-on
        was_disturbed || break
    done
    [ "$status" -eq 1 ] || { echo "$status: $output"; return 1; }
    [[ ${lines[0]} == "FAIL: cpu_per_request "* ]]
    run -1 job <after
    grep -q '<failure' check.xml
}

# What the first steps of a job make.
prepare() {
    step "base and head" | job >"$TMPDIR/log" 2>&1
    step "build both servers" | job >"$TMPDIR/log" 2>&1
    mkdir -p .bench/bin
    ln -s "$BENCH_BUILD"/bench .bench/bin/
}

@test "the other exit codes of its table: 0, 2, 4 and 5" {
    prepare
    step measure >measure
    # A tenth of the work.
    sed "s,base/server,SERVER,; s,head/server,base/server,; s,SERVER,head/server," measure >better
    run -0 --separate-stderr job <better
    [[ ${lines[0]} == PASS* ]]
    block sh >go-on
    run -4 --separate-stderr job <go-on
    rm session.json
    BENCH_CHECK_OPTIONS=--no-such-option run -2 --separate-stderr job <measure
    [ ! -e session.json ]
    sed 's,head/server --port,head/no-such-server --port,' measure >none
    run -2 --separate-stderr job <none
    printf '#!/bin/sh\nexit 3\n' >head/server
    run -5 --separate-stderr job <measure
}

@test "the gates of its file, in place of the options" {
    prepare
    block text >head/performance.gates
    step measure | sed "s,--detect.*,--gates head/performance.gates \\\\," >measure
    BENCH_CHECK_OPTIONS+=' --dry-run' run -0 --separate-stderr job <measure
    jq -r '.gates[] | (if .kind == "warn" then "warn " else "" end) + .text' <<<"$output" |
        diff - <(grep -v '^#' head/performance.gates)
}

# The files themselves, by a parser: the commands that were run above are all there are.
@test "both files are YAML, and no command of theirs is left out" {
    python3 -c 'import yaml' 2>/dev/null || skip "python3 has no yaml"
    block yaml 1 >github.yml
    block yaml 2 >gitlab.yml
    for name in packages "base and head" "build both servers" "build bench" measure "show the verdict"; do
        step "$name"
    done >steps
    for key in before_script script after_script; do
        list $key
    done >lists
    python3 -c '
import yaml
github, gitlab = (yaml.safe_load(open(name)) for name in ("github.yml", "gitlab.yml"))
steps = github["jobs"]["check"]["steps"]
assert "".join(s.get("run", "") for s in steps) == open("steps").read()
assert all(("uses" in s) != ("run" in s) for s in steps)
job = gitlab["performance"]
lists = [c for key in ("before_script", "script", "after_script") for c in job[key]]
assert "".join(c.rstrip("\n") + "\n" for c in lists) == open("lists").read()
assert github["env"] == {k: v for k, v in job["variables"].items() if k != "GIT_DEPTH"}
assert job["artifacts"]["reports"]["junit"] == "check.xml"'
}

@test "the forecast that it quotes is printed so" {
    "$BENCH_BUILD/tests/verdict" open session >open.json
    "$BENCH_BUILD/bench" check open.json >said
    block console | while IFS= read -r line; do grep -qxF -- "$line" said; done
}

@test "it is short" {
    [ "$(awk '/^```yaml$/ { on = 1 } !on { print } /^```$/ { on = 0 }' "$PAGE" | wc -w)" -lt 1200 ]
}
