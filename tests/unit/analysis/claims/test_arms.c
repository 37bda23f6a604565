/* The arms that a claim is judged by: they are there, are what their name says, and were run as
 * published. And what is said of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/claims/claims.h"
#include "base/mem.h"
#include "cases/article_cases.h"
#include "support/claims_bed.h"

static struct comparison everything;

static int set_up(void **state)
{
    (void)state;
    article_case(&everything, article_case_names, ARTICLE_CASE_ARMS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    comparison_fini(&everything);
    return 0;
}

static void expect(const struct comparison *c, const char *code, const char *arm,
                   enum claim_verdict verdict, const char *reason)
{
    const struct claim *claim = claim_of(c, code, arm);
    if (claim->verdict != verdict || strcmp(claim->reason, reason) != 0)
        fail_msg("%s of %s %s: '%s' instead of '%s'", code, arm,
                 claim_verdict_names[claim->verdict], claim->reason, reason);
}

static size_t rows_of(const struct comparison *c, const char *arm)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nclaims; i++)
        count += strcmp(c->claims[i].arm, arm) == 0;
    return count;
}

static void change_all(const struct change *change)
{
    for (size_t i = 0; i < everything.narms; i++)
        article_case_change_arm(&everything.arms[i], change);
    claims_add(&everything);
}

static void work_is(struct result *r, const char *kind)
{
    free(r->work_kind);
    r->work_kind = mem_strdup_or_null(kind);
}

static void sleep_instead(struct result *r)
{
    work_is(r, "sleep");
}

static void count_again(struct result *r)
{
    work_is(r, "count");
}

static void hide_work(struct result *r)
{
    work_is(r, NULL);
}

static void spoil(struct result *r)
{
    r->valid = false;
}

static void mend(struct result *r)
{
    r->valid = true;
}

static void interrupt(struct result *r)
{
    r->interrupted = true;
}

static void go_on(struct result *r)
{
    r->interrupted = false;
}

static void expect_all(const char *words)
{
    for (size_t i = 0; i < everything.nclaims; i++) {
        const struct claim *claim = &everything.claims[i];
        if (claim->verdict != CLAIM_NOT_COMPARABLE || strstr(claim->reason, words) != claim->reason)
            fail_msg("%s of %s %s: '%s' instead of '%s'", claim->code, claim->arm,
                     claim_verdict_names[claim->verdict], claim->reason, words);
        assert_true(claim->nfigures > 0 && claim->measured == NULL);
    }
}

static void nothing_is_judged_that_was_run_otherwise(void **state)
{
    (void)state;
    static const struct {
        struct change change, back;
        const char *words;
    } cases[] = {
        {COUNT(connections, 10), COUNT(connections, 100),
         "it differs from the published setup: 10 connections instead of 100"},
        {COUNT(pipelining, 2), COUNT(pipelining, 1),
         "it differs from the published setup: 2 requests in flight per connection instead of 1"},
        {CALL(hide_work), CALL(count_again),
         "it differs from the published setup: an unknown number of counts instead of 20"},
        {CALL(sleep_instead), CALL(count_again), "the work was sleeping, not computing"},
        {CALL(spoil), CALL(mend), "one run of it is invalid"},
        {CALL(interrupt), CALL(go_on), "one run of it was interrupted"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        change_all(&cases[i].change);
        assert_int_equal(everything.nclaims, 45);
        expect_all(cases[i].words);
        change_all(&cases[i].back);
    }
    assert_int_equal(claim_of(&everything, "loop-stalls", "inline")->verdict, CLAIM_HOLDS);
}

/* One round that differs is enough. */
static void all_differences_of_a_round_are_named(void **state)
{
    (void)state;
    static const char *const names[] = {"threads", "pool"};
    struct comparison c;
    article_case(&c, names, LEN(names));
    struct result *r = &c.arms[0].results[1];
    r->connections = 99;
    r->work_n = 1000000;
    r->config[1].number = 4;
    r->duration_s = 3;
    claims_add(&c);
    expect(&c, "unpooled-zero", "threads", CLAIM_NOT_COMPARABLE,
           "it differs from the published setup: 99 connections instead of 100, 1.00M counts "
           "instead of 20.0M, 4 threads per request instead of 8, 3 seconds instead of 10.");
    expect(&c, "threads-800", "threads", CLAIM_NOT_COMPARABLE,
           "it differs from the published setup: 99 connections instead of 100, 1.00M counts "
           "instead of 20.0M, 4 threads per request instead of 8.");
    assert_string_equal(claim_of(&c, "threads-800", "threads")->figures[0].metric, "connections");
    assert_true(claim_of(&c, "threads-800", "threads")->figures[0].value == 99);
    comparison_fini(&c);
}

static void a_pool_has_its_size(void **state)
{
    (void)state;
    static const char *const names[] = {"pool", "offload", "inline"};
    struct comparison c;
    article_case(&c, names, LEN(names));
    c.arms[0].results[0].config[0].number = 0; /* one a core, however many there are */
    c.arms[1].results[0].config[0].number = 0; /* has none */
    claims_add(&c);
    expect(&c, "pool-queue", "pool", CLAIM_NOT_COMPARABLE,
           "it differs from the published setup: 0 threads in the pool instead of 8.");
    expect(&c, "five-times", "offload", CLAIM_NOT_COMPARABLE,
           "pool differs from the published setup: 0 threads in the pool instead of 8; the p50 of "
           "offload is 40.1 ms.");
    assert_int_equal(claim_of(&c, "compute-rate", "offload")->verdict, CLAIM_HOLDS);
    c.arms[0].results[0].config[0].kind = SETTING_NULL;
    claims_add(&c);
    expect(&c, "pool-queue", "pool", CLAIM_NOT_COMPARABLE,
           "it differs from the published setup: an unknown number of threads in the pool instead "
           "of 8.");
    comparison_fini(&c);
}

/* --- who is there --- */

static void without_an_arm_there_is_no_row_of_it(void **state)
{
    (void)state;
    static const char *const ours[] = {"inline", "threads", "offload", "queue"};
    struct comparison c;
    article_case(&c, ours, LEN(ours));
    claims_add(&c);
    assert_int_equal(rows_of(&c, "pool"), 0);
    assert_int_equal(rows_of(&c, ARM_THREADS_V8), 0);
    assert_int_equal(rows_of(&c, ARM_EXPRESS_INLINE), 0);
    assert_int_equal(rows_of(&c, "threads"), 5);
    expect(&c, "five-times", "offload", CLAIM_NOT_COMPARABLE,
           "there is no pool to compare it with; the p50 of offload is 40.1 ms.");
    expect(&c, "size-independent", "queue", CLAIM_NOT_COMPARABLE,
           "there is no queue-x10 to compare it with; the accept rate of queue is 15.1k/s.");
    assert_non_null(claim_of(&c, "queue-for-long", "queue")); /* with no larger work, by this */
    assert_int_equal(claim_of(&c, "unpooled-zero", "threads")->verdict, CLAIM_HOLDS);
    comparison_fini(&c);
}

static void one_pool_alone_is_no_choice(void **state)
{
    (void)state;
    static const char *const names[] = {"pool", ARM_EXPRESS_INLINE};
    struct comparison c;
    article_case(&c, names, LEN(names));
    claims_add(&c);
    expect(
        &c, "pool-for-short", "pool", CLAIM_NOT_COMPARABLE,
        "one unit of work takes 15.7 ms of CPU; it completes 502/s (from 500/s to 505/s); of 10250 "
        "requests, none failed; its /ping p99 is 8.91 ms; there is no other arm to compare with.");
    comparison_fini(&c);
}

static void an_arm_without_results_says_why(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, ARM_EXPRESS_PISCINA);
    (void)comparison_add_arm(&c, "inline");
    comparison_add_problem(&c, 0, 1, "there is no node");
    claims_add(&c);
    expect(&c, "pool-queue", ARM_EXPRESS_PISCINA, CLAIM_NOT_COMPARABLE,
           "it has no result: there is no node.");
    expect(&c, "loop-stalls", "inline", CLAIM_NOT_COMPARABLE, "it was not run.");
    assert_int_equal(c.nclaims, 3);
    comparison_fini(&c);
}

static void a_name_is_not_enough(void **state)
{
    (void)state;
    static const struct {
        const char *name, *strategy, *original;
    } cases[] = {
        {"pool", "inline", NULL},
        {"pool", NULL, NULL},
        {"pool", NULL, ARM_EXPRESS_PISCINA},
        {ARM_QUEUE_LARGER, "pool", NULL},
        {ARM_EXPRESS_PISCINA, "pool", NULL},
        {ARM_EXPRESS_PISCINA, NULL, ARM_EXPRESS_INLINE},
        {ARM_EXPRESS_QUEUE_X10, NULL, ARM_EXPRESS_QUEUE_X10},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        article_case(&c, &cases[i].name, 1);
        claims_add(&c);
        assert_true(c.nclaims > 0);
        struct result *r = &c.arms[0].results[1];
        free(r->strategy);
        free(r->original);
        r->strategy = mem_strdup_or_null(cases[i].strategy);
        r->original = mem_strdup_or_null(cases[i].original);
        claims_add(&c);
        assert_int_equal(c.nclaims, 0);
        comparison_fini(&c);
    }
}

static void modelled_isolates_are_known_by_their_setting(void **state)
{
    (void)state;
    static const char *const names[] = {ARM_THREADS_V8};
    struct comparison c;
    article_case(&c, names, LEN(names));
    claims_add(&c);
    expect(&c, "unpooled-zero", ARM_THREADS_V8, CLAIM_HOLDS,
           "it completed 0 of 100 requests in 10.0 s (holds if no round completed a request); the "
           "isolate cost of its threads is modelled.");
    c.arms[0].results[0].config[2].text[0] = 'n';
    claims_add(&c);
    assert_int_equal(c.nclaims, 0);
    comparison_fini(&c);
}

static void the_service_behind_our_gateway_is_known_by_its_program(void **state)
{
    (void)state;
    static const char *const names[] = {"offload", ARM_OFFLOAD_RUST};
    struct comparison c;
    article_case(&c, names, LEN(names));
    claims_add(&c);
    assert_int_equal(rows_of(&c, "offload"), 4);
    assert_int_equal(rows_of(&c, ARM_OFFLOAD_RUST), 4);
    struct setting *program = &c.arms[1].results[0].config[2];
    assert_string_equal(program->name, "compute_program");
    result_add_setting(&c.arms[0].results[0], program);
    free(program->text);
    program->text = mem_strdup("./my-service");
    claims_add(&c);
    assert_int_equal(c.nclaims, 0);
    comparison_fini(&c);
}

/* The larger work is 200M, and the arm says so when it was not. */
static void the_larger_work_is_ten_times_the_published(void **state)
{
    (void)state;
    static const char *const names[] = {"queue", ARM_QUEUE_LARGER, "pool"};
    struct comparison c;
    article_case(&c, names, LEN(names));
    c.arms[1].results[0].work_n = ARTICLE_COUNTS;
    claims_add(&c);
    expect(&c, "queue-for-long", ARM_QUEUE_LARGER, CLAIM_NOT_COMPARABLE,
           "it differs from the published setup: 20.0M counts instead of 200M.");
    expect(&c, "size-independent", "queue", CLAIM_NOT_COMPARABLE,
           "queue-x10 differs from the published setup: 20.0M counts instead of 200M; the accept "
           "rate of queue is 15.1k/s.");
    comparison_fini(&c);
}

/* --- what is not known --- */

/* Of these runs nothing is known but their arm. */
static void nothing_known_holds_nothing(void **state)
{
    (void)state;
    for (int parts = 0; parts < 2; parts++) {
        struct comparison c;
        comparison_init(&c);
        for (size_t i = 0; i < ARTICLE_CASE_ARMS; i++) {
            struct result r;
            (void)comparison_add_arm(&c, article_case_names[i]);
            result_init(&r);
            article_case_identify(&r, article_case_names[i]);
            r.has_server = r.has_queue = r.has_probe = parts == 1;
            if (parts == 1)
                (void)result_add_process(&r, "target", 1);
            comparison_add_result(&c, i, 1, &r);
        }
        claims_add(&c);
        assert_int_equal(c.nclaims, 45);
        for (size_t i = 0; i < c.nclaims; i++) {
            if (c.claims[i].verdict != CLAIM_NOT_COMPARABLE)
                fail_msg("%s of %s %s: %s", c.claims[i].code, c.claims[i].arm,
                         claim_verdict_names[c.claims[i].verdict], c.claims[i].reason);
            assert_true(strlen(c.claims[i].reason) > 10);
            assert_null(strstr(c.claims[i].reason, "nan"));
        }
        comparison_fini(&c);
    }
}

static void empty_results_and_comparisons_have_no_claims(void **state)
{
    (void)state;
    struct comparison c;
    struct result r;
    comparison_init(&c);
    claims_add(&c);
    assert_int_equal(c.nclaims, 0);
    (void)comparison_add_arm(&c, "pool");
    result_init(&r);
    comparison_add_result(&c, 0, 1, &r);
    claims_add(&c);
    assert_int_equal(c.nclaims, 0);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_judged_that_was_run_otherwise),
        cmocka_unit_test(all_differences_of_a_round_are_named),
        cmocka_unit_test(a_pool_has_its_size),
        cmocka_unit_test(without_an_arm_there_is_no_row_of_it),
        cmocka_unit_test(one_pool_alone_is_no_choice),
        cmocka_unit_test(an_arm_without_results_says_why),
        cmocka_unit_test(a_name_is_not_enough),
        cmocka_unit_test(modelled_isolates_are_known_by_their_setting),
        cmocka_unit_test(the_service_behind_our_gateway_is_known_by_its_program),
        cmocka_unit_test(the_larger_work_is_ten_times_the_published),
        cmocka_unit_test(nothing_known_holds_nothing),
        cmocka_unit_test(empty_results_and_comparisons_have_no_claims),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
