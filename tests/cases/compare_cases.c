#include "cases/compare_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings/findings.h"
#include "analysis/reference.h"
#include "analysis/warnings.h"
#include "base/mem.h"
#include "cases/claim_cases.h"
#include "cases/reference_case.h"
#include "cases/spike_case.h"

#define STARTED_MS INT64_C(1795381445123) /* 2026-11-22T21:04:05.123Z */
#define WINDOW_S   10.0
#define PROBES     200
#define CLIENTS    100

/* Evenly from low to high, so that a percentile is where one expects it. */
static struct hist *even(int64_t count, double low_ms, double high_ms)
{
    struct hist *h = hist_new_latency();
    for (int64_t i = 0; i < count; i++) {
        double ms = low_ms + (high_ms - low_ms) * ((double)i + 0.5) / (double)count;
        hist_record(h, (int64_t)(ms * (double)NS_PER_MS));
    }
    return h;
}

static void account(const struct trial_shape *shape, struct result *r)
{
    struct accounting *a = &r->accounting;
    a->completed = shape->completed;
    a->timed_out = shape->timed_out;
    a->in_flight_at_end = shape->open;
    a->sent = a->completed + a->timed_out + a->in_flight_at_end;
    a->non_2xx = shape->refused;
    a->statuses[r->has_queue ? 202 : 200] = shape->completed - shape->refused;
    a->statuses[503] = shape->refused;
    a->connected = CLIENTS;
    r->latency = even(shape->completed, shape->low_ms, shape->high_ms);
    double oldest_ms = shape->open_ms > 0 ? WINDOW_S * 1000 : shape->high_ms;
    if (shape->open > 0) {
        a->oldest_in_flight_ns = (int64_t)(oldest_ms * (double)NS_PER_MS);
        r->unfinished = even(shape->open, shape->open_ms, oldest_ms);
    }
    if (shape->timed_out > 0) {
        if (r->unfinished == NULL)
            r->unfinished = hist_new_latency();
        hist_record_n(r->unfinished, 10 * NS_PER_S, (uint64_t)shape->timed_out);
    }
}

static void probe(const struct trial_shape *shape, struct result *r)
{
    if (shape->probe_high_ms <= 0)
        return;
    r->has_probe = true;
    r->probe_counts = (struct probe_counts){.path = mem_strdup("/ping"),
                                            .rate_rps = PROBES / WINDOW_S,
                                            .all = {.due = PROBES, .completed = PROBES}};
    r->probe = even(PROBES, shape->probe_low_ms, shape->probe_high_ms);
}

static void serve(const struct trial_shape *shape, struct result *r)
{
    struct process_cost *c = &r->server.total;
    if (shape->strategy == NULL)
        return;
    r->strategy = mem_strdup(shape->strategy);
    r->work_kind = mem_strdup("count");
    r->work_n = 20000000;
    r->has_server = true;
    c->cpu_user_s = shape->cpu_s;
    c->cpu_system_s = 0;
    if (shape->completed > 0)
        c->cpu_per_request_us = shape->cpu_s / (double)shape->completed * 1e6;
    c->rss_peak_bytes = (int64_t)(shape->rss_mb * 1e6);
    c->threads_peak = shape->threads;
    c->switches_voluntary = shape->switches;
    c->switches_involuntary = 0;
    c->run_wait_s = shape->run_wait_s;
}

static void queue(const struct trial_shape *shape, struct result *r)
{
    struct queue_account *q = &r->queue;
    if (!r->has_queue)
        return;
    q->broker = mem_strdup("sqlite");
    q->accepted = shape->completed;
    q->completed = shape->jobs;
    q->failed = 0;
    q->backlog_start = 0;
    q->backlog_end = q->accepted - q->completed;
    q->completed_per_s = (double)q->completed / WINDOW_S;
    q->workers = 1;
    q->workers_lost = 0;
    q->drain = DRAIN_PROJECTED;
    q->drain_s = q->completed > 0 ? (double)q->backlog_end / q->completed_per_s : NAN;
    r->job = even(q->completed, 6, 9000);
}

void trial_of(const struct trial_shape *shape, struct result *out)
{
    result_init(out);
    out->url = mem_strdup("http://127.0.0.1:40123/heavy");
    out->tool_version = mem_strdup("0.1.0");
    out->connections = CLIENTS;
    out->pipelining = 1;
    out->workers = 1;
    out->duration_s = WINDOW_S;
    out->started_wall_ms = STARTED_MS;
    out->finished_wall_ms = STARTED_MS + 10000;
    out->environment.cores_allowed = 2;
    out->has_queue = shape->strategy != NULL && strcmp(shape->strategy, "queue") == 0;
    account(shape, out);
    probe(shape, out);
    serve(shape, out);
    queue(shape, out);
    out->client.busiest_worker = shape->bench_core;
    out->client.saturated = shape->bench_core > 0.9;
    out->client.run_wait_s = shape->bench_wait_s;
}

void comparison_of(struct comparison *c, int64_t rounds)
{
    comparison_init(c);
    c->tool_version = mem_strdup("0.1.0");
    c->argv = mem_array(4, sizeof *c->argv);
    for (; c->nargv < 4; c->nargv++)
        c->argv[c->nargv] =
            mem_strdup((const char *const[]){"bench", "compare", "-c", "100"}[c->nargv]);
    c->seed = 42;
    c->rounds = rounds;
    c->started_wall_ms = STARTED_MS;
    c->finished_wall_ms = STARTED_MS + 61000;
}

static void add_trial(struct comparison *c, size_t arm, int64_t round,
                      const struct trial_shape *shape)
{
    struct result r;
    trial_of(shape, &r);
    comparison_add_result(c, arm, round, &r);
}

static void order(struct comparison *c)
{
    c->ntrials = c->narms * (size_t)c->rounds;
    c->trials = mem_array(c->ntrials, sizeof *c->trials);
    comparison_order(c->seed, c->narms, c->rounds, c->trials);
}

/* clang-format off */
static const struct trial_shape five[] = {
    {.strategy = "inline", .completed = 1760, .open = 100, .low_ms = 540, .high_ms = 580,
     .probe_low_ms = 250, .probe_high_ms = 590, .cpu_s = 9.98, .rss_mb = 7.1, .run_wait_s = 0.11,
     .threads = 1, .switches = 1904, .bench_core = 0.02, .bench_wait_s = 0.08},
    {.strategy = "threads", .completed = 14, .open = 86, .low_ms = 2100, .high_ms = 9400, .open_ms = 9980,
     .probe_low_ms = 900, .probe_high_ms = 4100, .cpu_s = 19.7, .rss_mb = 1310, .run_wait_s = 2950,
     .threads = 643, .switches = 1910000, .bench_core = 0.01, .bench_wait_s = 1.9},
    {.strategy = "pool", .completed = 3400, .open = 100, .low_ms = 280, .high_ms = 310,
     .probe_low_ms = 0.2, .probe_high_ms = 9, .cpu_s = 19.4, .rss_mb = 7.4, .run_wait_s = 1.2,
     .threads = 7, .switches = 11200, .bench_core = 0.03, .bench_wait_s = 0.4},
    {.strategy = "offload", .completed = 3310, .open = 100, .low_ms = 285, .high_ms = 330,
     .probe_low_ms = 0.3, .probe_high_ms = 11, .cpu_s = 19.3, .rss_mb = 21.8, .run_wait_s = 1.6,
     .threads = 6, .switches = 24100, .bench_core = 0.03, .bench_wait_s = 0.4},
    {.strategy = "queue", .completed = 181000, .open = 100, .low_ms = 3.1, .high_ms = 9.2,
     .probe_low_ms = 1.1, .probe_high_ms = 8, .cpu_s = 15.2, .rss_mb = 44.2, .run_wait_s = 2.4,
     .threads = 5, .switches = 310000, .bench_core = 0.41, .bench_wait_s = 0.9, .jobs = 1480},
};
/* clang-format on */

static void case_five(struct comparison *c)
{
    comparison_of(c, 1);
    for (size_t i = 0; i < LEN(five); i++) {
        (void)comparison_add_arm(c, five[i].strategy);
        add_trial(c, i, 1, &five[i]);
    }
    result_warn(&c->arms[1].results[0], "few-samples", "only 14 requests completed",
                "run longer (-d 60), or lower the load (-c 10)");
    order(c);
}

/* Two near each other, three rounds, one of them without a result. */
static void case_rounds(struct comparison *c)
{
    static const int64_t pool[] = {3400, 3350, 3460};
    static const int64_t offload[] = {3310, 3380};
    comparison_of(c, 3);
    c->title = mem_strdup("pool or offload");
    (void)comparison_add_arm(c, "pool");
    (void)comparison_add_arm(c, "offload");
    (void)comparison_add_arm(c, "inline");
    for (size_t i = 0; i < LEN(pool); i++) {
        struct trial_shape shape = five[2];
        shape.completed = pool[i];
        shape.threads += (int64_t)i;
        add_trial(c, 0, (int64_t)i + 1, &shape);
        add_trial(c, 2, (int64_t)i + 1, &five[0]);
        c->arms[2].results[i].machine.other_cpu_cores = 0.42;
        result_warn(&c->arms[2].results[i], "busy-machine",
                    "other programs used 0.42 cores during the run", NULL);
    }
    c->divided_duration_s = 30;
    c->arms[2].results[1].machine.is_disturbed = true;
    c->arms[2].results[1].machine.was_repeated = true;
    warnings_add_disturbed(&c->arms[2].results[1]);
    comparison_add_problem(c, 1, 2, "bench-compute ended before it was ready: exit 1");
    for (size_t i = 0; i < LEN(offload); i++) {
        struct trial_shape shape = five[3];
        shape.completed = offload[i];
        add_trial(c, 1, i == 0 ? 1 : 3, &shape);
    }
    order(c);
}

/* Servers of the user's own: one that bench did not start, and faster than bench; one that answers
 * only 503; one whose name is meant to do harm. */
static void case_own(struct comparison *c)
{
    static const struct trial_shape quick = {.completed = 290000,
                                             .open = 100,
                                             .low_ms = 2.1,
                                             .high_ms = 4.4,
                                             .bench_core = 0.97,
                                             .bench_wait_s = 0.1};
    static const struct trial_shape refusing = {.completed = 196000,
                                                .refused = 195900,
                                                .open = 100,
                                                .low_ms = 1.2,
                                                .high_ms = 3.2,
                                                .bench_core = 0.61};
    static const struct trial_shape late = {.completed = 900,
                                            .timed_out = 21,
                                            .open = 100,
                                            .low_ms = 400,
                                            .high_ms = 1900,
                                            .bench_core = 0.01};
    comparison_of(c, 1);
    (void)comparison_add_arm(c, "mine");
    (void)comparison_add_arm(c, "\033[31mred\n`reboot` gr\xc3\xbc\xc3\x9f and a name too long");
    (void)comparison_add_arm(c, "late");
    add_trial(c, 0, 1, &quick);
    add_trial(c, 1, 1, &refusing);
    add_trial(c, 2, 1, &late);
    order(c);
}

static void case_nothing(struct comparison *c)
{
    comparison_of(c, 2);
    (void)comparison_add_arm(c, "node");
    (void)comparison_add_arm(c, "pool");
    comparison_add_problem(c, 0, 1, "the command ended before it listened: exit 127");
    add_trial(c, 1, 1, &five[2]);
    c->arms[1].results[0].interrupted = true;
    c->interrupted = true;
    order(c);
    c->ntrials = 2;
}

static void warn_busy(struct comparison *c, size_t arm, size_t round, const char *message)
{
    result_warn(&c->arms[arm].results[round], "busy-machine", message, "close other programs");
}

/* Bundled strategies and a server of one's own, each run of 500 requests; one never started. */
static void case_mixed(struct comparison *c)
{
    static const char *const names[] = {"pool", "queue", "mine", "gone"};
    struct trial_shape mine = five[3];
    mine.strategy = NULL;
    mine.probe_high_ms = 0;
    comparison_of(c, 3);
    for (size_t i = 0; i < LEN(names); i++)
        (void)comparison_add_arm(c, names[i]);
    for (int64_t round = 1; round <= 3; round++) {
        add_trial(c, 0, round, &five[2]);
        add_trial(c, 1, round, &five[4]);
        add_trial(c, 2, round, &mine);
        comparison_add_problem(c, 3, round, "the command ended before it listened: exit 127");
    }
    for (size_t i = 0; i < 3; i++) {
        struct setting amount = {.kind = SETTING_NUMBER, .number = 500};
        amount.name = mem_strdup("amount");
        result_add_setting(&c->arms[i].results[0], &amount);
        free(amount.name);
    }
    warn_busy(c, 0, 1, "other programs used 0.42 cores during the run");
    warn_busy(c, 0, 2, "other programs used 0.51 cores during the run");
    warn_busy(c, 2, 0, "other programs used 0.77 cores during the run");
    order(c);
}

static void case_failed(struct comparison *c)
{
    comparison_of(c, 2);
    (void)comparison_add_arm(c, "node");
    (void)comparison_add_arm(c, "py");
    for (int64_t round = 1; round <= 2; round++)
        comparison_add_problem(c, 0, round, "the command ended before it listened: exit 127");
    comparison_add_problem(c, 1, 1, "the command ended before it listened: exit 1");
    comparison_add_problem(c, 1, 2, "it did not listen within 10.0 s");
    order(c);
}

/* As by the published set-up: each arm of the claims with a trial. */
static void case_claims(struct comparison *c)
{
    static const size_t shapes[] = {0, 1, 1, 4, 2};
    comparison_of(c, 1);
    for (size_t i = 0; claim_arms[i] != NULL; i++) {
        (void)comparison_add_arm(c, claim_arms[i]);
        add_trial(c, i, 1, &five[shapes[i]]);
    }
    comparison_add_problem(c, 2, 1, "it did not listen\n| --- |\n# within 10.0 s");
    result_fini(&c->arms[2].results[0]);
    c->arms[2].nresults = 0;
    result_warn(&c->arms[4].results[0], "few|samples", "<b>only</b> 14\n- completed", "run `sh`");
    order(c);
    claim_cases_add(c);
}

static const struct {
    const char *name;
    void (*build)(struct comparison *c);
} cases[] = {
    {"five", case_five},       {"rounds", case_rounds},       {"own", case_own},
    {"nothing", case_nothing}, {"mixed", case_mixed},         {"failed", case_failed},
    {"claims", case_claims},   {"reference", reference_case}, {"spike", spike_case},
};

const char *const compare_case_names[] = {"five",   "rounds", "own",       "nothing", "mixed",
                                          "failed", "claims", "reference", NULL};

int compare_case(const char *name, struct comparison *out)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        if (strcmp(cases[i].name, name) == 0) {
            cases[i].build(out);
            findings_add(out);
            if (out->reference != NULL)
                reference_judge(out, out->reference->arm);
            return 0;
        }
    }
    return -1;
}
