#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/named_request.h"

#define NAMES 100

static long faults_so_far(void)
{
    struct rusage use;
    assert_int_equal(getrusage(RUSAGE_SELF, &use), 0);
    return use.ru_minflt;
}

static void what_was_counted_is_added_and_forgotten(void **state)
{
    (void)state;
    struct named_counts part;
    struct named_counts sum;
    named_counts_init(&part);
    named_counts_init(&sum);
    part.sent = 2;
    part.completed = part.non_2xx = part.mismatches = part.unbound = 1;
    hist_record(part.latency, 5);
    hist_record(part.unfinished, 7);
    named_counts_add(&sum, &part);
    named_counts_add(&sum, &part);
    assert_int_equal(sum.sent, 4);
    assert_int_equal(sum.unbound, 2);
    assert_int_equal(hist_count(sum.latency), 2);
    assert_int_equal(hist_count(sum.unfinished), 2);
    assert_int_equal(named_counts_in_flight(&sum), 2);
    named_counts_reset(&sum);
    assert_int_equal(sum.sent + sum.completed + sum.non_2xx + sum.mismatches + sum.unbound, 0);
    assert_int_equal(hist_count(sum.latency) + hist_count(sum.unfinished), 0);
    sum.unbound = 3; /* of a name of which nothing was sent */
    named_counts_reset(&sum);
    assert_int_equal(sum.unbound, 0);
    named_counts_fini(&part);
    named_counts_fini(&sum);
}

/* Each has hundreds of KiB, which a window that opens has no time to look through. */
static void memory_of_names_that_were_not_sent_is_not_touched(void **state)
{
    (void)state;
    struct named_counts *names = mem_array(NAMES, sizeof *names);
    struct named_counts sum;
    named_counts_init(&sum);
    for (size_t i = 0; i < NAMES; i++)
        named_counts_init(&names[i]);
    long before = faults_so_far();
    for (size_t i = 0; i < NAMES; i++) {
        named_counts_reset(&names[i]);
        named_counts_add(&sum, &names[i]);
    }
    assert_true(faults_so_far() - before < NAMES);
    for (size_t i = 0; i < NAMES; i++)
        named_counts_fini(&names[i]);
    named_counts_fini(&sum);
    free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_counted_is_added_and_forgotten),
        cmocka_unit_test(memory_of_names_that_were_not_sent_is_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
