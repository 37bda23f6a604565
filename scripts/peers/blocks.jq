# The noise that scripts/bench-verdicts measured: of each session of equal arms a line for each block,
# with the session's name and how much worse head was in cpu_per_request, rps and p99, as natural
# logs. A session that lacks one of the three is left out.
select(.kind == "aa") | .name as $name | (.gates | map({(.metric): .pairs}) | add) as $pairs |
select($pairs | map(length) | unique | length == 1) | range($pairs.rps | length) as $i |
[$name, (("cpu_per_request", "rps", "p99") as $metric | $pairs[$metric][$i] | (.head / .base | log) *
    (if $metric == "rps" then -1 else 1 end) * 1e6 | round / 1e6)] | @tsv
