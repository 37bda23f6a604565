/* result_merge: requests dealt to several hosts and put together are those of one host. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/share_cases.h"
#include "stat/hist_codec.h"

#define SEEDS 1000

static void merge(struct share_case *c, struct result *sum)
{
    struct err err;
    if (merge_check(&c->merge, &err) < 0)
        fail_msg("%s", err.text);
    result_merge(&c->merge, sum);
}

static void is_same_hist(uint64_t seed, const char *name, const struct hist *a,
                         const struct hist *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a == NULL)
        return;
    char *in_a = hist_encode(a);
    char *in_b = hist_encode(b);
    if (strcmp(in_a, in_b) != 0 || hist_over(a) != hist_over(b))
        fail_msg("seed %llu: %s differs", (unsigned long long)seed, name);
    free(in_a);
    free(in_b);
}

static void is_same_accounting(const struct accounting *a, const struct accounting *b)
{
    assert_true(accounting_adds_up(a));
    assert_int_equal(a->sent, b->sent);
    assert_int_equal(a->completed, b->completed);
    assert_int_equal(a->due, b->due);
    assert_int_equal(a->unsent, b->unsent);
    assert_memory_equal(a->failed, b->failed, sizeof a->failed);
    assert_memory_equal(a->statuses, b->statuses, sizeof a->statuses);
}

/* All histograms of a result and those over time, byte for byte, and all counts. */
static void shares_are_as_one_run(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct share_case c;
        struct result sum;
        share_case(seed, SHARE_CASE_BARE, &c);
        merge(&c, &sum);
#define X(name) is_same_hist(seed, #name, sum.name, c.whole.name);
        RESULT_HISTS(X)
#undef X
        assert_int_equal(sum.series_latency->count, c.whole.series_latency->count);
        for (size_t i = 0; i < sum.series_latency->count; i++)
            assert_string_equal(sum.series_latency->texts[i], c.whole.series_latency->texts[i]);
        is_same_accounting(&sum.accounting, &c.whole.accounting);
        assert_int_equal(sum.connections, 100);
        assert_int_equal(sum.merged->nparts, c.count);
        assert_true(sum.merged->overlap == 1 && merged_is_whole(sum.merged));
        assert_true(sum.duration_s == c.whole.duration_s);
        assert_true(result_requests_per_second(&sum) == result_requests_per_second(&c.whole));
        result_fini(&sum);
        share_case_fini(&c);
    }
}

/* --- two shares by hand --- */

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

struct pair {
    struct share_case c;
    struct merge_input *first, *second;
};

/* A closed loop on two hosts. */
static void pair_init(struct pair *p)
{
    for (uint64_t seed = 0;; seed++) {
        share_case(seed, SHARE_CASE_WHOLE, &p->c);
        if (p->c.count == 2 && !result_is_open_loop(&p->c.whole))
            break;
        share_case_fini(&p->c);
    }
    p->first = &p->c.inputs[p->c.inputs[0].r->share->index == 0 ? 0 : 1];
    p->second = &p->c.inputs[p->c.inputs[0].r->share->index == 0 ? 1 : 0];
    p->first->name = "a.json";
    p->second->name = "b.json";
}

static void windows_are_placed_by_the_clocks(void **state)
{
    (void)state;
    struct pair p;
    struct result sum;
    pair_init(&p);
    p.c.parts[1].share->start_us += 1000000; /* by its own clock */
    merge(&p.c, &sum);
    assert_true(is_near(sum.duration_s, 6));
    assert_true(is_near(sum.merged->overlap, 4.0 / 6));
    assert_true(is_near(result_requests_per_second(&sum), (double)sum.accounting.completed / 6));
    assert_int_equal(sum.nseconds, 6);
    assert_int_equal(sum.seconds[0].requests, p.c.parts[0].seconds[0].requests);
    assert_int_equal(sum.seconds[1].requests,
                     p.c.parts[0].seconds[1].requests + p.c.parts[1].seconds[0].requests);
    assert_int_equal(sum.seconds[5].requests, p.c.parts[1].seconds[4].requests);
    assert_true(is_near(sum.seconds[5].at_s, 6));
    assert_int_equal(sum.series_latency->count, 6);
    result_fini(&sum);
    /* The launcher compared the clocks: that of the host is not asked. */
    for (size_t i = 0; i < 2; i++)
        p.c.parts[i].share->clock_error_us = 20;
    p.c.parts[0].share->start_skew_us = 300;
    p.c.parts[1].share->start_skew_us = -200;
    merge(&p.c, &sum);
    assert_true(is_near(sum.duration_s, 5.0005));
    assert_true(is_near(sum.merged->overlap, 4.9995 / 5.0005));
    assert_int_equal(sum.nseconds, 5);
    assert_int_equal(sum.seconds[4].requests, p.c.whole.seconds[4].requests);
    result_fini(&sum);
    share_case_fini(&p.c);
}

static void parts_say_what_each_host_did(void **state)
{
    (void)state;
    struct pair p;
    struct result sum;
    pair_init(&p);
    p.c.parts[1].client.busiest_worker = 0.95;
    p.c.parts[1].interrupted = true;
    merge(&p.c, &sum);
    const struct merged_part *a = &sum.merged->parts[0];
    const struct merged_part *b = &sum.merged->parts[1];
    assert_string_equal(a->share.host, "host-0");
    assert_int_equal(a->connections, 50);
    assert_int_equal(a->completed, p.c.parts[0].accounting.completed);
    assert_true(a->state == PART_WHOLE && a->why == NULL && !a->saturated);
    assert_true(b->state == PART_INCOMPLETE && b->saturated);
    assert_string_equal(b->why, "interrupted");
    assert_true(sum.interrupted && sum.client.saturated && sum.client.busiest_worker == 0.95);
    assert_true(a->cpu_s == 0.5 && a->due == MISSING && a->slip_p50_ns == MISSING);
    result_fini(&sum);
    share_case_fini(&p.c);
}

/* The hosts that are left are merged without the one that was lost. */
static void a_lost_share_makes_it_partial(void **state)
{
    (void)state;
    struct pair p;
    struct result sum;
    const struct merge_lost lost = {.index = 1, .host = "host-1", .why = "no word for 5 s"};
    pair_init(&p);
    p.c.inputs[0] = *p.first;
    p.c.merge.ninputs = 1;
    p.c.merge.lost = &lost;
    p.c.merge.nlost = 1;
    merge(&p.c, &sum);
    assert_true(sum.merged->partial && sum.interrupted && isnan(sum.merged->lost_after_s));
    assert_int_equal(sum.accounting.completed, p.c.parts[0].accounting.completed);
    assert_int_equal(sum.merged->parts[1].state, PART_LOST);
    assert_string_equal(sum.merged->parts[1].why, "no word for 5 s");
    assert_int_equal(sum.merged->parts[1].completed, 0);
    result_fini(&sum);
    share_case_fini(&p.c);
}

static void the_server_is_that_of_the_share_that_sampled_it(void **state)
{
    (void)state;
    struct pair p;
    struct result sum;
    pair_init(&p);
    struct result *with = &p.c.parts[p.c.parts[1].has_server ? 1 : 0];
    free(with->environment.hostname);
    with->environment.hostname = mem_strdup("server-side");
    with->machine.other_cpu_cores = 0.5;
    merge(&p.c, &sum);
    assert_true(sum.has_server && sum.server.total.cpu_user_s == 3);
    assert_int_equal(sum.server.nprocesses, 1);
    assert_string_equal(sum.server.processes[0].role, "target");
    assert_string_equal(sum.environment.hostname, "server-side");
    assert_true(sum.machine.other_cpu_cores == 0.5);
    result_fini(&sum);
    share_case_fini(&p.c);
}

/* --- refusals --- */

static void refused(struct share_case *c, const char *why)
{
    struct err err = {0};
    if (merge_check(&c->merge, &err) == 0)
        fail_msg("merged, not: %s", why);
    assert_int_equal(err.kind, ERR_INCOMPARABLE);
    if (strstr(err.text, why) == NULL)
        fail_msg("'%s', not '%s'", err.text, why);
}

static struct result *second(struct pair *p)
{
    pair_init(p);
    return &p->c.parts[1];
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_strdup(with);
}

static void other_shares_are_refused(void **state)
{
    (void)state;
    struct pair p;
    second(&p)->share->index = 0;
    refused(&p.c, "share 0 is there twice: ");
    share_case_fini(&p.c);
    second(&p)->share->count = 3;
    refused(&p.c, "--share differs: a.json is one of 2 shares, and b.json is one of 3");
    share_case_fini(&p.c);
    second(&p)->share->count = 3;
    p.c.parts[0].share->count = 3;
    refused(&p.c, "share 2 of 3 is missing");
    share_case_fini(&p.c);
    (void)second(&p);
    const struct merge_lost lost = {.index = 1, .host = "b", .why = "gone"};
    p.c.merge.lost = &lost;
    p.c.merge.nlost = 1;
    refused(&p.c, "share 1 is said to be lost, and b.json is its result");
    share_case_fini(&p.c);
}

static void what_is_no_share_is_refused(void **state)
{
    (void)state;
    struct pair p;
    struct result sum;
    pair_init(&p);
    merge(&p.c, &sum);
    p.c.inputs[1].r = &sum;
    p.c.inputs[1].name = "c.json";
    refused(&p.c, "c.json is a merged result; give the results that it was made of");
    p.c.inputs[1].r = &p.c.whole;
    refused(&p.c, "c.json is no share of a plan");
    result_fini(&sum);
    share_case_fini(&p.c);
}

static void another_plan_is_refused(void **state)
{
    (void)state;
    struct pair p;
    second(&p)->config[1].number = 20;
    refused(&p.c, "another plan: --duration differs: it is 10 in a.json, and 20 in b.json");
    share_case_fini(&p.c);
    replace(&second(&p)->config[4].text, "PUT");
    refused(&p.c, "another plan: --method differs: it is GET in a.json, and PUT in b.json");
    share_case_fini(&p.c);
    char name[] = "http2";
    result_add_setting(second(&p),
                       &(struct setting){.name = name, .kind = SETTING_FLAG, .number = 1});
    refused(&p.c, "--http2 differs: it is not there in a.json, and on in b.json");
    share_case_fini(&p.c);
    replace(&second(&p)->url, "http://127.0.0.1:8081/");
    refused(&p.c, "the URL differs: it is http://127.0.0.1:8080/ in a.json, and");
    share_case_fini(&p.c);
    replace(&second(&p)->tool_version, "0.2.0");
    refused(&p.c, "the version of bench differs: it is 0.1.0 in a.json, and 0.2.0 in b.json");
    share_case_fini(&p.c);
    replace(&second(&p)->named[1].name, "sell");
    refused(&p.c, "the name of a request differs: it is buy in a.json, and sell in b.json");
    share_case_fini(&p.c);
}

static void another_layout_is_refused(void **state)
{
    (void)state;
    struct pair p;
    struct result *r = second(&p);
    hist_free(r->latency);
    r->latency = hist_new(HIST_MAX_NS, 2);
    refused(&p.c, "another layout of histograms: 3 digits in a.json, and 2 in b.json");
    share_case_fini(&p.c);
}

static void windows_without_a_common_time_are_refused(void **state)
{
    (void)state;
    struct pair p;
    second(&p)->share->start_us += 6500000;
    refused(&p.c, "the windows do not overlap: a.json ended 1.500 s before b.json began");
    share_case_fini(&p.c);
    second(&p)->share->start_us -= 5000000; /* one ends as the other begins */
    refused(&p.c, "the windows do not overlap: b.json ended");
    share_case_fini(&p.c);
    second(&p)->duration_s = NAN;
    refused(&p.c, "b.json measured nothing");
    share_case_fini(&p.c);
}

static void what_is_measured_twice_is_refused(void **state)
{
    (void)state;
    struct pair p;
    (void)second(&p);
    p.c.parts[0].has_server = p.c.parts[1].has_server = true;
    refused(&p.c, "a.json and b.json both have samples of the server");
    p.c.parts[1].has_server = false;
    p.c.parts[0].has_probe = p.c.parts[1].has_probe = true;
    refused(&p.c, "both have a probe");
    p.c.parts[1].has_probe = false;
    p.c.parts[0].has_queue = p.c.parts[1].has_queue = true;
    refused(&p.c, "both have the account of a queue");
    share_case_fini(&p.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_as_one_run),
        cmocka_unit_test(windows_are_placed_by_the_clocks),
        cmocka_unit_test(parts_say_what_each_host_did),
        cmocka_unit_test(a_lost_share_makes_it_partial),
        cmocka_unit_test(the_server_is_that_of_the_share_that_sampled_it),
        cmocka_unit_test(other_shares_are_refused),
        cmocka_unit_test(what_is_no_share_is_refused),
        cmocka_unit_test(another_plan_is_refused),
        cmocka_unit_test(another_layout_is_refused),
        cmocka_unit_test(windows_without_a_common_time_are_refused),
        cmocka_unit_test(what_is_measured_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
