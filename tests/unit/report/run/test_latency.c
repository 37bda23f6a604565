#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void few_seconds_have_no_percentiles(void **state)
{
    (void)state;
    static const struct {
        size_t seconds;
        const char *head;
    } cases[] = {
        {2, "n=2  min  50%  max  mean  stdev"},
        {40, "n=40  min  50%  max  mean  stdev"},
        {41, "n=41  min  2.5%  50%  97.5%  max  mean  stdev"},
        {101, "n=101  min  1%  2.5%  50%  97.5%  max  mean  stdev"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.accounting.completed = 1;
        r.seconds = mem_array(cases[i].seconds, sizeof *r.seconds);
        r.nseconds = cases[i].seconds;
        for (size_t k = 0; k < r.nseconds; k++)
            r.seconds[k] = (struct second){.length_s = 1};
        char *text = report_of(&r, &style_utf8);
        char *to = text; /* the head with equal gaps: widths are not tested here */
        for (const char *from = text; *from != '\0'; from++) {
            if (from[0] != ' ' || from[1] != ' ' || from[2] != ' ')
                *to++ = *from;
        }
        *to = '\0';
        assert_says(text, cases[i].head);
        free(text);
        result_fini(&r);
    }
}

static void what_never_completed_has_an_age(void **state)
{
    (void)state;
    char *text = report_case("nothing", &style_utf8);
    assert_says(text, "time elapsed when given up or at the end: p50 9.99 s, max 10.0 s");
    free(text);
    text = report_case("collapse", &style_utf8);
    assert_silent(text, "age when given up");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_seconds_have_no_percentiles),
        cmocka_unit_test(what_never_completed_has_an_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
