# Turns one object per run into medians by client, and the ratio of each client to $base: within a
# round, where both ran on the same machine, and then the median over the rounds.

def median: map(select(. != null)) | sort
  | if length == 0 then null
    elif length % 2 == 1 then .[(length - 1) / 2]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Pairs of this client's runs and the base's, by round.
def ratio(runs; all; field):
  [runs[] as $mine
    | (all[] | select(.client == $base and .round == $mine.round)) as $other
    | if ($other | field) > 0 then ($mine | field) / ($other | field) else null end]
  | {median: median, min: min, max: max};

. as $all
| [group_by(.client)[]
    | . as $runs
    | {
        client: .[0].client,
        rounds: length,
        requests_per_s: map(.requests_per_s) | median,
        cpu_per_request_us: (map(.cpu_per_request_us) | median),
        cpu_user_s: (map(.cpu_user_s) | median),
        cpu_system_s: (map(.cpu_system_s) | median),
        rss_peak_bytes: (map(.rss_peak_bytes) | median),
        server_busy: (map(.server_busy) | median),
        failed: (map(.failed) | add),
        ratio: {
          requests_per_s: ratio($runs; $all; .requests_per_s),
          cpu_per_request_us: ratio($runs; $all; .cpu_per_request_us),
          rss_peak_bytes: ratio($runs; $all; .rss_peak_bytes)
        }
      }]
| sort_by(.cpu_per_request_us)
| {schema: "bench.peers/1", base: $base, machine: $machine, connections: $connections,
   seconds: $seconds, clients: ., runs: $all}
