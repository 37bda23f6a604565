/* Latencies that lie a fixed time above the others, and those that only look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/latency_step.h"
#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/healthy_result.h"

static const struct latency_step step_40ms = {40 * NS_PER_MS, 4 * NS_PER_MS};
static const struct latency_step step_200ms = {200 * NS_PER_MS, 10 * NS_PER_MS};

/* So many latencies, evenly between two times in ms. */
struct part {
    int count;
    double from_ms, to_ms;
};

static void add(struct hist *h, const struct part *p)
{
    for (int i = 0; i < p->count; i++) {
        double ms = p->from_ms + (p->to_ms - p->from_ms) * (i + 0.5) / p->count;
        hist_record(h, (int64_t)(ms * (double)NS_PER_MS));
    }
}

static struct hist *hist_of(const struct part parts[3])
{
    struct hist *h = hist_new_latency();
    for (size_t i = 0; i < 3; i++)
        add(h, &parts[i]);
    return h;
}

static void only_a_copy_of_the_bulk_is_a_step(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct part parts[3];
        bool at_40ms, at_200ms;
    } cases[] = {
        {"a delayed acknowledgement", {{9000, 0.2, 1}, {1000, 40.2, 44.5}}, true, false},
        {"most are delayed", {{1500, 0.2, 1}, {8500, 40.2, 44.5}}, true, false},
        {"a bulk of 8 ms", {{9000, 7, 9}, {500, 47, 52}}, true, false},
        {"a retransmission", {{9900, 1, 5}, {100, 201, 214}}, false, true},
        {"both", {{9000, 0.2, 1}, {500, 40.2, 44.5}, {100, 201, 208}}, true, true},
        {"a server of 40 ms", {{10000, 40, 42}}, false, false},
        {"a server of 200 ms", {{10000, 200, 208}}, false, false},
        {"40 ms, and a few at once", {{500, 0.2, 1}, {9500, 40.5, 44}}, false, false},
        {"a long tail", {{9000, 0.2, 5}, {1000, 5, 300}}, false, false},
        {"a tail that begins there", {{9000, 0.2, 1}, {1000, 40.2, 90}}, false, false},
        {"nothing but the bulk", {{10000, 0.2, 1}}, false, false},
        {"too few", {{9981, 0.2, 1}, {19, 40.2, 44.5}}, false, false},
        {"too small a part", {{99970, 0.2, 1}, {30, 40.2, 44.5}}, false, false},
        {"a bulk that is too wide", {{9000, 0.2, 18}, {1000, 42, 60}}, false, false},
        {"other work, at 30 ms", {{9000, 0.2, 1}, {1000, 30, 33}}, false, false},
        {"other work, at 60 ms", {{9000, 0.2, 1}, {1000, 60, 63}}, false, false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        double share = 0;
        struct hist *h = hist_of(cases[i].parts);
        bool at_40ms = latency_step_find(h, &step_40ms, &share);
        bool at_200ms = latency_step_find(h, &step_200ms, &share);
        if (at_40ms != cases[i].at_40ms || at_200ms != cases[i].at_200ms)
            fail_msg("%s: %s at 40 ms, %s at 200 ms", cases[i].what, at_40ms ? "found" : "none",
                     at_200ms ? "found" : "none");
        hist_free(h);
    }
}

static void an_empty_histogram_has_no_step(void **state)
{
    (void)state;
    double share = 0;
    struct hist *h = hist_new_latency();
    assert_false(latency_step_find(h, &step_40ms, &share));
    hist_free(h);
}

static void the_warning_has_the_share_and_the_cause(void **state)
{
    (void)state;
    static const struct part parts[3] = {{950, 0.2, 1}, {50, 40.3, 44.5}};
    struct result r;
    healthy_result(&r);
    r.latency = hist_of(parts);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_string_equal(r.warnings[0].code, "step-40ms");
    assert_string_equal(r.warnings[0].message,
                        "5.0 % of the responses took 40 ms more than the others, as a delayed "
                        "acknowledgement takes");
    assert_non_null(strstr(r.warnings[0].remedy, "TCP_NODELAY"));
    result_fini(&r);
}

/* Waiting for a connection is no step of the network. */
static void an_open_loop_is_judged_by_its_service_times(void **state)
{
    (void)state;
    static const struct part stepped[3] = {{950, 0.2, 1}, {50, 200.5, 208}};
    static const struct part plain[3] = {{1000, 0.2, 1}};
    struct result r;
    healthy_result(&r);
    r.latency = hist_of(stepped);
    r.service = hist_of(plain);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    hist_free(r.service);
    r.service = hist_of(stepped);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_string_equal(r.warnings[0].code, "step-200ms");
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_copy_of_the_bulk_is_a_step),
        cmocka_unit_test(an_empty_histogram_has_no_step),
        cmocka_unit_test(the_warning_has_the_share_and_the_cause),
        cmocka_unit_test(an_open_loop_is_judged_by_its_service_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
