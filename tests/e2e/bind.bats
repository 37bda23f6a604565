#!/usr/bin/env bats
# --bind: the address that a server which bench starts listens on.

load common

SAID='as long as it runs, the server answers all who reach that address'

# An address of this machine that is not loopback.
outside_address() {
    ADDRESS=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -F .) || true
    [ -n "$ADDRESS" ] || skip "this machine has no address but loopback"
}

quick() {
    "$BENCH_BUILD/bench" run --json --no-save -c 2 -d 300ms "$@"
}

@test "a bundled target listens on the address that is asked for, and only there" {
    run -0 --separate-stderr quick --strategy inline --work "$WORK" --bind 127.0.0.2
    jq -e '.url | test("^http://127\\.0\\.0\\.2:[0-9]+/heavy$")' <<<"$output"
    jq -e '.target.address | startswith("127.0.0.2:")' <<<"$output"
    # The expected body is right, the probe and the server's own count are read there too.
    jq -e '.valid and .mismatches == 0 and .probe.completed > 0 and .target.counted > 0' <<<"$output"
    jq -e '.config.bind == "127.0.0.2"' <<<"$output"
    [ -z "$stderr" ]
}

@test "an address that others reach is said, and loopback is not" {
    outside_address
    run -0 --separate-stderr quick --strategy inline --work "$WORK" --bind "$ADDRESS"
    jq -e --arg address "$ADDRESS" '.target.address | startswith($address + ":")' <<<"$output"
    jq -e '.valid and .mismatches == 0' <<<"$output"
    [[ $stderr == *"--bind $ADDRESS: $SAID"* ]]
    [ "$(grep -c -- "--bind" <<<"$stderr")" -eq 1 ]
    run -0 --separate-stderr quick --strategy inline --work "$WORK" --bind "$ADDRESS" --dry-run
    [ -z "$stderr" ]
}

@test "a server of the user's has to listen there itself" {
    run -0 --separate-stderr quick --bind 127.0.0.2 / \
        --cmd "exec '$BENCH_BUILD/bench-target' --host 127.0.0.2 --port {port} --allow-host localhost"
    jq -e '.target.address | startswith("127.0.0.2:")' <<<"$output"
    run -5 quick --bind 127.0.0.2 --ready-timeout 500ms / \
        --cmd "exec '$BENCH_BUILD/bench-target' --host 127.0.0.1 --port {port}"
    [[ $output == *"the target did not listen on 127.0.0.2 at port "* ]]
}

@test "a comparison and a check start their servers there" {
    run -0 --separate-stderr "$BENCH_BUILD/bench" compare --json --no-save --strategies inline,pool \
        --work "$WORK" --bind 127.0.0.2 --rounds 1 -c 2 -d 300ms --arm 'three=--strategy pool --pool-size 1'
    jq -e '[.arms[].results[].target.address | startswith("127.0.0.2:")] == [true, true, true]' <<<"$output"
    run --separate-stderr "$BENCH_BUILD/bench" check --no-save --format json --bind 127.0.0.2 \
        --work "$WORK" -c 2 -d 1 --max-blocks 6 --budget 1 --allow-errors \
        --arm base='--strategy inline' --arm head='--strategy inline'
    [ "$status" -ne 2 ]
    jq -e '.blocks >= 1' <<<"$output"
}

@test "an address that nobody can connect to, or that is none, is refused" {
    local bind
    for bind in 0.0.0.0 ::; do
        run -2 quick --strategy inline --bind "$bind"
        [[ $output == *"--bind: $bind means all addresses, and none that can be connected to"* ]]
    done
    run -2 quick --strategy inline --bind eth0
    [[ $output == *"--bind: 'eth0' is not an address"* ]]
    run -2 quick --bind 127.0.0.2 http://127.0.0.1:1/
    [[ $output == *"--bind is for a server that bench starts"* ]]
    run -2 quick --strategy inline --tls --bind 127.0.0.2
    [[ $output == *"--bind with --tls"* ]]
    run -5 quick --strategy inline --bind 198.51.100.1 # of documentation: no machine has it
    [[ $output == *"cannot listen on 198.51.100.1"* ]]
}
