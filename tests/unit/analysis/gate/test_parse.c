#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"
#include "support/gate_bed.h"

static void thresholds_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *metric;
        double value;
        enum gate_op op;
        enum metric_unit unit;
    } cases[] = {
        {"p99>250ms", "p99", 250e6, GATE_ABOVE, METRIC_TIME},
        {"p99>=250ms", "p99", 250e6, GATE_AT_LEAST, METRIC_TIME},
        {"p99<20us", "p99", 20e3, GATE_BELOW, METRIC_TIME},
        {"p99<=1.5s", "p99", 1.5e9, GATE_AT_MOST, METRIC_TIME},
        {" \tp97.5 \n>=\n 1h ", "p97.5", 3600e9, GATE_AT_LEAST, METRIC_TIME},
        {"latency.p99>1ms", "latency.p99", 1e6, GATE_ABOVE, METRIC_TIME},
        {"wait.max>1ms", "wait.max", 1e6, GATE_ABOVE, METRIC_TIME},
        {"errors>0", "errors", 0, GATE_ABOVE, METRIC_COUNT},
        {"errors>2k", "errors", 2000, GATE_ABOVE, METRIC_COUNT},
        {"errors>1%", "errors", 0.01, GATE_ABOVE, METRIC_SHARE},
        {"errors>0.7%", "errors", 7.0 / 1000, GATE_ABOVE, METRIC_SHARE},
        {"5xx>=100%", "5xx", 1, GATE_AT_LEAST, METRIC_SHARE},
        {"rps<1000", "rps", 1000, GATE_BELOW, METRIC_NUMBER},
        {"rps<1.1k", "rps", 1100, GATE_BELOW, METRIC_NUMBER},
        {"rps<0.5", "rps", 0.5, GATE_BELOW, METRIC_NUMBER},
        {"rss>64MiB", "rss", 64 << 20, GATE_ABOVE, METRIC_SIZE},
        {"throughput<1MB", "throughput", 1e6, GATE_BELOW, METRIC_SIZE},
        {"saturated>0", "saturated", 0, GATE_ABOVE, METRIC_COUNT},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_threshold threshold = gate_threshold_of(cases[i].text);
        assert_string_equal(threshold.metric.name, cases[i].metric);
        assert_int_equal(threshold.op, cases[i].op);
        assert_int_equal(threshold.unit, cases[i].unit);
        if (threshold.value != cases[i].value)
            fail_msg("%s: %.17g", cases[i].text, threshold.value);
    }
}

static void what_is_no_threshold_is_refused_with_a_hint(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "p99>250ms"},
        {"p99", "METRIC"},
        {"p99=250ms", "METRIC"},
        {"p99>", "no value"},
        {"p99>250", "250ms"},
        {"p99>0", "no unit"},
        {"p99>ms", "not a time"},
        {"p99>-5ms", "not a time"},
        {"p99>>5ms", "not a time"},
        {"p99>5ms>6ms", "not a time"},
        {"p99=>5ms", "unknown metric 'p99='"},
        {">5ms", "unknown metric ''"},
        {"p0>5ms", "unknown metric"},
        {"p100>5ms", "unknown metric"},
        {"p>5ms", "unknown metric"},
        {"p9x>5ms", "unknown metric"},
        {"p9.9.9>5ms", "unknown metric"},
        {"wait.>5ms", "unknown metric"},
        {"wait.rps>5", "unknown metric"},
        {"unfinished.p99>5ms", "unknown metric"},
        {"pp99>5ms", "did you mean 'p99'?"},
        {"eror>0", "did you mean 'errors'?"},
        {"wiat.p99>1s", "did you mean 'wait.p99'?"},
        {"zzzzzzzzzz>0", "probe_errors"}, /* the whole list */
        {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz>0", "probe_errors"},
        {"errors>0.5", "whole"},
        {"errors>many", "not a count"},
        {"errors>%", "not a percentage"},
        {"errors>1%%", "not a percentage"},
        {"errors>101%", "not a percentage"},
        {"errors>1e1%", "not a percentage"},
        {"rps<fast", "not a number"},
        {"rps<1.2.3", "not a number"},
        {"rps<-1", "not a number"},
        {"rps<nan", "not a number"},
        {"rss>1parsec", "not a size"},
        {"p50>+10%", "--arm base"},
        {"rps<-10%", "--arm base"},
        {"errors>+1%", "--arm base"},
        {"p50>10%", "--arm base"},
        {"p99>1111111111111111111111111111111111111111111111s", "too long"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_threshold threshold;
        struct err err = {0};
        if (gate_parse(cases[i].text, GATE_FAIL, &threshold, &err) == 0)
            fail_msg("'%s' was taken", cases[i].text);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': no '%s' in: %s", cases[i].text, cases[i].says, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_read),
        cmocka_unit_test(what_is_no_threshold_is_refused_with_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
