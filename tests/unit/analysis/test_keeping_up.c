#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/keeping_up.h"
#include "base/mem.h"

/* Of so many seconds with 500 due each. `waiting`: how many of all are not answered after each. */
static void fill(struct result *r, const int64_t *waiting, size_t seconds)
{
    result_init(r);
    r->accounting.due = 500 * (int64_t)seconds;
    r->seconds = mem_array(seconds, sizeof *r->seconds);
    r->nseconds = seconds;
    for (size_t i = 0; i < seconds; i++) {
        int64_t before = i == 0 ? 0 : waiting[i - 1];
        r->seconds[i] = (struct second){
            .length_s = 1, .due = 500, .sent = 500, .requests = 500 + before - waiting[i]};
    }
}

static void what_waits_grows_or_not(void **state)
{
    (void)state;
    static const int64_t steady[] = {25, 26, 24, 25};
    static const int64_t growing[] = {25, 125, 225, 325};
    struct result r;
    fill(&r, steady, LEN(steady));
    assert_true(result_keeps_up(&r));
    result_fini(&r);
    fill(&r, growing, LEN(growing));
    assert_false(result_keeps_up(&r));
    assert_true(result_backlog_growth_rps(&r) == 100);
    result_fini(&r);
}

/* What is under way at the end of a single second has not grown since its middle, or nobody knows.
 */
static void one_second_says_nothing(void **state)
{
    (void)state;
    static const int64_t waiting[] = {25};
    struct result r;
    fill(&r, waiting, LEN(waiting));
    assert_true(result_keeps_up(&r));
    assert_true(isnan(result_backlog_growth_rps(&r)));
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_grows_or_not),
        cmocka_unit_test(one_second_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
