/* rounds: what the view of a comparison is told before each trial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/rounds.h"

static void on_start(void *ctx, const struct plan *plan, const struct trial_place *place)
{
    int64_t *left_ns = ctx;
    (void)plan;
    if (place->number == 1)
        *left_ns = place->left_ns;
}

static void on_end(void *ctx)
{
    (void)ctx;
}

/* The time that is left before the first of the trials, which all fail at once: bench knows no ftp.
 */
static int64_t left_before_the_first(int64_t duration_ns, size_t ntrials)
{
    int64_t left_ns = 0;
    struct arm_plan arm = {.name = mem_strdup("a")};
    arm.options.plan =
        (struct plan){.url = "ftp://127.0.0.1/", .method = "GET", .duration_ns = duration_ns};
    const struct arm_plan *const arms[] = {&arm};
    const struct rounds_view view = {.of_trial = {.ctx = &left_ns}, on_start, on_end};
    struct signals signals;
    struct comparison c;
    struct trial_ref *order = mem_array(ntrials, sizeof *order);
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    c.rounds = (int64_t)ntrials;
    c.trials = mem_array(ntrials, sizeof *c.trials);
    comparison_order(1, 1, c.rounds, order);
    signals_hold(&signals);
    assert_int_equal(rounds_run(&(struct rounds){.arms = arms,
                                                 .order = order,
                                                 .norder = ntrials,
                                                 .signals = &signals,
                                                 .view = &view,
                                                 .comparison = &c}),
                     0);
    signals_release(&signals);
    assert_int_equal(c.arms[0].nproblems, ntrials);
    comparison_fini(&c);
    free(order);
    free(arm.name);
    return left_ns;
}

static void the_time_left_cannot_overflow(void **state)
{
    (void)state;
    assert_int_equal(left_before_the_first(10 * NS_PER_S, 3), 30 * NS_PER_S);
    assert_int_equal(left_before_the_first(INT64_MAX / 3, 3), INT64_MAX / 3 * 3);
    assert_int_equal(left_before_the_first(INT64_MAX / 3 + 1, 3), MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_left_cannot_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
