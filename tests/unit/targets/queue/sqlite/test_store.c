#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/broker_bed.h"
#include "support/sqlite_bed.h"

static void after_a_reboot_all_wait_again(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker worker;
    struct bed_answer taken;
    struct taken_job job;
    bed_init(&bed);
    sqlite_fill(&bed);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_take_one(&worker, &job);
    assert_int_equal(bed_finish(&worker, &job, "1", NULL), JOB_END_COMPLETED);
    taken_job_fini(&job);
    bed_take_one(&worker, &job);
    assert_int_equal(bed_finish(&worker, &job, NULL, "no luck"), JOB_END_RETRY);
    taken_job_fini(&job);
    bed_take(&worker, 5, &taken);
    bed_drop(&taken);
    bed_close(&worker);
    bed_open(&bed, &worker, BROKER_WORKER); /* the same boot: nothing changes */
    bed_counts_are(&worker,
                   (struct job_counts){.waiting = 293, .delayed = 1, .active = 5, .completed = 1});
    bed_close(&worker);
    (void)bed_sql(&bed, "UPDATE broker SET boot_id='before'");
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_counts_are(&worker, (struct job_counts){.waiting = 299, .completed = 1});
    bed_take(&worker, 10, &taken);
    assert_int_equal(taken.count, 10);
    for (long i = 0; i < 10; i++) {
        assert_int_equal(strtol(taken.jobs[i].id, NULL, 10), i + 2);
        assert_int_equal(taken.jobs[i].attempt, i < 6 ? 2 : 1);
        assert_int_equal(taken.jobs[i].added_ns, MISSING_TIME);
    }
    bed_drop(&taken);
    bed_close(&worker);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(after_a_reboot_all_wait_again, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
