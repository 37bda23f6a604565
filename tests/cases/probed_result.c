#include "cases/probed_result.h"

#include "base/clock.h"
#include "base/mem.h"

static struct hist *samples(int64_t ns, uint64_t count)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, ns, count);
    return h;
}

void probed_result(struct result *r)
{
    result_init(r);
    r->has_probe = true;
    r->accounting.connected = 1;
    r->probe_counts = (struct probe_counts){
        .path = mem_strdup("/healthz"),
        .rate_rps = 20,
        .all = {.due = 200,
                .completed = 120,
                .non_2xx = 74,
                .timed_out = 2,
                .failed = 3,
                .open_at_end = 1},
        .opened = {.due = 22, .completed = 20, .failed = 1, .open_at_end = 1},
    };
    r->probe_counts.statuses[500] = 70;
    r->probe_counts.statuses[302] = 4;
    r->probe = samples(NS_PER_MS, 100);
    r->probe_unfinished = samples(NS_PER_S, 2);
    r->probe_new = samples(40 * NS_PER_MS, 20);
    r->probe_new_unfinished = samples(200 * NS_PER_MS, 1);
}
