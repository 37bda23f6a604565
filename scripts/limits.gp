# The limits on the latency that are drawn as lines, for curves.gp and over_time.gp.
#
# Takes    limits   a file of lines: percentile as a fraction, ms, label, plain label; or ""
# Gives    lines    how many are known, and of each limit_q, limit_ms, limit_text(i)
lines = 0
array limit_q[20]
array limit_ms[20]
array limit_name[20]
array plain_limit_name[20]
if (limits ne "") { # a row of NaN: none is known; NaN compares as false
    stats limits using (lines = $2 > 0 && lines < 20 ? lines + 1 : lines, \
                        $2 > 0 ? (limit_q[lines] = $1, limit_ms[lines] = $2, limit_name[lines] = strcol(3), \
                                  plain_limit_name[lines] = strcol(4)) : 0, 1) nooutput
}
limit_text(i) = kind eq "svg" ? limit_name[i] : plain_limit_name[i]
