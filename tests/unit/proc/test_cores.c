/* What the cores did that we may use: the kernel's text, and what follows from two readings. */
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/cores.h"
#include "proc/self.h"

#define TWO_CORES                                                                                  \
    "cpu  11 22 33 44 55 66 77 88 99 111\n"                                                        \
    "cpu0 1 2 3 4 5 6 7 8 9 11\n"                                                                  \
    "cpu1 10 20 30 40 50 60 70 80 90 100\n"                                                        \
    "intr 22631074 0 0 0\n"                                                                        \
    "ctxt 1\n"

/* Of the first `count` cores. */
static int parse(const char *text, size_t count, struct cores_time *out)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t i = 0; i < count; i++)
        CPU_SET(i, &set);
    *out = (struct cores_time){.at_ns = 7};
    return cores_parse(text, &set, sizeof set, out);
}

static void only_cores_that_are_ours_count(void **state)
{
    (void)state;
    struct cores_time t;
    assert_int_equal(parse(TWO_CORES, 2, &t), 0);
    assert_int_equal(t.at_ns, 7);
    assert_int_equal(t.cores, 2);
    assert_int_equal(t.program_ticks, 66); /* no interrupts, and guests not twice */
    assert_int_equal(t.stolen_ticks, 88);
    assert_int_equal(t.all_ticks, 396);
    assert_int_equal(parse(TWO_CORES, 1, &t), 0);
    assert_int_equal(t.cores, 1);
    assert_int_equal(t.program_ticks, 6);
    assert_int_equal(t.stolen_ticks, 8);
    assert_int_equal(t.all_ticks, 36);
}

/* Also numbers that no set can hold, and a kernel of before guests were counted. */
static void other_lines_do_not_matter(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "cpu0 1 2 3 4 5 6 7 8\n",
        "cpu99999999999999999999 x\ncpu0 1 2 3 4 5 6 7 8 9 10 11 12\n",
        "cpu1024 0\ncpu\ncpu x\ncpu-0 1\ncpufreq 1\ncpu0 1 2 3 4 5 6 7 8 9\nintr",
        "cpu7 9 9\ncpu0 1 2 3 4 5 6 7 8 9\n\ncpu0 9 9 9 9 9 9 9 9\n",
    };
    for (size_t i = 0; i < LEN(texts); i++) {
        struct cores_time t;
        if (parse(texts[i], 1, &t) < 0 || t.cores != 1 || t.program_ticks != 6 ||
            t.stolen_ticks != 8 || t.all_ticks != 36)
            fail_msg("text %zu", i);
    }
}

static void texts_that_are_not_the_kernels_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "intr 1\ncpu0 1 2 3 4 5 6 7 8\n",
        "cpu  1 2 3 4 5 6 7 8\n", /* no core by itself */
        "cpu9 1 2 3 4 5 6 7 8\n", /* none of ours */
        "cpu0 1 2 3 4 5 6 7\n",
        "cpu0 1 2 3 4 5 6 7\n8\n",
        "cpu0 1 2 3 4 5 6 7 8", /* cut */
        "cpu0 1 2 3 4 5 6 7 8\ncpu1 1 2",
        "cpu0\n",
        "cpu0",
        "cpu0 1 2 3 4 5 6 7 x\n",
        "cpu0 1 2 3 -4 5 6 7 8\n",
        "cpu0 1 2 3 +4 5 6 7 8\n",
        "cpu0\t1 2 3 4 5 6 7 8\n",
        "cpu0 1  2 3 4 5 6 7 8\n",
        "cpu0 1.5 2 3 4 5 6 7 8\n",
        "cpu0 1 2 3 9223372036854775807 5 6 7 8\n",
        "cpu0 1 2 3 99999999999999999999999 5 6 7 8\n",
    };
    for (size_t i = 0; i < LEN(texts); i++) {
        struct cores_time t;
        if (parse(texts[i], 2, &t) == 0)
            fail_msg("accepted: %s", texts[i]);
        assert_int_equal(t.at_ns, 7);
        assert_int_equal(t.cores, 0);
    }
}

/* Ten seconds of two cores on a kernel of 100 ticks a second. */
static const struct cores_time before = {
    .at_ns = NS_PER_S, .cores = 2, .program_ticks = 500, .stolen_ticks = 10, .all_ticks = 4000};
static const struct cores_time after = {.at_ns = 11 * NS_PER_S,
                                        .cores = 2,
                                        .program_ticks = 2000,
                                        .stolen_ticks = 110,
                                        .all_ticks = 6000};

static void others_used_what_was_not_ours(void **state)
{
    (void)state;
    struct machine m;
    if (sysconf(_SC_CLK_TCK) != 100)
        skip();
    cores_used(&before, &after, 10.8, &m);
    assert_true(fabs(m.other_cpu_cores - 0.42) < 1e-9);
    assert_true(fabs(m.stolen_cores - 0.1) < 1e-9);
    cores_used(&before, &after, 0, &m);
    assert_true(fabs(m.other_cpu_cores - 1.5) < 1e-9);
    cores_used(&before, &after, 15.02, &m); /* a tick or two more than there was */
    assert_true(m.other_cpu_cores == 0);
    cores_used(&before, &after, NAN, &m);
    assert_true(isnan(m.other_cpu_cores));
    assert_true(fabs(m.stolen_cores - 0.1) < 1e-9);
}

static void shorten(struct cores_time *t)
{
    t->at_ns = before.at_ns + NS_PER_S / 2 - 1;
}

static void read_nothing(struct cores_time *t)
{
    *t = (struct cores_time){0};
}

static void lose_a_core(struct cores_time *t)
{
    t->cores = 1;
}

static void run_backwards(struct cores_time *t)
{
    t->program_ticks = before.program_ticks - 1;
}

static void give_back(struct cores_time *t)
{
    t->stolen_ticks = before.stolen_ticks - 1;
}

static void count_nothing(struct cores_time *t)
{
    int64_t at_ns = t->at_ns;
    *t = before;
    t->at_ns = at_ns;
}

static void what_cannot_be_told_is_missing(void **state)
{
    (void)state;
    static void (*const spoils[])(struct cores_time * t) = {
        shorten, read_nothing, lose_a_core, run_backwards, give_back, count_nothing,
    };
    for (size_t i = 0; i < LEN(spoils); i++) {
        struct cores_time to = after;
        struct machine m = {.other_cpu_cores = 1, .stolen_cores = 1};
        spoils[i](&to);
        cores_used(&before, &to, 1, &m);
        if (!isnan(m.other_cpu_cores) || !isnan(m.stolen_cores))
            fail_msg("case %zu: %g %g", i, m.other_cpu_cores, m.stolen_cores);
    }
    static const struct cores_time none = {0};
    struct machine m = {.other_cpu_cores = 1, .stolen_cores = 1};
    cores_used(&none, &after, 1, &m);
    assert_true(isnan(m.other_cpu_cores) && isnan(m.stolen_cores));
}

/* A window that is cut into two, with a pause between them in which nothing counts. */
static void windows_add_up(void **state)
{
    (void)state;
    struct cores_time middle = before;
    struct cores_time sum = cores_nothing;
    struct machine whole;
    struct machine parts;
    middle.at_ns = before.at_ns + (after.at_ns - before.at_ns) / 4;
    middle.program_ticks += 7;
    middle.stolen_ticks += 2;
    middle.all_ticks += 30;
    cores_add(&sum, &before, &middle);
    cores_add(&sum, &middle, &after);
    cores_used(&before, &after, 0.1, &whole);
    cores_used(&cores_nothing, &sum, 0.1, &parts);
    assert_true(fabs(whole.other_cpu_cores - parts.other_cpu_cores) < 1e-9);
    assert_true(fabs(whole.stolen_cores - parts.stolen_cores) < 1e-9);
}

static void one_window_that_is_not_known_spoils_the_sum(void **state)
{
    (void)state;
    static const struct cores_time none = {0};
    struct cores_time sum = cores_nothing;
    struct machine m;
    cores_add(&sum, &before, &after);
    cores_add(&sum, &before, &none);
    cores_add(&sum, &before, &after);
    cores_used(&cores_nothing, &sum, 0, &m);
    assert_true(isnan(m.other_cpu_cores) && isnan(m.stolen_cores));
}

/* The window of the shortest length in which we are never idle: were our CPU another program's, it
 * would be told as such, but for what other programs took away from us. */
static void our_own_cpu_is_seen(void **state)
{
    (void)state;
    struct cores_time from;
    struct cores_time to;
    struct machine m;
    double user_s[2];
    double system_s[2];
    if (cores_read(&from) < 0)
        skip();
    assert_int_equal(from.cores, cores_allowed());
    proc_self_cpu(&user_s[0], &system_s[0]);
    while (clock_now_ns() - from.at_ns < 6 * NS_PER_S / 10) {
    }
    proc_self_cpu(&user_s[1], &system_s[1]);
    assert_int_equal(cores_read(&to), 0);
    double own_s = user_s[1] + system_s[1] - user_s[0] - system_s[0];
    cores_used(&from, &to, 0, &m);
    if (isnan(m.other_cpu_cores))
        skip(); /* a kernel that does not count */
    assert_true(m.other_cpu_cores <= (double)from.cores + 0.1);
    double length_s = (double)(to.at_ns - from.at_ns) / (double)NS_PER_S;
    assert_true(m.other_cpu_cores >= 0.5 * own_s / length_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_cores_that_are_ours_count),
        cmocka_unit_test(other_lines_do_not_matter),
        cmocka_unit_test(texts_that_are_not_the_kernels_are_refused),
        cmocka_unit_test(others_used_what_was_not_ours),
        cmocka_unit_test(what_cannot_be_told_is_missing),
        cmocka_unit_test(windows_add_up),
        cmocka_unit_test(one_window_that_is_not_known_spoils_the_sum),
        cmocka_unit_test(our_own_cpu_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
