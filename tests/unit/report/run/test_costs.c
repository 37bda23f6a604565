#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void what_the_server_did_not_see_is_told(void **state)
{
    (void)state;
    char *text = report_case("blocked", &style_utf8);
    assert_says(text, "of the median 588 ms, server wait and work are only 5.68 ms");
    assert_says(text, "1 process used no CPU and is not shown");
    assert_silent(text, "\ntotal ");
    assert_says(text, "each bench thread waited 260 ms for a CPU core (9% of the window)");
    free(text);
    text = report_case("pool", &style_utf8);
    assert_silent(text, "of the median");
    assert_silent(text, "not shown");
    assert_silent(text, "for a core, ");
    free(text);
}

static void an_idle_process_is_told_unless_another_did_its_work(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        double cpu_s[2];
        bool shown;
    } cases[] = {
        {"target", {0, 2.96}, false}, {"target", {0, 0}, true}, {"target", {0.01, 2.96}, true},
        {"target", {NAN, 1}, true},   {"shell", {0, 1}, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        assert_int_equal(render_case("blocked", &r), 0);
        free(r.server.processes[0].role);
        r.server.processes[0].role = mem_strdup(cases[i].role);
        for (size_t k = 0; k < 2; k++)
            r.server.processes[k].cpu_user_s = cases[i].cpu_s[k];
        char *text = report_of(&r, &style_utf8);
        assert_int_equal(strstr(text, "\ntotal ") != NULL, cases[i].shown);
        assert_int_equal(strstr(text, "not shown") == NULL, cases[i].shown);
        free(text);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_server_did_not_see_is_told),
        cmocka_unit_test(an_idle_process_is_told_unless_another_did_its_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
