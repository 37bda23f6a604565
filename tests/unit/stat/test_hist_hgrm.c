#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/hist_hgrm.h"

#define HEAD "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"

static char *text_of(const struct hist *h)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    hist_hgrm_write(h, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* The columns as wide as in HdrHistogram's own output; half way to 100 % the steps halve. */
static void ten_values_word_for_word(void **state)
{
    (void)state;
    static const char want[] = HEAD "    0.999936 0.000000000000          1           1.00\n"
                                    "    1.000447 0.100000000000          1           1.11\n"
                                    "    2.000895 0.200000000000          2           1.25\n"
                                    "    3.000319 0.300000000000          3           1.43\n"
                                    "    4.001791 0.400000000000          4           1.67\n"
                                    "    5.001215 0.500000000000          5           2.00\n"
                                    "    6.000639 0.550000000000          6           2.22\n";
    struct hist *h = hist_new_latency();
    for (int64_t ms = 1; ms <= 10; ms++)
        hist_record(h, ms * NS_PER_MS);
    char *text = text_of(h);
    assert_memory_equal(text, want, strlen(want));
    free(text);
    hist_free(h);
}

struct row {
    double value_ms, q, inverse;
    uint64_t count;
};

/* The next row; false at the lines that start with '#'. */
static bool next_row(char **at, struct row *row)
{
    if (**at == '#')
        return false;
    row->value_ms = strtod(*at, at);
    row->q = strtod(*at, at);
    row->count = strtoull(*at, at, 10);
    row->inverse = **at == '\n' ? INFINITY : strtod(*at, at);
    assert_int_equal(**at, '\n');
    ++*at;
    return true;
}

static uint64_t count_up_to(const struct hist *h, int64_t value_ns)
{
    uint64_t count = 0;
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);)
        count += b.high_ns <= value_ns ? b.count : 0;
    return count;
}

static void check_row(const struct hist *h, const struct row *row)
{
    int64_t value_ns = llround(row->value_ms * (double)NS_PER_MS);
    assert_int_equal(value_ns, hist_percentile_ns(h, row->q));
    if (row->q > 0)
        assert_int_equal(row->count, count_up_to(h, value_ns));
    if (row->q < 1)
        assert_true(fabs(row->inverse - 1 / (1 - row->q)) <= 0.0051 * fmax(1, row->inverse));
    else
        assert_true(isinf(row->inverse));
}

/* Each row is what the histogram itself answers; the rows go up and end at 100 %. */
static void rows_are_the_quantiles(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    uint64_t random = 1;
    for (int i = 0; i < 100000; i++) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        hist_record(h, (int64_t)(1000 + (random >> 33) % 1000 * ((random >> 50) % 5000)));
    }
    char *text = text_of(h);
    char *at = text + strlen(HEAD);
    struct row row;
    struct row last = {.q = -1};
    size_t rows = 0;
    for (; next_row(&at, &row); rows++) {
        check_row(h, &row);
        assert_true(row.q > last.q && row.value_ms >= last.value_ms && row.count >= last.count);
        last = row;
    }
    assert_true(last.q == 1 && last.count == 100000);
    assert_true(rows > 60 && rows < 120);
    free(text);
    hist_free(h);
}

static void the_feet_name_the_whole(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    hist_record_n(h, 3 * NS_PER_MS, 2);
    char *text = text_of(h);
    assert_string_equal(text, HEAD "    2.998272 0.000000000000          2           1.00\n"
                                   "    3.000319 1.000000000000          2\n"
                                   "#[Mean    =     2.999296, StdDeviation   =     0.000000]\n"
                                   "#[Max     =     3.000319, Total count    =            2]\n"
                                   "#[Buckets =           32, SubBuckets     =         2048]\n");
    free(text);
    hist_free(h);
}

static void an_empty_one_has_no_rows(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    char *text = text_of(h);
    assert_memory_equal(text, HEAD "#[Mean", strlen(HEAD "#[Mean"));
    assert_non_null(strstr(text, "Total count    =            0]"));
    free(text);
    hist_free(h);
}

/* Above the maximum nothing is known but that. */
static void what_lies_above_counts_at_the_end(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    hist_record(h, NS_PER_MS);
    hist_record_n(h, 2 * HIST_MAX_NS, 3);
    char *text = text_of(h);
    char *at = text + strlen(HEAD);
    struct row row;
    struct row last = {0};
    while (next_row(&at, &row)) {
        assert_int_equal(llround(row.value_ms * (double)NS_PER_MS), hist_percentile_ns(h, row.q));
        last = row;
    }
    assert_int_equal(last.count, 4);
    assert_int_equal(llround(last.value_ms * (double)NS_PER_MS), hist_max_ns(h));
    free(text);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_values_word_for_word),
        cmocka_unit_test(rows_are_the_quantiles),
        cmocka_unit_test(the_feet_name_the_whole),
        cmocka_unit_test(an_empty_one_has_no_rows),
        cmocka_unit_test(what_lies_above_counts_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
