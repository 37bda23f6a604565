#include "model/probe.h"

#include <stddef.h>

#define FAILS_MOST 0.01 /* share of the probes that matters, as for requests */

struct probe_fate probe_kept(const struct probe_counts *c)
{
    return (struct probe_fate){
        .due = c->all.due - c->opened.due,
        .completed = c->all.completed - c->opened.completed,
        .non_2xx = c->all.non_2xx - c->opened.non_2xx,
        .timed_out = c->all.timed_out - c->opened.timed_out,
        .failed = c->all.failed - c->opened.failed,
        .open_at_end = c->all.open_at_end - c->opened.open_at_end,
    };
}

int64_t probe_fate_failed(const struct probe_fate *f)
{
    return f->non_2xx + f->failed;
}

bool probe_fails(const struct probe_fate *f)
{
    return (double)probe_fate_failed(f) > FAILS_MOST * (double)f->due;
}

bool probe_fate_adds_up(const struct probe_fate *f)
{
    return f->due == f->completed + f->non_2xx + f->timed_out + f->failed + f->open_at_end;
}

const struct hist *probe_waiting(const struct probe_fate *f, const struct hist *unfinished)
{
    if (unfinished == NULL)
        return NULL;
    uint64_t aged = hist_count(unfinished) + hist_over(unfinished);
    return aged > (uint64_t)(f->timed_out + f->open_at_end) ? NULL : unfinished;
}
