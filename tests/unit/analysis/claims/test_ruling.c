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

/* A median does not hide what must never happen. */
static void one_round_is_enough_to_fail(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm;
        struct change change;
    } cases[] = {
        {"unpooled-zero", "threads", ANSWER(1)},
        {"threads-800", "threads", COUNT(server.total.threads_started, 792)},
        {"pool-queue", "pool", COUNT(accounting.timed_out, 1)},
        {"compute-rate", "offload", COUNT(accounting.failed[LOSS_RESET], 1)},
        {"worker-stores", "queue", COUNT(queue.failed, 1)},
        {"worker-stores", "queue", COUNT(queue.workers, 0)},
        {"pool-for-short", "pool", COUNT(accounting.mismatches, 1)},
        {"queue-for-long", ARM_QUEUE_LARGER, COUNT(queue.failed, 1)},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        struct comparison third;
        claims_build(&c, cases[i].code, cases[i].arm);
        claims_build(&third, cases[i].code, cases[i].arm);
        struct arm *arm = article_case_arm(&c, cases[i].arm);
        comparison_add_result(&c, (size_t)(arm - c.arms), 3, &third.arms[0].results[0]);
        comparison_fini(&third);
        article_case_change(&arm->results[1], &cases[i].change);
        claims_add(&c);
        const struct claim *claim = claim_of(&c, cases[i].code, cases[i].arm);
        if (claim->verdict != CLAIM_FAILS)
            fail_msg("%s: %s", claim->code, claim->reason);
        comparison_fini(&c);
    }
}

static void never_time_out(struct result *r)
{
    static const char *const names[] = {"timeout", "duration"};
    for (size_t i = 0; i < LEN(names); i++) {
        const struct setting s = {
            .name = mem_strdup(names[i]), .kind = SETTING_NUMBER, .number = 10};
        result_add_setting(r, &s);
        free(s.name);
    }
}

/* The timeout is as long as the run: that none timed out says nothing, and the reason says so. */
static void no_time_outs_say_nothing_when_there_can_be_none(void **state)
{
    (void)state;
    static const struct change never = CALL(never_time_out);
    static const struct {
        const char *code, *arm, *words;
    } cases[] = {
        {"unpooled-timeout", "threads",
         "; the timeout is as long as the run, so nothing could time out: those in flight at the "
         "end "
         "count instead"},
        {"compute-rate", "offload", "none failed (the run is no longer than the timeout: "},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        claims_build(&c, cases[i].code, cases[i].arm);
        claims_add(&c);
        assert_null(strstr(claim_of(&c, cases[i].code, cases[i].arm)->reason, "the timeout"));
        article_case_change_arm(article_case_arm(&c, cases[i].arm), &never);
        claims_add(&c);
        assert_non_null(strstr(claim_of(&c, cases[i].code, cases[i].arm)->reason, cases[i].words));
        comparison_fini(&c);
    }
}

/* Neither of an arm that others disturbed in all its rounds, nor by comparing with one. */
static void a_disturbed_arm_is_not_judged(void **state)
{
    (void)state;
    static const char *const arms[] = {ARM_EXPRESS_RUST, ARM_EXPRESS_PISCINA};
    for (size_t i = 0; i < LEN(arms); i++) {
        struct comparison c;
        claims_build(&c, "five-times", ARM_EXPRESS_RUST);
        struct arm *arm = article_case_arm(&c, arms[i]);
        arm->results[0].machine.is_disturbed = true;
        claims_add(&c);
        assert_int_equal(claim_of(&c, "five-times", ARM_EXPRESS_RUST)->verdict, CLAIM_HOLDS);
        arm->results[1].machine.is_disturbed = true;
        claims_add(&c);
        const struct claim *claim = claim_of(&c, "five-times", ARM_EXPRESS_RUST);
        assert_int_equal(claim->verdict, CLAIM_NOT_COMPARABLE);
        assert_non_null(strstr(claim->reason, "disturbed: other programs or steal"));
        comparison_fini(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_time_outs_say_nothing_when_there_can_be_none),
        cmocka_unit_test(a_disturbed_arm_is_not_judged),
        cmocka_unit_test(one_round_is_enough_to_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
