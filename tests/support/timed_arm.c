#include "support/timed_arm.h"

#include "base/clock.h"
#include "base/mem.h"

struct comparison timed_arm(const char *name)
{
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, name);
    return c;
}

struct result *timed_round(struct comparison *c, size_t seconds, double last_s)
{
    struct result r;
    result_init(&r);
    r.seconds = mem_array(seconds, sizeof *r.seconds);
    r.nseconds = seconds;
    r.duration_s = (double)seconds - 1 + last_s;
    for (size_t i = 0; i < seconds; i++) {
        bool is_last = i + 1 == seconds;
        r.seconds[i] = (struct second){
            .at_s = is_last ? r.duration_s : (double)i + 1,
            .length_s = is_last ? last_s : 1,
            .requests = 10,
            .errors = 2,
            .non_2xx = 1,
            .p50_ns = 2 * NS_PER_MS,
            .p99_ns = 3 * NS_PER_MS,
            .max_ns = ((int64_t)i + 4) * NS_PER_MS,
            .server_cpu_cores = 1,
            .server_rss_bytes = ((int64_t)i + 1) * 1000000,
            .server_threads = 4,
            .server_switches = 20,
            .server_run_wait_s = 0.5,
            .queue_backlog = MISSING,
            .jobs_completed = MISSING,
        };
    }
    comparison_add_result(c, c->narms - 1, (int64_t)c->arms[c->narms - 1].nresults + 1, &r);
    struct arm *arm = &c->arms[c->narms - 1];
    return &arm->results[arm->nresults - 1];
}

struct result *timed_latencies(struct comparison *c, size_t seconds, double last_s)
{
    struct result *r = timed_round(c, seconds, last_s);
    struct hist *h = hist_new_latency();
    hist_record_n(h, NS_PER_MS, 90);
    hist_record_n(h, 10 * NS_PER_MS, 9);
    hist_record(h, 100 * NS_PER_MS);
    r->series_latency = hist_series_new();
    for (size_t i = 0; i < seconds; i++)
        hist_series_add(r->series_latency, h);
    hist_free(h);
    return r;
}
