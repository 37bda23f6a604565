# Turns the runs of scripts/bench-rate into its summary: a row for each client and rate, with the
# median, the minimum and the maximum over the rounds. A figure that no round has is null.
def middle: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
def over_rounds: map(select(. != null))
    | if length == 0 then null else {median: middle, min: min, max: max} end;
def ratio($a; $b): if $a == null or ($b // 0) == 0 then null else $a / $b end;

# What an ideal client would say: whatever is due in the freeze waits for its end, evenly spaced, and
# everything else takes no time.
def analytic($q): (.rate * .asked_s) as $n
    | ($n - ($q * $n - 1e-9 | ceil)) as $longer
    | [(.frozen_s - ($longer + 0.5) / .rate) * 1e3, 0] | max;

def of_freeze: . + {analytic_p99_ms: analytic(0.99)}
    | . + {p99_of_analytic: ratio(.p99_ms; .analytic_p99_ms)};

def of_rate($all): . as $run
    | def loop($name): [$all[] | select(.client == $name and .round == $run.round)][0].cpu_per_request_us;
      loop("closed") as $closed | loop("single") as $single
    | . + {of_asked: ratio(.achieved_per_s; .rate),
           cpu_of_closed: ratio(.cpu_per_request_us; $closed),
           cpu_without_spin_of_closed: ratio(.cpu_without_spin_us; $closed),
           cpu_without_spin_of_single: ratio(.cpu_without_spin_us; $single)};

. as $all
| map(if .part == "freeze" then of_freeze else of_rate($all) end) as $runs
| {
    schema: "bench.rate/1",
    machine: $machine, connections: $connections, seconds: $seconds,
    rounds: ($runs | map(.round) | max),
    rows: [$runs | group_by([.part, .rate, .client])[] | . as $row | {
        part: .[0].part, client: .[0].client, rate: .[0].rate,
        figures: (map(del(.part, .client, .rate, .round, .asked_s)) | add | keys_unsorted
            | map(. as $key | {($key): ($row | map(.[$key]) | over_rounds)}) | add)
    }],
    runs: $runs
}
