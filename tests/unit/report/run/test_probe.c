/* The probe in a run's report: by its path, both figures where they differ, and what failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/probed_result.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void both_figures_are_shown(void **state)
{
    (void)state;
    struct result r;
    probed_result(&r);
    char *text = report_of(&r, &style_utf8);
    assert_says(text, "\nprobe /healthz  1.00 ms");
    assert_says(text, "\nnew /healthz    40.0 ms");
    assert_says(text, "new: probes that found no idle connection and opened one");
    assert_says(text, "200 due = 120 completed + 74 non-2xx (4 x 302, 70 x 500)");
    free(text);
    result_fini(&r);
}

static void what_does_not_differ_is_shown_once(void **state)
{
    (void)state;
    struct result r;
    probed_result(&r);
    hist_free(r.probe_new);
    hist_free(r.probe_new_unfinished);
    r.probe_new = hist_copy(r.probe);
    r.probe_new_unfinished = NULL;
    r.probe_counts.opened = (struct probe_fate){.due = 20, .completed = 20};
    hist_reset(r.probe_unfinished);
    r.probe_counts.all = (struct probe_fate){.due = 120, .completed = 120};
    char *text = report_of(&r, &style_utf8);
    assert_says(text, "\nprobe /healthz  1.00 ms");
    assert_silent(text, "new /healthz");
    assert_silent(text, "\nprobes");
    free(text);
    result_fini(&r);
}

/* A path comes from a file, too: nothing of it reaches the terminal but characters. */
static void a_path_is_made_safe(void **state)
{
    (void)state;
    struct result r;
    probed_result(&r);
    free(r.probe_counts.path);
    r.probe_counts.path = mem_strdup("/\033[31m\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3"
                                     "\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                                     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
    char *text = report_of(&r, &style_utf8);
    assert_silent(text, "\033");
    assert_says(text, "\xc3\xa9..");
    free(text);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_figures_are_shown),
        cmocka_unit_test(what_does_not_differ_is_shown_once),
        cmocka_unit_test(a_path_is_made_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
