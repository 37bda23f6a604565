# Turns the runs of scripts/bench-queue into its summary: wanted values, and medians over rounds.
# A part that was not run has no figures.
def middle: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
def over_rounds: map(select(. != null)) | if length == 0 then null else
    {median: middle, min: min, max: max} end;
def at_least($least): {wanted: ">= \($least)", reached: (.median >= $least)};
def below($most): {wanted: "< \($most)", reached: (.median < $most)};
def between($least; $most): {wanted: "\($least)-\($most)",
    reached: (.median >= $least and .median <= $most)};
def only_told: {wanted: "", reached: null};

. as $runs
| ($runs | map(.round) | unique) as $rounds
| def of($row; $figure): $rounds | map(. as $round | $runs
    | map(select(.round == $round and .row == $row)) | first | .[$figure]?);
  # Of figures of the same round.
  def ratio($a; $b; $figure): [of($a; $figure), of($b; $figure)] | transpose
    | map(if .[0] == null or .[1] == null then null else .[0] / .[1] end);
  def figure($name; judge): over_rounds | select(. != null)
    | {figure: $name} + judge + {measured: .};

  ($runs | map(.row) | unique | map(select(startswith("drain:bullmq-")))) as $workers
| ($workers | max_by(of(.; "completed_per_s") | over_rounds | .median)) as $best
| {
    schema: "bench.queue/1",
    rounds: ($rounds | length), seconds: $seconds, connections: $connections, jobs: $jobs,
    machine: $machine,
    figures: [
        (ratio("accept:ours"; "accept:bullmq"; "accepted_per_s")
            | figure("accepted/s, no worker: ours to Express + BullMQ"; at_least(10))),
        (of("accept:ours"; "accepted_per_s") | figure("  ours"; only_told)),
        (of("accept:ours"; "p99_ms") | figure("  ours, p99 ms"; only_told)),
        (of("accept:bullmq"; "accepted_per_s") | figure("  Express + BullMQ"; only_told)),
        (of("accept:bullmq"; "p99_ms") | figure("  Express + BullMQ, p99 ms"; only_told)),
        (of("load:ours"; "accepted_per_s")
            | figure("accepted/s with the default worker"; at_least(15000))),
        (of("load:ours"; "p99_ms") | figure("  p99 ms"; below(25))),
        (if $best == null then empty else
            ratio("drain:ours"; $best; "completed_per_s")
            | figure("no-op jobs/s, one worker process: ours to BullMQ at its best"; at_least(3))
         end),
        (of("drain:ours"; "completed_per_s") | figure("  ours"; only_told)),
        ($workers | sort_by(ltrimstr("drain:bullmq-") | tonumber)[]
            | . as $row | of($row; "completed_per_s")
            | figure("  BullMQ, concurrency \($row | ltrimstr("drain:bullmq-"))"; only_told)),
        (ratio("memory:ours"; "memory:bullmq"; "bytes_per_job")
            | figure("memory of a waiting job: ours to BullMQ"; between(0.9; 1.1))),
        (of("memory:ours"; "bytes_per_job") | figure("  ours, bytes"; only_told)),
        (of("memory:bullmq"; "bytes_per_job") | figure("  BullMQ, bytes"; only_told))
    ]
}
