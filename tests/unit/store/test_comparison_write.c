#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "analysis/reference.h"
#include "base/rng.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "support/document_text.h"

enum again { AS_READ, WITH_FINDINGS_MADE_AGAIN };

/* Written, read and written again it is the same text. Takes the comparison. */
static void check_read_back(struct comparison *c, enum again how)
{
    struct comparison again;
    struct err err = {0};
    char *first = comparison_text(c);
    if (comparison_read(first, strlen(first), &again, &err) < 0)
        fail_msg("%s", err.text);
    if (how == WITH_FINDINGS_MADE_AGAIN)
        findings_add(&again);
    if (again.reference != NULL)
        reference_judge(&again, again.reference->arm);
    char *second = comparison_text(&again);
    assert_string_equal(first, second);
    free(first);
    free(second);
    comparison_fini(c);
    comparison_fini(&again);
}

static void read_back_it_is_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct comparison c;
        assert_int_equal(compare_case(compare_case_names[i], &c), 0);
        check_read_back(&c, AS_READ);
    }
}

/* The keys are those of docs/compare.md; the values those of the table. */
static void the_summary_has_the_figures_of_the_table(void **state)
{
    (void)state;
    struct comparison c;
    assert_int_equal(compare_case("rounds", &c), 0);
    json_t *doc = comparison_to_json(&c);
    for (size_t i = 0; i < c.narms; i++) {
        const json_t *arm = json_array_get(json_object_get(doc, "arms"), i);
        const json_t *summary = json_object_get(arm, "summary");
        size_t count = 0;
        for (const struct arm_figure *f = arm_figures; f->key != NULL; f++, count++) {
            const json_t *figure = json_object_get(summary, f->key);
            struct arm_summary sum = arm_figure_summary(&c.arms[i], f);
            assert_true(json_is_object(figure));
            if (isnan(sum.median)) {
                assert_true(json_is_null(json_object_get(figure, "median")));
                continue;
            }
            assert_true(fabs(json_real_value(json_object_get(figure, "median")) - sum.median) <=
                        1e-8 * sum.median);
            assert_true(fabs(json_real_value(json_object_get(figure, "low")) - sum.low) <=
                        1e-8 * sum.low);
            assert_true(fabs(json_real_value(json_object_get(figure, "high")) - sum.high) <=
                        1e-8 * sum.high);
            assert_int_equal(json_is_true(json_object_get(figure, "at_least")), sum.is_bound);
            assert_int_equal(json_is_true(json_object_get(figure, "few_samples")), sum.is_few);
        }
        assert_int_equal(json_object_size(summary), count);
    }
    json_decref(doc);
    comparison_fini(&c);
}

static void made_again_the_findings_are_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct comparison c;
        assert_int_equal(compare_case(compare_case_names[i], &c), 0);
        check_read_back(&c, WITH_FINDINGS_MADE_AGAIN);
    }
}

/* A document rounds numbers of many digits. What the findings say of them stays. */
static void odd_numbers_leave_the_findings_as_they_were(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 5);
    for (int n = 0; n < 2; n++) {
        struct comparison c;
        assert_int_equal(compare_case("five", &c), 0);
        for (size_t i = 0; i < c.narms; i++) {
            struct result *r = &c.arms[i].results[0];
            r->duration_s = 10 + rng_unit(&rng) / 3;
            r->client.busiest_worker = rng_unit(&rng) / 7;
            r->client.run_wait_s = rng_unit(&rng) * 2;
            struct process_cost *cost = &r->server.total;
            cost->cpu_user_s = 20 * rng_unit(&rng);
            cost->cpu_per_request_us = process_cpu_s(cost) * 1e6 / (double)r->accounting.completed;
            r->queue.completed_per_s = (double)r->queue.completed / r->duration_s;
        }
        findings_add(&c);
        check_read_back(&c, WITH_FINDINGS_MADE_AGAIN);
    }
}

/* The first is a little less than what it is read back as, and that lies between two texts. */
static void a_summary_does_not_hang_on_the_last_digit(void **state)
{
    (void)state;
    struct comparison c;
    assert_int_equal(compare_case("five", &c), 0);
    for (size_t i = 0; i < c.arms[0].nresults; i++)
        c.arms[0].results[i].server.total.run_wait_s = nextafter(1.490641775, 0);
    findings_add(&c);
    check_read_back(&c, AS_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_has_the_figures_of_the_table),
        cmocka_unit_test(read_back_it_is_the_same_text),
        cmocka_unit_test(made_again_the_findings_are_the_same),
        cmocka_unit_test(a_summary_does_not_hang_on_the_last_digit),
        cmocka_unit_test(odd_numbers_leave_the_findings_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
