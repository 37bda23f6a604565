/* The goal as text: the grammar of a threshold, turned around. */
#include <math.h>

#include "analysis/gate/gate.h"
#include "analysis/recovery/recovery.h"

int recovery_goal_parse(const char *text, struct recovery_goal *out, struct err *err)
{
    struct gate_threshold t;
    if (gate_parse(text, GATE_FAIL, &t, err) < 0)
        return -1;
    bool is_latency = t.metric.hist == metric_hists && t.metric.request_len == 0;
    if (!is_latency || isnan(t.metric.q))
        return err_set(err, ERR_USAGE,
                       "'%.40s': a server comes back to a percentile of the latency; try p99<200ms",
                       text);
    if (t.op == GATE_ABOVE || t.op == GATE_AT_LEAST)
        return err_set(err, ERR_USAGE,
                       "'%.40s' says what is bad; a goal is what is good, as in p99<200ms", text);
    if (!(t.value > 0))
        return err_set(err, ERR_USAGE, "'%.40s': no response takes no time; try p99<200ms", text);
    *out = (struct recovery_goal){.q = t.metric.q, .ns = t.value, .is_given = true};
    return 0;
}
