# What scripts/bench-verdicts prints: sums up its lines, one for each session (judge_sessions there).
def mean: if length == 0 then null else add / length end;
def squares: mean as $m | map((. - $m) | . * .) | add;
def sum: add // 0;
# 97.5 % quantiles of t for 1 to 22 degrees of freedom; between them, linear in 1 / df.
def quantile($df): [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
    2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074] as $t |
    ($df | floor) as $low |
    if $low >= 22 then $t[21] elif $low < 1 then $t[0] else
        ((1 / $low - 1 / $df) / (1 / $low - 1 / ($low + 1))) as $part |
        $t[$low - 1] + $part * ($t[$low] - $t[$low - 1]) end;
def differ($a; $b):
    (($a | squares) / (($a | length) - 1) / ($a | length)) as $u |
    (($b | squares) / (($b | length) - 1) / ($b | length)) as $v |
    ($u + $v) > 0 and ((($a | mean) - ($b | mean)) | fabs) > (($u + $v) | sqrt) *
        quantile(($u + $v) * ($u + $v) / ($u * $u / (($a | length) - 1) + $v * $v / (($b | length) - 1)));
# null if there are too few blocks for it
def one_after_the_other: (length / 2 | floor) as $half | if $half < 2 then null else
    differ([.[:$half][] | .base | log]; [.[$half:][] | .head | log]) end;
# of the differences within a block; pooled over the sessions
def spread: [.[].pairs | select(length > 1) | map((.head / .base) | log) |
        {squares: squares, df: (length - 1)}] |
    if length == 0 then null else (map(.squares) | add) / (map(.df) | add) | sqrt end;
def counts: . as $all | reduce ("fail", "pass", "inconclusive", "invalid") as $word
    ({}; .[$word] = ([$all[] | select(. == $word)] | length));
def gate: [.[] | .caught | values] as $p |
    ([$p[] | . * (1 - .)] | sum | sqrt * 1.96) as $band |
    {blocks: (map(.blocks) | mean), minutes: (map(.minutes) | mean)} + (map(.verdict) | counts) +
    {sd: spread, caught: ($p | mean), caught_sessions: ($p | length),
     caught_low: ([($p | sum) - $band, 0] | max), caught_high: ([($p | sum) + $band, ($p | length)] | min),
     sequential: ([.[] | .pairs | one_after_the_other | values] |
         {sessions: length, differ: (map(select(.)) | length)})};
# a gate is decided when its last block ends
map(.measured_s as $s | .blocks as $n |
    .gates |= map(.minutes = $s / 60 * .blocks / ([$n, 1] | max))) |
{machine: (map(.machine) | unique), version: (map(.tool) | unique), $plan,
 kinds: [("aa", "slowed", "hog") as $kind | map(select(.kind == $kind)) | select(length > 0) |
    {kind: $kind, sessions: length, minutes: (map(.measured_s / 60) | mean),
     blocks: (map(.blocks) | mean), any: (map(.verdict) | counts),
     failed: [.[] | select(.verdict == "fail") | .name],
     gates: ([("cpu_per_request", "rps", "p99") as $metric |
        {($metric): ([.[].gates[] | select(.metric == $metric)] | gate)}] | add)}]}
