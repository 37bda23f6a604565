#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_round_is_enough_to_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
