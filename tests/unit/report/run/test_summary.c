#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases/render_cases.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void quick_refusals_are_no_quick_answers(void **state)
{
    (void)state;
    char *text = report_case("refusing", &style_utf8);
    assert_true(str_starts(text, "MOSTLY NON-2xx: "));
    assert_says(text, "99.96% of responses (195,921 x 503)");
    assert_says(text, "\n7.90 2xx/s   99.96% non-2xx   19.6k responses/s total   p50 2.18 ms");
    assert_says(text, "CPU/request  CPU/2xx");
    assert_says(text, "67.9 us   168 ms");
    assert_silent(text, "none lost");
    free(text);
    text = report_case("offload", &style_utf8); /* a few that are not 2xx raise no alarm */
    assert_silent(text, "NOT 2xx");
    assert_says(text, "5950 2xx/s   0.83% non-2xx");
    free(text);
    struct result r;
    assert_int_equal(render_case("refusing", &r), 0);
    r.accounting.statuses[503] = r.accounting.non_2xx = r.accounting.completed;
    r.accounting.statuses[200] = 0;
    text = report_of(&r, &style_utf8);
    assert_true(str_starts(text, "NO 2xx: "));
    assert_says(text, "\n0 2xx/s   100% non-2xx");
    assert_silent(text, "CPU/2xx");
    free(text);
    result_fini(&r);
}

static void the_summary_is_not_the_survivors_tale(void **state)
{
    (void)state;
    char *text = report_case("collapse", &style_utf8);
    assert_says(text, "1.10 2xx/s   21% non-2xx   1.40 responses/s total   p50 ≥5.54 s   p99 ≥9.94 "
                      "s   86 of 200 lost (43%)");
    assert_says(text, "200 sent = 14 completed + 81 timed out + 5 failed (3 reset, 2 eof) + 100 "
                      "in flight at the\n           end (oldest 8.01 s)");
    assert_says(text, "do not include threads that had exited");
    assert_says(text, "87 of 100 connections got no response");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_refusals_are_no_quick_answers),
        cmocka_unit_test(the_summary_is_not_the_survivors_tale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
