#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/job_workers.h"
#include "runner/watch_figures.h"

static void the_seconds_add_up_to_the_total(void **state)
{
    (void)state;
    struct watch_figures f = {0};
    struct job_workers none = {0};
    struct result r;
    struct target_stats stats = {.has_queue = true};
    result_init(&r);
    watch_figures_open(&f, (struct sample){.threads = 1}, true);
    stats.queue = (struct queue_stats){.accepted = 10, .waiting = 4, .completed = 6};
    watch_figures_begin(&f, &stats);
    static const int64_t completed[] = {16, 31};
    for (size_t i = 0; i < LEN(completed); i++) {
        watch_figures_add(&f, (struct sample){.threads = 1}, true);
        stats.queue.completed = completed[i];
        stats.queue.waiting = 100 * ((int64_t)i + 1);
        watch_figures_refine(&f, i, &stats);
    }
    watch_figures_add(&f, (struct sample){.threads = 1}, true); /* answered late */
    watch_figures_add(&f, (struct sample){.threads = 1},
                      true); /* a short second, without a request */
    stats.queue.completed = 47;
    stats.queue.waiting = 250;
    stats.queue.accepted = 297;
    watch_figures_end(&f, &stats);
    stats.queue.completed = 60; /* more than at the end, which it must not pass */
    watch_figures_refine(&f, 2, &stats);
    r.duration_s = 3;
    r.nseconds = 4;
    r.seconds = mem_array(4, sizeof *r.seconds);
    watch_figures_collect(&f, &none, &r);
    static const int64_t want[][2] = {{10, 100}, {15, 200}, {16, 250}, {0, 250}};
    for (size_t i = 0; i < LEN(want); i++) {
        assert_int_equal(r.seconds[i].jobs_completed, want[i][0]);
        assert_int_equal(r.seconds[i].queue_backlog, want[i][1]);
    }
    assert_int_equal(r.queue.completed, 10 + 15 + 16);
    assert_int_equal(r.queue.accepted, 287);
    result_fini(&r);
    watch_figures_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seconds_add_up_to_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
