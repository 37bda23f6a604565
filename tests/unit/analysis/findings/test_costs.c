#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "cases/compare_cases.h"
#include "support/findings_bed.h"

static void an_idle_generator_is_said_to_be(void **state)
{
    (void)state;
    struct trial_shape busy = plain_trial;
    struct comparison c;
    busy.bench_core = 0.42;
    comparison_init(&c);
    add_ranked_arm(&c, "plain", &plain_trial);
    add_ranked_arm(&c, "busy", &busy);
    findings_add(&c);
    expect_finding(
        &c, "generator-free",
        "bench was not the bottleneck: its busiest thread used at most 42 % of a core (busy).");
    comparison_fini(&c);
}

static void large_costs_are_told_and_small_ones_are_not(void **state)
{
    (void)state;
    struct trial_shape dear = plain_trial;
    struct trial_shape small = plain_trial;
    struct comparison c;
    dear.rss_mb = 1200;
    dear.threads = 640;
    dear.switches = 3000000;
    dear.cpu_s = 29.9;
    small.rss_mb = 50;
    small.threads = 20;
    small.switches = 90000;
    comparison_init(&c);
    add_ranked_arm(&c, "plain", &plain_trial);
    add_ranked_arm(&c, "small", &small);
    findings_add(&c);
    expect_no_finding(&c, "cost-memory");
    expect_no_finding(&c, "cost-threads");
    expect_no_finding(&c, "cost-switches");
    add_ranked_arm(&c, "dear", &dear);
    findings_add(&c);
    expect_finding(&c, "cost-memory",
                   "dear uses the most memory: 1.20 GB peak RSS, 120 times plain (10.0 MB).");
    expect_finding(&c, "cost-threads", "dear has the most threads: 640 at once; plain has 4.");
    expect_finding(&c, "cost-switches",
                   "dear has the most context switches: 1000 per request, 333 times plain (3).");
    expect_no_finding(&c, "cost-cpu"); /* 2.99 times */
    comparison_fini(&c);
}

/* Two that cannot be told apart are both named. */
static void costs_that_are_close_are_told_together(void **state)
{
    (void)state;
    struct trial_shape dear = plain_trial;
    struct trial_shape near = plain_trial;
    struct comparison c;
    dear.rss_mb = 1200;
    near.rss_mb = 1150;
    comparison_init(&c);
    add_ranked_arm(&c, "plain", &plain_trial);
    add_ranked_arm(&c, "dear", &dear);
    add_ranked_arm(&c, "near", &near);
    findings_add(&c);
    expect_finding(
        &c, "cost-memory",
        "dear and near use the most memory: 1.20 GB and 1.15 GB peak RSS, 120 times plain (10.0 "
        "MB).");
    comparison_fini(&c);
}

/* With fewer than ten ticks of CPU, one tick is a large part of it. */
static void cpu_of_a_few_ticks_is_not_ranked(void **state)
{
    (void)state;
    struct trial_shape dear = plain_trial;
    struct trial_shape idle = plain_trial;
    struct comparison c;
    idle.cpu_s = 0.09;
    dear.cpu_s = 20;
    comparison_init(&c);
    add_ranked_arm(&c, "dear", &dear);
    add_ranked_arm(&c, "idle", &idle);
    findings_add(&c);
    expect_no_finding(&c, "cost-cpu");
    expect_finding(&c, "least-cpu",
                   "No ranking by CPU/work: too few samples from idle (run longer with -d).");
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_finding(&c, "least-cpu",
                   "plain uses the least CPU per unit of work: 3.33 ms; next is dear (6.67 ms); "
                   "too few samples to rank idle.");
    comparison_fini(&c);
}

/* 10 s of CPU are little for 30,000 accepted jobs, and much for the 150 that were done. */
static void cpu_is_told_for_what_was_done(void **state)
{
    (void)state;
    struct trial_shape early = trial_queueing(30000, 150);
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "queue", &early);
    add_ranked_arm(&c, "plain", &plain_trial);
    struct result *r = &c.arms[0].results[0];
    expect_no_finding(&c, "accepting"); /* its processes are not known */
    struct process_cost *gateway = result_add_process(r, "target", 11);
    gateway->cpu_user_s = 8;
    gateway->cpu_system_s = 1;
    struct process_cost *worker = result_add_process(r, "worker", 12);
    worker->cpu_user_s = 1;
    worker->cpu_system_s = 0;
    r->client.cpu_user_s = 4;
    r->client.cpu_system_s = 1;
    findings_add(&c);
    expect_no_finding(&c, "cost-cpu"); /* most of it went to jobs that still wait */
    expect_no_finding(&c, "least-cpu");
    expect_finding(
        &c, "accepting",
        "queue spends 60.0 ms of CPU on accepting per completed job: its gateway uses 0.90 "
        "cores to accept 3000/s, bench uses 0.50, and its workers get 0.10 of the 2 cores.");
    r->queue.completed = 1501;
    r->queue.completed_per_s = 150.1;
    findings_add(&c);
    expect_no_finding(&c, "accepting");
    comparison_fini(&c);
}

static void cores_shared_with_bench_are_told(void **state)
{
    (void)state;
    struct trial_shape waiting = plain_trial;
    struct comparison c;
    waiting.bench_wait_s = 1.2;
    waiting.bench_core = 0.42;
    comparison_init(&c);
    add_ranked_arm(&c, "plain", &plain_trial);
    add_ranked_arm(&c, "waiting", &waiting);
    findings_add(&c);
    expect_finding(
        &c, "shared-cores",
        "bench's busiest thread used at most 42 % of a core (waiting), but bench waited for a CPU "
        "core 12 % of the time with waiting: it shares 2 cores with the servers, and latencies "
        "include this wait.");
    expect_no_finding(&c, "generator-free"); /* it is said already */
    c.arms[1].results[0].client.saturated = true;
    findings_add(&c);
    expect_finding(
        &c, "shared-cores",
        "bench waited for a CPU core 12 % of the time with waiting: it shares 2 cores with the "
        "servers, and latencies include this wait.");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_generator_is_said_to_be),
        cmocka_unit_test(large_costs_are_told_and_small_ones_are_not),
        cmocka_unit_test(costs_that_are_close_are_told_together),
        cmocka_unit_test(cpu_of_a_few_ticks_is_not_ranked),
        cmocka_unit_test(cpu_is_told_for_what_was_done),
        cmocka_unit_test(cores_shared_with_bench_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
