#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "proc/threads.h"

static void ended_threads_never_make_a_sum_shrink(void **state)
{
    (void)state;
    struct threads t = {0};
    threads_sample(&t, getpid(), THREADS_FULL);
    assert_true(t.count >= 1);
    assert_true(t.sum.switches_voluntary >= 0 && t.sum.run_wait_ns >= 0);
    assert_true(t.sum.switches > 0);
    struct thread_figures kinds = t.sum;
    threads_sample(&t, getpid(), THREADS_BRIEF);
    assert_int_equal(t.sum.switches_voluntary, kinds.switches_voluntary);
    assert_int_equal(t.sum.switches_involuntary, kinds.switches_involuntary);
    struct thread_figures before = t.sum;
    /* As if a new thread had the number of an ended one that had run for long. */
    t.rows[0].seen = (struct thread_figures){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    threads_sample(&t, getpid(), THREADS_FULL);
    assert_true(t.sum.run_wait_ns >= before.run_wait_ns);
    assert_true(t.sum.switches_voluntary >= before.switches_voluntary);
    assert_true(t.sum.switches_involuntary >= before.switches_involuntary);
    threads_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ended_threads_never_make_a_sum_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
