#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/mem.h"
#include "report/plot/shift.h"

static void expect_file(const struct shift_picture *picture, const char *name, const char *want)
{
    const struct plot_file *f = shift_files;
    struct buf out;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    buf_init(&out, BUF_TEXT_MAX);
    f->write(picture, &out);
    const char *rows = out.data;
    while (*rows == '#' || *rows == '"') /* what describes the file */
        rows = strchr(rows, '\n') + 1;
    assert_string_equal(rows, want);
    buf_fini(&out);
}

/* A session of paired blocks has an interval; two single runs have none. */
static void rows_have_room_for_an_interval(void **state)
{
    (void)state;
    struct shift_point points[] = {
        {.q = 0.5, .ratio = 1.25, .low = 1.125, .high = 1.5, .known = SHIFT_EXACT},
        {.q = 0.75, .ratio = 2, .low = NAN, .high = NAN, .known = SHIFT_AT_LEAST},
        {.q = 0.875, .ratio = NAN, .low = NAN, .high = NAN, .known = SHIFT_UNKNOWN},
    };
    const struct shift_curve curve = {.points = points, .count = LEN(points)};
    const struct shift_curve empty = {0};
    struct shift shift = {0};
    shift_add(&shift, "a", &curve);
    shift_add(&shift, "none", &empty);
    const struct shift_picture picture = {&shift, {"OLD a, NEW b", "differs: \"x\""}};
    expect_file(&picture, "shift.dat",
                "0.5\t2\t1.25\t1.125\t1.5\t0\n"
                "0.75\t4\t2\tNaN\tNaN\t1\n"
                "0.875\t8\tNaN\tNaN\tNaN\t3\n"
                "\n\n# curve 1 \"none\"\nNaN\tNaN\tNaN\tNaN\tNaN\tNaN\n");
    expect_file(&picture, "arms.dat",
                "0\t\"a\"\t\"a\"\t\"a\"\t1\tNaN\t\" \"\n"
                "1\t\"none\"\t\"none\"\t\"none\"\t1\tNaN\t\" \"\n");
    expect_file(&picture, "caption.dat",
                "0\t\"OLD a, NEW b\"\t\"OLD a, NEW b\"\n"
                "1\t\"differs: \\042x\\042\"\t\"differs: \\042x\\042\"\n"
                "2\t\" \"\t\" \"\n");
    shift_fini(&shift);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_room_for_an_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
