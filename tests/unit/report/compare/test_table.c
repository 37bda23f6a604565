/* The columns of the probe: named by its path, and two where new connections fared otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/probed_result.h"
#include "report/compare/content.h"
#include "support/compare_page.h"
#include "support/count_of.h"
#include "support/report_styles.h"

static void add(struct comparison *c, const char *name, const char *path)
{
    struct result r;
    probed_result(&r);
    free(r.probe_counts.path);
    r.probe_counts.path = mem_strdup(path);
    (void)comparison_add_arm(c, name);
    comparison_add_result(c, c->narms - 1, 1, &r);
}

static void its_columns_have_the_path(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add(&c, "mine", "/healthz");
    char *text = page_of(&c, PAGE_TEXT, &style_utf8);
    assert_says(text, "/healthz p99");
    assert_says(text, "new /healthz p99");
    assert_says(text, "new: probes that found no idle connection");
    assert_silent(text, "/ping");
    free(text);
    text = page_of(&c, PAGE_MARKDOWN, NULL);
    assert_says(text, "healthz p99");
    assert_silent(text, "/ping");
    free(text);
    comparison_fini(&c);
}

static void different_paths_are_told_below(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add(&c, "mine", "/healthz");
    add(&c, "pool", "/ping");
    char *text = page_of(&c, PAGE_TEXT, &style_utf8);
    assert_says(text, "probe p99");
    assert_says(text, "probe: mine /healthz, pool /ping");
    assert_silent(text, "/healthz p99");
    free(text);
    comparison_fini(&c);
}

/* Two rounds of which each only knows that it is that or more have no range. */
static void a_bound_has_no_range_of_zero(void **state)
{
    (void)state;
    struct arm arm = {.nresults = 2, .results = mem_array(2, sizeof *arm.results)};
    const struct arm_figure *p50 = arm_figure_find("p50");
    char text[64];
    result_init(&arm.results[0]);
    result_init(&arm.results[1]);
    struct arm_summary sum = {.median = 1e10, .low = 1e10, .high = 1e10};
    assert_string_equal(compare_range(&arm, p50, &sum, &style_utf8, text, sizeof text), "±0");
    sum.is_bound = true;
    assert_string_equal(compare_range(&arm, p50, &sum, &style_utf8, text, sizeof text), "-");
    sum.high = 1.1e10;
    assert_string_equal(compare_range(&arm, p50, &sum, &style_utf8, text, sizeof text), "±5%");
    result_fini(&arm.results[0]);
    result_fini(&arm.results[1]);
    free(arm.results);
}

static void tls_is_told_where_the_load_is(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add(&c, "mine", "/ping");
    add(&c, "yours", "/ping");
    char *text = page_of(&c, PAGE_TEXT, &style_utf8);
    assert_silent(text, "TLS");
    free(text);
    for (size_t i = 0; i < 2; i++) {
        struct result *r = &c.arms[i].results[0];
        r->has_tls = true;
        r->tls.version = mem_strdup("TLSv1.3");
        r->tls.cipher = mem_strdup("TLS_AES_256_GCM_SHA384");
    }
    text = page_of(&c, PAGE_TEXT, &style_utf8);
    assert_says(text, "\nTLS        TLSv1.3, TLS_AES_256_GCM_SHA384, keep-alive, certificate not "
                      "verified (--insecure)\n");
    free(text);
    c.arms[1].results[0].tls.is_verified = true;
    text = page_of(&c, PAGE_MARKDOWN, NULL);
    assert_says(text, "\n- TLS: mine: TLSv1.3,");
    assert_says(text, "certificate not verified (--insecure); yours: TLSv1.3,");
    free(text);
    comparison_fini(&c);
}

static void without_new_connections_there_is_one_column(void **state)
{
    (void)state;
    char *text = page_of_case("five", PAGE_TEXT, &style_utf8);
    assert_says(text, "/ping p99");
    assert_silent(text, "new /ping");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_has_no_range_of_zero),
        cmocka_unit_test(its_columns_have_the_path),
        cmocka_unit_test(different_paths_are_told_below),
        cmocka_unit_test(tls_is_told_where_the_load_is),
        cmocka_unit_test(without_new_connections_there_is_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
