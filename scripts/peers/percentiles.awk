# Turns what a load generator says of latencies into one line of JSON, in milliseconds:
#   awk -v name=wrk2 -f percentiles.awk REPORT
#   sort -n -k 3 LOG | awk -v name=h2load -f percentiles.awk
# The log of h2load has a line for each request: when it began, its status, how long it took in us.
# A percentile of it is the smallest time that so many requests do not exceed.

function ms(text)
{
    if (text ~ /us$/)
        return text / 1e3
    if (text ~ /ms$/)
        return text + 0
    return text ~ /m$/ ? text * 6e4 : text * 1e3
}

function at(q,    rank)
{
    rank = int(q * n)
    if (rank < q * n - 1e-9)
        rank++
    return n == 0 ? "null" : sprintf("%.6g", took[rank < 1 ? 1 : rank] / 1e3)
}

name == "wrk2" && $1 == "50.000%" && p50 == "" { p50 = sprintf("%.6g", ms($2)) }
name == "wrk2" && $1 == "99.000%" && p99 == "" { p99 = sprintf("%.6g", ms($2)) }
name == "h2load" && $2 > 0 { took[++n] = $3 }

END {
    if (name == "h2load") {
        p50 = at(0.5)
        p99 = at(0.99)
    }
    printf "{\"p50_ms\":%s,\"p99_ms\":%s}\n", p50 == "" ? "null" : p50, p99 == "" ? "null" : p99
}
