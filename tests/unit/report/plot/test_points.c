/* points: the curves of a picture as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/plot/points.h"

#define AXES "1 0.1 0.9 0.2 0.8 1 1000 1\n"

static const struct plot_panel curves[] = {
    {.number = 1,
     .name = "completed",
     .unit = "ms",
     .file = "a.dat",
     .column = 2,
     .few = 3,
     .bound = 4},
    {.name = NULL},
};

static const char *only_file(void *text, const char *file)
{
    return strcmp(file, "a.dat") == 0 ? text : NULL;
}

/* The caller frees it. */
static char *points_of(const struct plot_panel *panels, enum plot_across across, const char *axes,
                       char *text)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    plot_points(panels, across, axes, only_file, text, &out);
    char *json = out.len == 0 ? mem_strdup("") : buf_take(&out);
    buf_fini(&out);
    return json;
}

static void expect(const struct plot_panel *panels, enum plot_across across, const char *axes,
                   char *text, const char *want)
{
    char *json = points_of(panels, across, axes, text);
    assert_string_equal(json, want);
    free(json);
}

#define HEAD "{\"across\":\"percentile\",\"axes\":[[1,0.1,0.9,0.2,0.8,1,1000,1]],"

static void curves_share_their_x_and_marks_are_kept(void **state)
{
    (void)state;
    static char text[] = "# a file\n# arm 0 \"a\"\n0\t1\t12.3456\t0\t0\n0.5\t2\tNaN\t0\t0\n"
                         "0.9\t10\t20\t1\t1\n\n\n# arm 1 \"b\"\nNaN\tNaN\tNaN\tNaN\tNaN\n\n\n"
                         "# arm 2 \"\\042]}<script>\"\n0\t1\t1\t1\t0\n0.5\t2\t2\t0\t2\n"
                         "0.9\t10\tinf\t0\t0\n";
    expect(curves, PLOT_BY_PERCENTILE, AXES, text,
           HEAD "\"x\":[[1,2,10]],\"panels\":[{\"panel\":1,\"name\":\"completed\",\"unit\":\"ms\","
                "\"curves\":[[0,0,[12.35,null,\">20*\"]],[2,0,[\"1*\",\"<2\",null]]]}]}");
}

static void a_rate_stands_in_the_middle_of_its_stretch_and_a_sample_at_its_end(void **state)
{
    (void)state;
    static const struct plot_panel panels[] = {
        {.number = 2, .name = "rate", .unit = "/s", .file = "a.dat", .column = 2},
        {.number = 3, .name = "level", .unit = "B", .file = "a.dat", .column = 3, .at_end = true},
        {.number = 4, .name = "none", .unit = "B", .file = "a.dat", .column = 4},
        {.number = 5, .name = "lost", .unit = "B", .file = "b.dat", .column = 2},
        {.name = NULL},
    };
    static char text[] = "0\t1\t5\t100\tNaN\n1\t2\t6\t200\tNaN\n";
    expect(panels, PLOT_BY_TIME, "2 0 0.5 0 1 0 2 0\n3 0.5 1 0 1 0 2 0\n", text,
           "{\"across\":\"time\",\"axes\":[[2,0,0.5,0,1,0,2,0],[3,0.5,1,0,1,0,2,0]],"
           "\"x\":[[0.5,1.5],[1,2]],\"panels\":["
           "{\"panel\":2,\"name\":\"rate\",\"unit\":\"/s\",\"curves\":[[0,0,[5,6]]]},"
           "{\"panel\":3,\"name\":\"level\",\"unit\":\"B\",\"curves\":[[0,1,[100,200]]]}]}");
}

static void axes_that_make_no_sense_give_nothing(void **state)
{
    (void)state;
    static char text[] = "0\t1\t5\t0\t0\n";
    static const char *const bad[] = {
        "",
        "\n",
        "1 0.1 0.9 0.2 0.8 1 1000",
        "1 0.1 0.9 0.2 0.8 1 nan 1",
        "1 0.1 0.9 0.2 0.8 1 inf 1",
        "1 0.9 0.1 0.2 0.8 1 1000 1",
        "1 0.1 0.9 0.8 0.2 1 1000 1",
        "1 0.1 0.9 0.2 0.8 7 7 0",
        "1 0.1 0.9 0.2 0.8 0 7 1",
        "-1 0.1 0.9 0.2 0.8 1 1000 1",
        "</script><script>alert(1)</script>",
    };
    for (size_t i = 0; i < LEN(bad); i++)
        expect(curves, PLOT_BY_PERCENTILE, bad[i], text, "");
    char *json = points_of(curves, PLOT_BY_PERCENTILE, "</script>\n" AXES "1 2 3\n", text);
    assert_true(strstr(json, HEAD "\"x\":[[1]]") == json);
    free(json);
}

static void nothing_measured_gives_nothing(void **state)
{
    (void)state;
    static char text[] = "NaN\tNaN\tNaN\tNaN\tNaN\n";
    static char empty[] = "";
    expect(curves, PLOT_BY_PERCENTILE, AXES, text, "");
    expect(curves, PLOT_BY_PERCENTILE, AXES, empty, "");
}

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

static void a_long_curve_is_thinned_and_keeps_its_ends(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (int i = 1; i <= 2000; i++)
        buf_printf(&text, "0\t%d\t%d\t0\t0\n", i, i);
    char *json = points_of(curves, PLOT_BY_PERCENTILE, AXES, text.data);
    const char *xs = strstr(json, "\"x\":[[1,");
    const char *ys = strstr(json, "[[0,0,[1,");
    assert_non_null(xs);
    assert_non_null(ys);
    assert_non_null(strstr(xs, ",2000]],\"panels\""));
    assert_non_null(strstr(ys, ",2000]]"));
    assert_int_equal(count_of(ys, ','), POINTS_MAX - 1 + 2);
    free(json);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_share_their_x_and_marks_are_kept),
        cmocka_unit_test(a_rate_stands_in_the_middle_of_its_stretch_and_a_sample_at_its_end),
        cmocka_unit_test(axes_that_make_no_sense_give_nothing),
        cmocka_unit_test(nothing_measured_gives_nothing),
        cmocka_unit_test(a_long_curve_is_thinned_and_keeps_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
