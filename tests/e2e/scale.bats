#!/usr/bin/env bats
# The recipes of docs/scale.md as they stand there, on this machine: only the server's address, the
# hosts of ssh and what would have started the programs (srun, a Kubernetes Job) are others.

load common

setup() {
    own_folder
    unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE PMI_RANK PMI_SIZE SLURM_PROCID SLURM_NTASKS \
        JOB_COMPLETION_INDEX BENCH_SHARES
    ROOT=$BATS_TEST_DIRNAME/../..
    PATH=$BENCH_BUILD:$PATH
    start_target --strategy inline --work count:1k
}

# section HEADING: the page from there to the next heading.
section() {
    awk -v heading="## $1" '$0 == heading { here = 1; next } /^## / { here = 0 } here' "$ROOT/docs/scale.md" |
        sed "s|http://server:8080/|$URL/heavy|g"
}

# block LANGUAGE: the lines of those blocks on standard input.
block() {
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`/!p}"
}

# Some lines of "$ COMMAND    # comment".
commands() {
    block console | sed -n 's/^\$ //p' | sed 's/  *#.*//'
}

# merges COMMAND...: ends with a merge. On a busy machine a share may start late, which makes the result
# invalid.
merges() {
    local status=0
    "$@" 3>&- || status=$?
    [ "$status" -eq 0 ] || { [ "$status" -eq 5 ] && jq -e '.valid == false' all.json; }
}

# merged COUNT: all.json has the sum of that many shares. The target counted what was completed, and of
# what was in flight at the end it may have had some.
merged() {
    jq -e --argjson count "$1" '.merged.parts | length == $count and all(.[]; .state == "whole")' all.json
    local sent completed
    sent=$(jq .accounting.sent all.json)
    completed=$(jq .accounting.completed all.json)
    [ "$completed" -gt 0 ]
    [ "$sent" -eq "$(jq '[.merged.parts[].sent] | add' all.json)" ]
    until_stats ".requests.heavy.completed >= $completed and .requests.heavy.begun <= $sent"
    jq -e '.merged.overlap > 0 and all(.merged.parts[]; .start_skew_us >= 0)' all.json
}

@test "by hand" {
    section "By hand" | commands | sed 's/-d 10 /-d 1 /' >recipe
    [ "$(wc -l <recipe)" -eq 4 ]
    # Two hosts at once are two shells.
    eval "$(sed -n 1p recipe)"
    eval "$(sed -n 2p recipe)" >first 2>&1 3>&- &
    BENCH_PID=$!
    eval "$(sed -n 3p recipe)" >second 2>&1 3>&-
    wait "$BENCH_PID" || { cat first; return 1; }
    merges eval "$(sed -n 4p recipe)"
    merged 2
    jq -e '.connections == 100' all.json
    stop_target
}

@test "GNU parallel" {
    section "GNU parallel, over ssh" | commands |
        sed 's/-d 10 /-d 1 /; s/-j 1 -S a,b,c/-j 3 -S 3\/:/; s/+20 seconds/+8 seconds/' >recipe
    [ "$(wc -l <recipe)" -eq 3 ]
    merges . ./recipe
    merged 3
    jq -e '.connections == 300' all.json
    stop_target
}

@test "Slurm, by its variables" {
    mkdir bin
    cat >bin/srun <<'END'
#!/bin/bash
# What srun does with a command: four tasks, each with its number.
for i in 0 1 2 3; do SLURM_PROCID=$i SLURM_NTASKS=4 "$@" & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || exit; done
END
    chmod +x bin/srun
    section Slurm | block sh | sed 's/-d 10 /-d 1 /; s/+30 seconds/+8 seconds/' >recipe
    grep -q '^#SBATCH --ntasks=4 ' recipe
    PATH=$PWD/bin:$PATH merges bash -e recipe
    merged 4
    stop_target
}

# job FILTER: of the manifest.
job() {
    section Kubernetes | block yaml | /usr/bin/python3 -c '
import json, sys, yaml
print(json.dumps(yaml.safe_load(sys.stdin), default=str))' | jq -e "$1"
}

@test "Kubernetes, by the fields of the manifest and the variables of an Indexed Job" {
    job '.apiVersion == "batch/v1" and .kind == "Job"'
    job '.spec.completionMode == "Indexed" and .spec.backoffLimit == 0 and
         .spec.completions == .spec.parallelism and .spec.template.spec.restartPolicy == "Never" and
         (.spec.template.spec.containers | length) == 1'
    job '(.spec.completions | tostring) == (.spec.template.spec.containers[0].env[] |
         select(.name == "BENCH_SHARES").value)'
    job '.spec.template.spec.containers[0].command | all(.[]; type == "string")'
    local time words pids=() i
    time=$(date -u -d '+8 seconds' +%FT%TZ)
    readarray -t words < <(job '.spec.template.spec.containers[0].command' |
        jq -r --arg time "$time" '.[] | if startswith("2026-") then $time elif . == "10" then "1" else . end')
    for i in 0 1 2 3; do
        JOB_COMPLETION_INDEX=$i BENCH_SHARES=4 "${words[@]}" >"$i.log" 2>&1 3>&- &
        pids+=($!)
    done
    for i in 0 1 2 3; do
        wait "${pids[$i]}" || { cat "$i.log"; return 1; }
    done
    # As the page takes them out of the logs.
    kubectl() { cat "$(sed 's/.*completion-index=\([0-9]*\).*/\1/' <<<"$3").log"; }
    merges eval "$(section Kubernetes | block sh)"
    merged 4
    stop_target
}

@test "Docker Compose, by the fields of its file" {
    /usr/bin/python3 -c '
import json, sys, yaml
print(json.dumps(yaml.safe_load(open(sys.argv[1]))))' "$ROOT/compose.yaml" >compose.json
    jq -e '.services.redis.profiles == null and .services.redis.ports == ["127.0.0.1:6379:6379"]' compose.json
    jq -e '[.services | to_entries[] | select(.value.profiles != null and (.value.profiles | index("generators"))) | .key] |
           sort == ["gateway", "generator0", "generator1", "generator2", "merge"]' compose.json
    # All of it is said in words that the programs take: what a generator is told, shorter.
    local i time words pids=()
    time=$(date -u -d '+8 seconds' +%FT%TZ)
    for i in 0 1 2; do
        readarray -t words < <(jq -r --arg i "$i" --arg time "$time" --arg url "$URL/heavy" \
            '.services["generator" + $i].command[] | if . == "${START:-}" then $time
             elif startswith("${TARGET") then $url elif . == "10" then "1" else . end' compose.json)
        bench "${words[@]}" >"$i.log" 2>&1 3>&- &
        pids+=($!)
    done
    for i in 0 1 2; do
        wait "${pids[$i]}" || { cat "$i.log"; return 1; }
    done
    readarray -t words < <(jq -r '.services.merge.command[]' compose.json)
    merges bench "${words[@]}"
    merged 3
    for i in gateway:bench-target worker:bench-worker; do
        readarray -t words < <(jq -r --arg name "${i%:*}" \
            '.services[$name].command[] | sub("redis://redis:6379"; "redis://127.0.0.1:1")' compose.json)
        # An option that there is not would be exit code 2 with another message.
        run -2 --separate-stderr timeout "$PATIENCE" "${i#*:}" "${words[@]}"
        [[ $stderr == *"127.0.0.1:1"* ]] || { echo "$stderr"; return 1; }
    done
    stop_target
}
