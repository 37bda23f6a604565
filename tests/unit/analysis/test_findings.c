#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"

/* What a plain arm does in ten seconds; tests change what they are about. */
static const struct trial_shape plain = {.strategy = "pool",
                                         .completed = 3000,
                                         .open = 100,
                                         .low_ms = 300,
                                         .high_ms = 330,
                                         .probe_low_ms = 1,
                                         .probe_high_ms = 9,
                                         .cpu_s = 10,
                                         .rss_mb = 10,
                                         .threads = 4,
                                         .switches = 9000,
                                         .bench_core = 0.1};

static void add(struct comparison *c, const char *name, const struct trial_shape *shape)
{
    struct result r;
    (void)comparison_add_arm(c, name);
    trial_of(shape, &r);
    comparison_add_result(c, c->narms - 1, 1, &r);
}

static struct trial_shape completing(int64_t completed)
{
    struct trial_shape shape = plain;
    shape.completed = completed;
    return shape;
}

/* An arm with a round for each count. */
static void add_rounds(struct comparison *c, const char *name, const int64_t *completed,
                       size_t rounds)
{
    (void)comparison_add_arm(c, name);
    for (size_t i = 0; i < rounds; i++) {
        struct result r;
        struct trial_shape shape = completing(completed[i]);
        trial_of(&shape, &r);
        comparison_add_result(c, c->narms - 1, (int64_t)i + 1, &r);
    }
}

static const struct finding *find(const struct comparison *c, const char *code)
{
    for (size_t i = 0; i < c->nfindings; i++) {
        if (strcmp(c->findings[i].code, code) == 0)
            return &c->findings[i];
    }
    return NULL;
}

static void expect(const struct comparison *c, const char *code, const char *text)
{
    const struct finding *f = find(c, code);
    if (f == NULL)
        fail_msg("no finding '%s'", code);
    else if (strcmp(f->text, text) != 0)
        fail_msg("%s: '%s' instead of '%s'", code, f->text, text);
}

static void expect_none(const struct comparison *c, const char *code)
{
    const struct finding *f = find(c, code);
    if (f != NULL)
        fail_msg("%s: '%s' instead of nothing", code, f->text);
}

/* --- who is first --- */

static void work_is_ranked_and_ties_are_called_ties(void **state)
{
    (void)state;
    static const struct {
        int64_t a[4], b[4];
        size_t rounds;
        const char *want;
    } cases[] = {
        {{3000}, {2000}, 1, "a completes the most work: 300/s, 50 % more than b (200/s)."},
        {{3000}, {700}, 1, "a completes the most work: 300/s, 4.29 times as much as b (70/s)."},
        {{3000}, {0}, 1, "No ranking by work/s: too few samples from b (run longer with -d)."},
        {{3000}, {29}, 1, "No ranking by work/s: too few samples from b (run longer with -d)."},
        {{3000}, {30}, 1, "a completes the most work: 300/s, 100 times as much as b (3/s)."},
        {{0}, {0}, 1, "No arm completed any work."},
        {{2000}, {2201}, 1, "b completes the most work: 220/s, 10 % more than a (200/s)."},
        {{2000},
         {2199},
         1,
         "Most work: b (220/s) and a (200/s) are too close to call after one round."},
        {{3000, 3010},
         {2900, 2910},
         2,
         "Most work: a (300/s, from 300 to 301) and b (290/s, from 290 to 291) are too close to "
         "call after 2 rounds."},
        {{3000, 3010},
         {2800, 2810},
         2,
         "a completes the most work: 300/s, 7 % more than b (280/s)."},
        {{3000, 3010, 2990},
         {2800, 2810, 2995},
         3,
         "Most work: a (300/s, from 299 to 301) and b (281/s, from 280 to 300) are too close to "
         "call after 3 rounds."},
        {{3000, 3010, 3020, 3030},
         {2900, 2910, 2920, 2930},
         4,
         "a completes the most work: 302/s, 3 % more than b (292/s)."},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        comparison_init(&c);
        add_rounds(&c, "a", cases[i].a, cases[i].rounds);
        add_rounds(&c, "b", cases[i].b, cases[i].rounds);
        findings_add(&c);
        expect(&c, "most-work", cases[i].want);
        comparison_fini(&c);
    }
}

/* However many requests it was, a window that short measures its own ends. */
static void a_rate_of_an_instant_is_not_ranked(void **state)
{
    (void)state;
    struct trial_shape quick = completing(9000);
    struct comparison c;
    comparison_init(&c);
    add(&c, "a", &plain);
    add(&c, "b", &plain);
    add(&c, "quick", &quick);
    c.arms[2].results[0].duration_s = 0.49;
    findings_add(&c);
    expect(&c, "most-work",
           "Most work: a (300/s) and b (300/s) are too close to call after one round; too few "
           "samples to rank quick.");
    expect(&c, "recommendation",
           "Recommended for synchronous requests, on this machine and under this load: a (300/s, "
           "p50 315 ms) or b (300/s, p50 315 ms).");
    c.arms[2].results[0].duration_s = 0.5;
    findings_add(&c);
    expect(&c, "most-work",
           "quick completes the most work: 18.0k/s, 60 times as much as a (300/s).");
    comparison_fini(&c);
}

static void a_finding_names_its_figures(void **state)
{
    (void)state;
    struct comparison c;
    struct trial_shape quick = completing(4500);
    comparison_init(&c);
    add(&c, "quick", &quick);
    add(&c, "plain", &plain);
    findings_add(&c);
    const struct finding *f = find(&c, "most-work");
    assert_non_null(f);
    assert_int_equal(f->nfigures, 2);
    assert_string_equal(f->figures[0].arm, "quick");
    assert_string_equal(f->figures[0].metric, "work_per_second");
    assert_true(f->figures[0].value == 450);
    assert_string_equal(f->figures[1].arm, "plain");
    assert_true(f->figures[1].value == 300);
    comparison_fini(&c);
}

static void one_arm_is_in_no_ranking(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add(&c, "alone", &plain);
    findings_add(&c);
    expect_none(&c, "most-work");
    expect_none(&c, "fastest-p50");
    expect_none(&c, "recommendation");
    comparison_fini(&c);
}

/* Its figures are bench's: it may be faster than the best, but not slower than it was. */
static void a_saturated_generator_bears_no_ranking_above_it(void **state)
{
    (void)state;
    struct trial_shape limited = completing(1000);
    struct comparison c;
    limited.bench_core = 0.97;
    comparison_init(&c);
    add(&c, "limited", &limited);
    add(&c, "plain", &plain);
    findings_add(&c);
    expect(&c, "most-work",
           "Most work: plain (300/s) and limited (at least 100/s) cannot be ranked, because of the "
           "lower bound.");
    expect(&c, "generator-limit",
           "bench was the bottleneck for limited (busiest thread at 97 % of a core): the req/s of "
           "that arm show what bench can send, not what the server can handle; use more threads "
           "(-w) or another machine.");
    expect_none(&c, "generator-free");
    expect_none(&c, "recommendation");
    expect(&c, "no-recommendation",
           "No recommendation for synchronous requests: limited (bench was the bottleneck).");
    comparison_fini(&c);

    limited.completed = 9000;
    comparison_init(&c);
    add(&c, "limited", &limited);
    add(&c, "plain", &plain);
    findings_add(&c);
    expect(&c, "most-work",
           "limited completes the most work: at least 900/s, 3 times as much as plain (300/s).");
    comparison_fini(&c);
}

static void an_idle_generator_is_said_to_be(void **state)
{
    (void)state;
    struct trial_shape busy = plain;
    struct comparison c;
    busy.bench_core = 0.42;
    comparison_init(&c);
    add(&c, "plain", &plain);
    add(&c, "busy", &busy);
    findings_add(&c);
    expect(&c, "generator-free",
           "bench was not the bottleneck: its busiest thread used at most 42 % of a core (busy).");
    comparison_fini(&c);
}

static void fastest_answers_leave_out_what_is_no_answer(void **state)
{
    (void)state;
    struct trial_shape slow = plain;
    struct trial_shape refusing = plain;
    struct trial_shape early = plain;
    struct trial_shape few = completing(500);
    struct comparison c;
    slow.low_ms = 600;
    slow.high_ms = 630;
    refusing.refused = 2900;
    refusing.low_ms = 1;
    refusing.high_ms = 2;
    early.strategy = "queue";
    early.low_ms = 1;
    early.high_ms = 2;
    few.low_ms = 10;
    few.high_ms = 20;
    few.open = 0;
    comparison_init(&c);
    add(&c, "slow", &slow);
    add(&c, "plain", &plain);
    add(&c, "refusing", &refusing);
    add(&c, "queue", &early);
    findings_add(&c);
    expect(&c, "fastest-p50", "plain has the lowest p50: 315 ms; next is slow (616 ms).");
    expect(&c, "fastest-p99", "plain has the lowest p99: 330 ms; next is slow (630 ms).");
    expect(&c, "refusals",
           "refusing did no work for 2900 of 3000 responses (2900 non-2xx): they count in its "
           "req/s, p50 and p99, but not in its work/s.");
    add(&c, "few", &few);
    findings_add(&c);
    expect(&c, "fastest-p99",
           "plain has the lowest p99: 330 ms; next is slow (630 ms); too few samples to rank few.");
    comparison_fini(&c);
}

/* What timed out may have taken any time, so it cannot be shown to be the fastest. */
static void a_lower_bound_never_wins(void **state)
{
    (void)state;
    struct trial_shape cut = plain;
    struct comparison c;
    cut.timed_out = 400;
    cut.low_ms = 100;
    cut.high_ms = 110;
    comparison_init(&c);
    add(&c, "cut", &cut);
    add(&c, "plain", &plain);
    findings_add(&c);
    expect(&c, "fastest-p50", "cut has the lowest p50: 105 ms; next is plain (315 ms).");
    expect(&c, "fastest-p99", "plain has the lowest p99: 330 ms; next is cut (at least 10.0 s).");
    comparison_fini(&c);
}

/* --- what the queue means --- */

static struct trial_shape queueing(int64_t accepted, int64_t jobs)
{
    struct trial_shape shape = plain;
    shape.strategy = "queue";
    shape.completed = accepted;
    shape.jobs = jobs;
    shape.low_ms = 4;
    shape.high_ms = 8;
    return shape;
}

static void a_backlog_is_told_with_its_meaning(void **state)
{
    (void)state;
    struct trial_shape shape = queueing(30000, 1500);
    struct comparison c;
    comparison_init(&c);
    add(&c, "queue", &shape);
    add(&c, "pool", &plain);
    struct queue_account *q = &c.arms[0].results[0].queue;
    findings_add(&c);
    expect(&c, "backlog",
           "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
           "were waiting at the end; at that rate (projected) they take 190 s to drain, and the "
           "last accepted job waits that long.");
    expect(&c, "early-answer",
           "queue responds before the work is done: its p50 of 6.00 ms is the time to accept a "
           "job; completed jobs took 4.50 s at the median.");
    expect(&c, "most-work",
           "pool completes the most work: 300/s, 2 times as much as queue (150/s).");

    q->drain = DRAIN_MEASURED;
    q->drain_s = 201;
    q->drain_left = 0;
    findings_add(&c);
    expect(&c, "backlog",
           "queue accepts more than it completes: 3000/s accepted, 142/s completed by the time the "
           "last was done, and 28.5k jobs were waiting at the end; they took 201 s to drain "
           "(measured), and the last accepted job waited that long.");

    /* Waited for to the end, all of its work counts, and all of the time. */
    q->drain_s = 90;
    assert_true(arm_figure_value(&c.arms[0], arm_figure_find("work_per_second")) == 300);

    q->drain = DRAIN_CUT;
    q->drain_s = 30;
    q->drain_left = 24000;
    findings_add(&c);
    expect(&c, "backlog",
           "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
           "were waiting at the end; 24.0k were left when bench stopped waiting.");

    q->drain = DRAIN_PROJECTED;
    q->drain_s = NAN;
    findings_add(&c);
    expect(&c, "backlog",
           "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
           "were waiting at the end; at that rate they never drain.");
    comparison_fini(&c);
}

/* One round's drain would not be that of the backlog and the rate beside it. */
static void over_rounds_a_drain_is_that_of_the_medians(void **state)
{
    (void)state;
    static const int64_t jobs[] = {100, 150, 600};
    static const int64_t accepted[] = {100150, 200000, 300000};
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "queue");
    for (size_t i = 0; i < LEN(jobs); i++) {
        struct trial_shape shape = queueing(accepted[i], jobs[i]);
        struct result r;
        trial_of(&shape, &r);
        comparison_add_result(&c, 0, (int64_t)i + 1, &r);
    }
    findings_add(&c);
    expect(&c, "backlog",
           "queue accepts more than it completes: 20.0k/s accepted, 15/s completed, and 200k jobs "
           "were waiting at the end (medians of 3 rounds); at that rate (projected) they take 3.7 "
           "h to drain, and the last accepted job waits that long.");
    comparison_fini(&c);
}

static void a_queue_that_keeps_up_has_no_backlog(void **state)
{
    (void)state;
    struct trial_shape shape = queueing(1500, 1499);
    struct comparison c;
    comparison_init(&c);
    add(&c, "queue", &shape);
    findings_add(&c);
    expect(&c, "keeps-up",
           "queue keeps up: 150/s accepted, 150/s completed, and 1 job was waiting at the end.");
    expect_none(&c, "backlog");
    comparison_fini(&c);
}

/* Whoever answers 202 has not said that the work is done. */
static void accepted_work_of_a_stranger_is_no_work(void **state)
{
    (void)state;
    struct comparison c;
    struct trial_shape shape = plain;
    shape.strategy = NULL;
    comparison_init(&c);
    add(&c, "mine", &shape);
    struct accounting *a = &c.arms[0].results[0].accounting;
    const struct arm_figure *work = arm_figure_find("work_per_second");
    assert_true(arm_figure_value(&c.arms[0], work) == 300);
    a->statuses[202] = a->statuses[200];
    a->statuses[200] = 0;
    assert_true(isnan(arm_figure_value(&c.arms[0], work)));
    assert_true(arm_answers_early(&c.arms[0]));
    comparison_fini(&c);
}

/* --- the probe endpoint, requests without a response, costs --- */

static void a_blocked_probe_endpoint_is_named(void **state)
{
    (void)state;
    struct trial_shape blocked = plain;
    struct comparison c;
    blocked.probe_low_ms = 50;
    blocked.probe_high_ms = 400;
    comparison_init(&c);
    add(&c, "plain", &plain);
    add(&c, "inline", &blocked);
    findings_add(&c);
    expect(&c, "light-path-blocked",
           "inline blocks the probe endpoint: under load, /ping has a p50 of 224 ms and a p99 of "
           "396 ms (plain: p99 8.90 ms).");
    expect_none(&c, "light-path-free");
    expect(&c, "recommendation",
           "Recommended for synchronous requests, on this machine and under this load: plain "
           "(300/s, p50 315 ms).");
    comparison_fini(&c);
}

/* A few late ones in the tail are no blocked loop, nor is what is slow everywhere alike. */
static void a_probe_that_is_only_slow_at_times_is_not_blocked(void **state)
{
    (void)state;
    struct trial_shape uneven = plain;
    struct comparison c;
    uneven.probe_low_ms = 0;
    uneven.probe_high_ms = 19;
    comparison_init(&c);
    add(&c, "plain", &plain);
    add(&c, "uneven", &uneven);
    hist_record_n(c.arms[1].results[0].probe, 400 * NS_PER_MS, 9);
    c.arms[1].results[0].probe_counts.due += 9;
    c.arms[1].results[0].probe_counts.completed += 9;
    findings_add(&c);
    expect_none(&c, "light-path-blocked");
    expect_none(&c, "light-path-free");
    expect(&c, "light-path-uneven",
           "uneven delays the probe endpoint at times: under load, /ping has a p99 of 400 ms but a "
           "p50 of 9.93 ms.");
    comparison_fini(&c);
}

/* A wait of 186 ms is one whatever the others do: ten times the least has no part in it. */
static void who_blocks_does_not_hang_on_the_others(void **state)
{
    (void)state;
    struct trial_shape slow = plain;
    struct trial_shape worse = plain;
    struct comparison c;
    slow.probe_low_ms = 5;
    slow.probe_high_ms = 60;
    worse.probe_low_ms = 50;
    worse.probe_high_ms = 188;
    comparison_init(&c);
    add(&c, "slow", &slow);
    add(&c, "worse", &worse);
    findings_add(&c);
    expect(&c, "light-path-blocked",
           "worse blocks the probe endpoint: under load, /ping has a p50 of 119 ms and a p99 of "
           "186 ms (slow: p99 59.3 ms).");
    expect(&c, "recommendation",
           "Recommended for synchronous requests, on this machine and under this load: slow "
           "(300/s, p50 315 ms).");
    c.arms[1].results[0].interrupted = true;
    findings_add(&c);
    assert_non_null(find(&c, "light-path-blocked"));
    expect_none(&c, "light-path-free");
    comparison_fini(&c);
}

static void what_was_not_probed_is_not_called_free(void **state)
{
    (void)state;
    struct trial_shape unknown = completing(4000);
    struct trial_shape early = plain;
    struct comparison c;
    unknown.probe_high_ms = 0;
    early.strategy = "queue";
    early.jobs = 2000;
    early.probe_high_ms = 0;
    comparison_init(&c);
    add(&c, "pool", &plain);
    add(&c, "offload", &plain);
    findings_add(&c);
    expect(&c, "light-path-free",
           "No arm blocks the probe endpoint: the highest /ping p99 under load is 8.90 ms (pool).");
    add(&c, "py", &unknown);
    add(&c, "queue", &early);
    findings_add(&c);
    expect(&c, "light-path-free",
           "pool and offload do not block the probe endpoint: the highest /ping p99 under load is "
           "8.90 ms (pool); py and queue were not probed (use --probe PATH).");
    expect(&c, "recommendation",
           "Recommended for synchronous requests, on this machine and under this load: py (400/s, "
           "p50 315 ms, not probed).");
    expect(&c, "recommendation-later",
           "Recommended for work that can be done later: queue, which accepts in 315 ms (p50) and "
           "completed 200/s under this load; jobs beyond that rate wait (not probed).");
    c.arms[1].results[0].interrupted = true;
    findings_add(&c);
    expect(&c, "light-path-free",
           "pool does not block the probe endpoint: the /ping p99 under load is 8.90 ms; py and "
           "queue were not probed (use --probe PATH).");
    comparison_fini(&c);
}

static void unanswered_requests_are_told(void **state)
{
    (void)state;
    struct trial_shape some = plain;
    struct trial_shape most = completing(14);
    struct comparison c;
    some.timed_out = 21;
    most.open = 86;
    most.open_ms = 9990;
    comparison_init(&c);
    add(&c, "some", &some);
    add(&c, "plain", &plain);
    findings_add(&c);
    expect(
        &c, "unanswered",
        "some left 121 of 3121 requests unanswered: 21 timed out, 100 were in flight at the end.");
    comparison_fini(&c);
    comparison_init(&c);
    add(&c, "threads", &most);
    add(&c, "plain", &plain);
    c.arms[0].results[0].target_end = mem_strdup("max-rss");
    findings_add(&c);
    expect(&c, "unanswered",
           "threads answered only 14 of 100 requests: 86 were in flight at the end.");
    expect(&c, "stopped",
           "threads was stopped because it used more memory than --max-rss allows: 10.0 MB.");
    comparison_fini(&c);
}

static void large_costs_are_told_and_small_ones_are_not(void **state)
{
    (void)state;
    struct trial_shape dear = plain;
    struct trial_shape small = plain;
    struct comparison c;
    dear.rss_mb = 1200;
    dear.threads = 640;
    dear.switches = 3000000;
    dear.cpu_s = 29.9;
    small.rss_mb = 50;
    small.threads = 20;
    small.switches = 90000;
    comparison_init(&c);
    add(&c, "plain", &plain);
    add(&c, "small", &small);
    findings_add(&c);
    expect_none(&c, "cost-memory");
    expect_none(&c, "cost-threads");
    expect_none(&c, "cost-switches");
    add(&c, "dear", &dear);
    findings_add(&c);
    expect(&c, "cost-memory",
           "dear uses the most memory: 1.20 GB peak RSS, 120 times plain (10.0 MB).");
    expect(&c, "cost-threads", "dear has the most threads: 640 at once; plain has 4.");
    expect(&c, "cost-switches",
           "dear has the most context switches: 1000 per request, 333 times plain (3).");
    expect_none(&c, "cost-cpu"); /* 2.99 times */
    comparison_fini(&c);
}

/* 10 s of CPU are little for 30,000 accepted, and much for the 150 that were done. */
static void cpu_is_told_for_what_was_done(void **state)
{
    (void)state;
    struct trial_shape early = queueing(30000, 150);
    struct comparison c;
    comparison_init(&c);
    add(&c, "queue", &early);
    add(&c, "plain", &plain);
    struct result *r = &c.arms[0].results[0];
    expect_none(&c, "accepting"); /* its processes are not known */
    struct process_cost *gateway = result_add_process(r, "target", 11);
    gateway->cpu_user_s = 8;
    gateway->cpu_system_s = 1;
    struct process_cost *worker = result_add_process(r, "worker", 12);
    worker->cpu_user_s = 1;
    worker->cpu_system_s = 0;
    r->client.cpu_user_s = 4;
    r->client.cpu_system_s = 1;
    findings_add(&c);
    expect(&c, "cost-cpu",
           "queue uses the most CPU: 66.7 ms per unit of work, 20 times plain (3.33 ms).");
    expect(&c, "accepting",
           "queue spends 60.0 ms of CPU on accepting per completed job: its gateway uses 0.90 "
           "cores to accept 3000/s, bench uses 0.50, and its workers get 0.10 of the 2 cores.");
    r->queue.completed = 1501;
    r->queue.completed_per_s = 150.1;
    findings_add(&c);
    expect_none(&c, "accepting");
    comparison_fini(&c);
}

static void work_of_ones_own_is_named(void **state)
{
    (void)state;
    struct trial_shape own = plain;
    struct comparison c;
    own.strategy = NULL;
    comparison_init(&c);
    add(&c, "py", &own);
    add(&c, "node", &own);
    findings_add(&c);
    expect_none(&c, "own-work");
    add(&c, "pool", &plain);
    findings_add(&c);
    expect(&c, "own-work",
           "py and node do their own work: work/s is comparable with the bundled strategies only "
           "if it is the same work.");
    comparison_fini(&c);
}

/* --- what a request asks for --- */

static void set_work(struct comparison *c, size_t arm, const char *kind, int64_t n)
{
    struct result *r = &c->arms[arm].results[0];
    free(r->work_kind);
    r->work_kind = mem_strdup_or_null(kind);
    r->work_n = n;
}

static void the_kind_of_work_is_named(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add(&c, "py", &plain);
    add(&c, "pool", &plain);
    set_work(&c, 0, NULL, MISSING);
    set_work(&c, 1, "count", 20000000);
    findings_add(&c);
    expect(&c, "computing-work",
           "Each request is 20.0M counts of CPU work: the cores limit what any arm can complete.");
    expect_none(&c, "waiting-work");
    set_work(&c, 1, "sleep", 50000000);
    findings_add(&c);
    expect(&c, "waiting-work",
           "Each request is 50.0 ms of waiting without using the CPU: throughput depends on how "
           "many requests an arm lets wait at once, not on the cores.");
    expect_none(&c, "computing-work");
    set_work(&c, 1, NULL, MISSING);
    findings_add(&c);
    expect_none(&c, "computing-work");
    expect_none(&c, "waiting-work");
    comparison_fini(&c);
}

/* Ten times the rate at a hundredth of the work is no more work. */
static void other_work_is_in_no_ranking(void **state)
{
    (void)state;
    const struct trial_shape fast = completing(30000);
    struct comparison c;
    comparison_init(&c);
    add(&c, "pool", &plain);
    add(&c, "offload", &plain);
    add(&c, "light", &fast);
    set_work(&c, 0, "count", 20000000);
    set_work(&c, 1, "count", 20000000);
    set_work(&c, 2, "count", 200000);
    findings_add(&c);
    expect(&c, "other-work", "light is not ranked: it did other work, 200k counts per request.");
    expect(&c, "most-work",
           "Most work: pool (300/s) and offload (300/s) are too close to call after one round.");
    assert_null(strstr(find(&c, "recommendation")->text, "light"));
    set_work(&c, 2, "count", 20000000);
    findings_add(&c);
    expect_none(&c, "other-work");
    expect(&c, "most-work",
           "light completes the most work: 3000/s, 10 times as much as pool (300/s).");
    comparison_fini(&c);
}

static void cores_shared_with_bench_are_told(void **state)
{
    (void)state;
    struct trial_shape waiting = plain;
    struct comparison c;
    waiting.bench_wait_s = 1.2;
    comparison_init(&c);
    add(&c, "plain", &plain);
    add(&c, "waiting", &waiting);
    findings_add(&c);
    expect(&c, "shared-cores",
           "bench waited for a CPU core 12 % of the time with waiting: it shares 2 cores with the "
           "servers, and latencies include this wait.");
    comparison_fini(&c);
}

/* --- what is left out, what is recommended --- */

static void arms_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    struct trial_shape quick = completing(9000);
    struct comparison c;
    comparison_init(&c);
    add(&c, "quick", &quick);
    add(&c, "plain", &plain);
    add(&c, "half", &quick);
    (void)comparison_add_arm(&c, "none");
    c.arms[0].results[0].valid = false;
    c.arms[2].results[0].interrupted = true;
    findings_add(&c);
    expect(&c, "left-out", "quick is not ranked: its run is invalid.");
    size_t count = 0;
    for (size_t i = 0; i < c.nfindings; i++)
        count += strcmp(c.findings[i].code, "left-out") == 0;
    assert_int_equal(count, 3);
    expect_none(&c, "most-work");
    expect_none(&c, "recommendation");
    comparison_fini(&c);
}

static void recommended_is_who_answers_at_once_and_harms_nobody(void **state)
{
    (void)state;
    struct trial_shape queue = queueing(30000, 1500);
    struct trial_shape near = completing(2900);
    struct trial_shape losing = completing(9000);
    struct comparison c;
    losing.timed_out = 400;
    comparison_init(&c);
    add(&c, "queue", &queue);
    add(&c, "pool", &plain);
    add(&c, "losing", &losing);
    add(&c, "offload", &near);
    findings_add(&c);
    expect(&c, "recommendation",
           "Recommended for synchronous requests, on this machine and under this load: pool "
           "(300/s, p50 315 ms) or offload (290/s, p50 315 ms).");
    expect(&c, "recommendation-later",
           "Recommended for work that can be done later: queue, which accepts in 6.00 ms (p50) and "
           "completed 150/s under this load; jobs beyond that rate wait.");
    comparison_fini(&c);
}

static void why_nobody_is_recommended_is_told(void **state)
{
    (void)state;
    struct trial_shape blocked = plain;
    struct trial_shape losing = plain;
    struct comparison c;
    blocked.probe_low_ms = 50;
    blocked.probe_high_ms = 400;
    losing.timed_out = 400;
    comparison_init(&c);
    add(&c, "inline", &blocked);
    add(&c, "losing", &losing);
    add(&c, "threads", &blocked);
    findings_add(&c);
    expect_none(&c, "recommendation");
    expect(&c, "no-recommendation",
           "No recommendation for synchronous requests: inline and threads (probe endpoint "
           "blocked); losing (over 1 % of requests unanswered).");
    add(&c, "pool", &plain);
    findings_add(&c);
    expect_none(&c, "no-recommendation");
    comparison_fini(&c);
}

/* Why there is no result stands among the problems. */
static void what_failed_is_not_told_twice(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "none");
    (void)comparison_add_arm(&c, "neither");
    comparison_add_problem(&c, 0, 1, "it did not start");
    comparison_add_problem(&c, 1, 1, "it did not start");
    findings_add(&c);
    assert_int_equal(c.nfindings, 0);
    comparison_fini(&c);
}

static void findings_replace_those_there_were(void **state)
{
    (void)state;
    struct comparison c;
    assert_int_equal(compare_case("five", &c), 0);
    size_t count = c.nfindings;
    assert_true(count > 10);
    findings_add(&c);
    assert_int_equal(c.nfindings, count);
    comparison_fini(&c);
}

static void figures_are_medians_with_their_range(void **state)
{
    (void)state;
    static const int64_t counts[] = {3100, 2900, 3300, 3000};
    const struct arm_figure *work = arm_figure_find("work_per_second");
    double low = 0;
    double high = 0;
    struct comparison c;
    comparison_init(&c);
    add_rounds(&c, "a", counts, LEN(counts));
    assert_true(arm_figure_value(&c.arms[0], work) == 305);
    arm_figure_range(&c.arms[0], work, &low, &high);
    assert_true(low == 290 && high == 330);
    (void)comparison_add_arm(&c, "none");
    arm_figure_range(&c.arms[1], work, &low, &high);
    assert_true(isnan(low) && isnan(high) && isnan(arm_figure_value(&c.arms[1], work)));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_ranked_and_ties_are_called_ties),
        cmocka_unit_test(a_rate_of_an_instant_is_not_ranked),
        cmocka_unit_test(a_finding_names_its_figures),
        cmocka_unit_test(one_arm_is_in_no_ranking),
        cmocka_unit_test(a_saturated_generator_bears_no_ranking_above_it),
        cmocka_unit_test(an_idle_generator_is_said_to_be),
        cmocka_unit_test(fastest_answers_leave_out_what_is_no_answer),
        cmocka_unit_test(a_lower_bound_never_wins),
        cmocka_unit_test(a_backlog_is_told_with_its_meaning),
        cmocka_unit_test(over_rounds_a_drain_is_that_of_the_medians),
        cmocka_unit_test(a_queue_that_keeps_up_has_no_backlog),
        cmocka_unit_test(accepted_work_of_a_stranger_is_no_work),
        cmocka_unit_test(a_blocked_probe_endpoint_is_named),
        cmocka_unit_test(a_probe_that_is_only_slow_at_times_is_not_blocked),
        cmocka_unit_test(who_blocks_does_not_hang_on_the_others),
        cmocka_unit_test(what_was_not_probed_is_not_called_free),
        cmocka_unit_test(unanswered_requests_are_told),
        cmocka_unit_test(large_costs_are_told_and_small_ones_are_not),
        cmocka_unit_test(cpu_is_told_for_what_was_done),
        cmocka_unit_test(work_of_ones_own_is_named),
        cmocka_unit_test(cores_shared_with_bench_are_told),
        cmocka_unit_test(arms_that_cannot_be_used_are_named),
        cmocka_unit_test(recommended_is_who_answers_at_once_and_harms_nobody),
        cmocka_unit_test(why_nobody_is_recommended_is_told),
        cmocka_unit_test(what_failed_is_not_told_twice),
        cmocka_unit_test(findings_replace_those_there_were),
        cmocka_unit_test(figures_are_medians_with_their_range),
        cmocka_unit_test(the_kind_of_work_is_named),
        cmocka_unit_test(other_work_is_in_no_ranking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
