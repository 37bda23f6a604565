#include "cases/spike_case.h"

#include "analysis/recovery/recovery.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "stat/hist_series.h"

#define STAGES  "4s:=100,2s:=500,8s:=100"
#define SECONDS 14
#define CALM                                                                                       \
    {                                                                                              \
        100, 100, 10, 3                                                                            \
    }
#define SPIKE                                                                                      \
    {                                                                                              \
        500, 100, 900, 3                                                                           \
    }
#define LATE                                                                                       \
    {                                                                                              \
        100, 100, 3000, 3                                                                          \
    }
#define TAKEN(j)                                                                                   \
    {                                                                                              \
        500, 500, 10, (j)                                                                          \
    }
#define USUAL(j)                                                                                   \
    {                                                                                              \
        100, 100, 10, (j)                                                                          \
    }
#define FASTER(t)                                                                                  \
    {                                                                                              \
        100, 300, (t), 3                                                                           \
    }

/* A second: what was due in it, what was answered in it, how long that took, and the jobs that
 * waited at its end. */
struct tick {
    int64_t due, done, ms, jobs;
};

/* clang-format off */
static const struct {
    const char *name, *strategy;
    struct tick ticks[SECONDS];
} arms[] = {
    {"pool", "pool", {CALM, CALM, CALM, CALM, SPIKE, SPIKE, FASTER(3000), FASTER(2000), FASTER(1000), FASTER(300),
                      CALM, CALM, CALM, CALM}},
    {"queue", "queue", {CALM, CALM, CALM, CALM, TAKEN(400), TAKEN(800), USUAL(600), USUAL(400), USUAL(200), CALM,
                        CALM, CALM, CALM, CALM}},
    {"stuck", NULL, {CALM, CALM, CALM, CALM, SPIKE, SPIKE, LATE, LATE, LATE, LATE, LATE, LATE, LATE, LATE}},
};
/* clang-format on */

static void add_second(struct result *r, size_t i, const struct tick *tick)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, tick->ms * NS_PER_MS, (uint64_t)tick->done);
    hist_series_add(r->series_latency, h);
    hist_free(h);
    r->accounting.due += tick->due;
    r->seconds[i] = (struct second){.at_s = (double)(i + 1),
                                    .length_s = 1,
                                    .due = tick->due,
                                    .sent = tick->due,
                                    .requests = tick->done,
                                    .p50_ns = tick->ms * NS_PER_MS,
                                    .p99_ns = tick->ms * NS_PER_MS,
                                    .max_ns = tick->ms * NS_PER_MS,
                                    .server_cpu_cores = 0.5,
                                    .server_rss_bytes = 8000000,
                                    .server_threads = 4,
                                    .server_switches = 100,
                                    .server_run_wait_s = 0,
                                    .queue_backlog = r->has_queue ? tick->jobs : MISSING,
                                    .jobs_completed = r->has_queue ? 100 : MISSING};
}

static void add_arm(struct comparison *c, size_t at)
{
    const struct trial_shape shape = {.strategy = arms[at].strategy,
                                      .completed = 2000,
                                      .low_ms = 10,
                                      .high_ms = 3000,
                                      .cpu_s = 7,
                                      .rss_mb = 8,
                                      .threads = 4,
                                      .switches = 1400,
                                      .bench_core = 0.1,
                                      .jobs = 1400};
    struct result r;
    trial_of(&shape, &r);
    r.duration_s = SECONDS;
    r.offered.rate_rps = 100;
    r.offered.arrivals = mem_strdup("constant");
    r.offered.stages = mem_strdup(STAGES);
    r.accounting.due = 0;
    r.accounting.unsent = 0;
    r.accounting.held = 0;
    r.nseconds = SECONDS;
    r.seconds = mem_array(SECONDS, sizeof *r.seconds);
    r.series_latency = hist_series_new();
    for (size_t i = 0; i < SECONDS; i++)
        add_second(&r, i, &arms[at].ticks[i]);
    recovery_add(&r, NULL);
    (void)comparison_add_arm(c, arms[at].name);
    comparison_add_result(c, at, 1, &r);
}

void spike_case(struct comparison *c)
{
    comparison_of(c, 1);
    for (size_t i = 0; i < LEN(arms); i++)
        add_arm(c, i);
}
