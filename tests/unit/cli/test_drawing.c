/* drawing: pictures in memory, whatever becomes of gnuplot. It and the scripts are the test's: the
 * linker puts it in front of them. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/pictures.h"
#include "proc/step.h"
#include "store/file.h"
#include "support/timed_arm.h"

static struct {
    const char *fails, *empty, *cut, *scriptless; /* the keys of pictures; NULL: none */
    struct step_stop stop;
    size_t runs;
    char folder[256]; /* where the last one drew */
    char kinds[32];
} fake;

/* "heat" of "/there/heat.gp" */
static char *key_of(const char *script)
{
    const char *slash = strrchr(script, '/');
    return mem_strndup(slash + 1, strlen(slash + 1) - strlen(".gp"));
}

static bool is(const char *key, const char *wanted)
{
    return wanted != NULL && strcmp(key, wanted) == 0;
}

static void say_axes(const char *folder)
{
    static const char axes[] = "1 0.1 0.9 0.1 0.9 0 100 0\n";
    struct err err = {0};
    char *path = mem_printf("%s/rate.axes", folder);
    assert_int_equal(store_file_write(path, axes, strlen(axes), &err), 0);
    free(path);
}

static void draw(const struct step_spec *spec, struct err *end)
{
    struct err err = {0};
    char *key = key_of(spec->argv[6]);
    char *path = mem_printf("%s/%s.svg", spec->argv[3], key);
    char *text = mem_printf("<svg>%s%s", key, is(key, fake.cut) ? "</sv" : "</svg>");
    (void)snprintf(fake.folder, sizeof fake.folder, "%s", spec->argv[3]);
    (void)snprintf(fake.kinds, sizeof fake.kinds, "%s", spec->argv[5]);
    *end = (struct err){0};
    if (is(key, fake.fails))
        (void)err_set(end, ERR_USAGE, "gnuplot failed (exit 1); its last lines:\n\033[1mwhy\n%s %s",
                      spec->argv[3], spec->argv[3]);
    else
        assert_int_equal(store_file_write(path, text, is(key, fake.empty) ? 0 : strlen(text), &err),
                         0);
    if (is(key, "rate"))
        say_axes(spec->argv[3]);
    free(text);
    free(path);
    free(key);
}

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
void __wrap_step_run_all(const struct step_spec *specs, size_t count, size_t at_once,
                         struct err *ends, struct step_stop *out_stop);
char *__wrap_program_data_find(const char *name, struct err *err);

void __wrap_step_run_all(const struct step_spec *specs, size_t count, size_t at_once,
                         struct err *ends, struct step_stop *out_stop)
{
    assert_int_equal(at_once, 2);
    for (size_t i = 0; i < count; i++) {
        assert_true(specs[i].limit_ns == 30 * NS_PER_S);
        assert_string_equal(specs[i].name, "gnuplot");
        draw(&specs[i], &ends[i]);
        fake.runs++;
    }
    *out_stop = fake.stop;
}

char *__wrap_program_data_find(const char *name, struct err *err)
{
    char *missing = mem_printf("%s.gp", fake.scriptless == NULL ? "" : fake.scriptless);
    bool found = strcmp(name, missing) != 0;
    free(missing);
    if (found)
        return mem_printf("/there/%s", name);
    (void)err_set(err, ERR_USAGE, "cannot find %s", name);
    return NULL;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

struct scene {
    struct comparison c;
    struct drawn *drawn;
    size_t count;
    struct err err;
    struct step_stop stop;
};

static int set_up(void **state)
{
    struct scene *s = mem_zalloc(sizeof *s);
    memset(&fake, 0, sizeof fake);
    s->c = timed_arm("a");
    (void)timed_latencies(&s->c, 2, 1);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    drawn_free(s->drawn, s->count);
    comparison_fini(&s->c);
    bool is_left = fake.folder[0] != '\0' && access(fake.folder, F_OK) == 0;
    free(s);
    return is_left ? -1 : 0; /* the folder is gone, however it ended */
}

static int svgs(struct scene *s)
{
    return pictures_svgs(&s->c, &s->drawn, &s->count, &s->stop, &s->err);
}

/* How many have no SVG; each of these says why, in one line, and the others are whole. */
static size_t missing(const struct scene *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct drawn *d = &s->drawn[i];
        char *want = mem_printf("<svg>%s</svg>", d->picture->key);
        assert_int_equal(d->svg == NULL, d->problem != NULL);
        if (d->svg != NULL) {
            assert_string_equal(d->svg, want);
            assert_int_equal(d->len, strlen(want));
        } else {
            const char *problem = d->problem == NULL ? "" : d->problem;
            assert_true(problem[0] != '\0' && strpbrk(problem, "\n\033") == NULL);
            count++;
        }
        free(want);
    }
    return count;
}

static const char *problem_of(const struct scene *s, const char *key)
{
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->drawn[i].picture->key, key) == 0)
            return s->drawn[i].problem;
    }
    fail_msg("no %s", key);
    return NULL;
}

static void each_picture_that_has_something_is_drawn(void **state)
{
    struct scene *s = *state;
    assert_int_equal(svgs(s), 0);
    assert_int_equal(missing(s), 0);
    assert_int_equal(fake.runs, s->count);
    assert_string_equal(fake.kinds, "kinds = 'svg'; axes = 1");
    static const char *const keys[] = {"latency", "percentiles", "heat",
                                       "rate",    "server",      "compare"};
    assert_int_equal(s->count, LEN(keys)); /* no queue, probe, parts, threads of bench */
    for (size_t i = 0; i < LEN(keys); i++)
        assert_string_equal(s->drawn[i].picture->key, keys[i]);
}

static void a_picture_whose_axes_are_known_has_its_curves(void **state)
{
    struct scene *s = *state;
    assert_int_equal(svgs(s), 0);
    for (size_t i = 0; i < s->count; i++) {
        bool has_axes = is(s->drawn[i].picture->key, "rate");
        const char *points = s->drawn[i].points;
        assert_true((points != NULL) == has_axes);
        if (points != NULL)
            assert_non_null(strstr(points, "\"axes\":[[1,0.1,0.9,0.1,0.9,0,100,0]]"));
    }
}

static void one_that_fails_says_why_and_the_others_are_drawn(void **state)
{
    struct scene *s = *state;
    fake.fails = "heat";
    fake.empty = "rate";
    assert_int_equal(svgs(s), 0);
    assert_int_equal(missing(s), 2);
    const char *why = problem_of(s, "heat");
    assert_int_equal(strncmp(why, "gnuplot failed (exit 1); its last lines: ?[1mwhy /", 50), 0);
    assert_null(strstr(why, fake.folder)); /* its name is another one each time */
    assert_non_null(strstr(why, "/bench-run-XXXXXX /"));
    assert_string_equal(why + strlen(why) - 7, "-XXXXXX");
    assert_non_null(
        strstr(problem_of(s, "rate"), "gnuplot succeeded, but: rate.svg is empty; is "));
    assert_non_null(strstr(problem_of(s, "rate"), "TMPDIR"));
}

static void one_that_is_cut_short_is_no_picture(void **state)
{
    struct scene *s = *state;
    fake.cut = "rate";
    assert_int_equal(svgs(s), 0);
    assert_int_equal(missing(s), 1);
    assert_non_null(strstr(problem_of(s, "rate"), "rate.svg is cut short; is "));
}

static void after_one_that_hung_nothing_is_drawn(void **state)
{
    struct scene *s = *state;
    s->stop.is_hung = true;
    assert_int_equal(svgs(s), 0);
    assert_true(s->count > 0);
    assert_int_equal(missing(s), s->count);
    assert_int_equal(fake.runs, 0);
}

static void a_script_that_is_missing_is_told(void **state)
{
    struct scene *s = *state;
    fake.scriptless = "latency";
    assert_int_equal(svgs(s), 0);
    assert_int_equal(missing(s), 1);
    assert_string_equal(problem_of(s, "latency"), "cannot find latency.gp");
    assert_int_equal(fake.runs, s->count - 1);
}

static void interrupted_there_are_none(void **state)
{
    struct scene *s = *state;
    fake.stop.signal = SIGINT;
    assert_int_equal(svgs(s), -1);
    assert_int_equal(s->err.kind, ERR_INTERRUPTED);
    assert_int_equal(s->stop.signal, SIGINT);
    assert_null(s->drawn);
    assert_int_equal(s->count, 0);
}

static void too_many_arms_are_the_problem_of_each(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < PICTURE_ARMS_MAX; i++) {
        char *name = mem_printf("arm %d", i);
        (void)comparison_add_arm(&s->c, name);
        free(name);
    }
    assert_int_equal(svgs(s), 0);
    assert_true(s->count > 0);
    assert_int_equal(missing(s), s->count);
    assert_non_null(strstr(problem_of(s, "latency"), "at most 20 arms"));
    assert_int_equal(fake.runs, 0);
}

static void without_a_folder_to_draw_in_there_are_none(void **state)
{
    struct scene *s = *state;
    const char *before = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */
    char *kept = mem_strdup_or_null(before);
    assert_int_equal(setenv("TMPDIR", "/nowhere/there", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
    int failed = svgs(s);
    if (kept == NULL)
        (void)unsetenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */
    else
        (void)setenv("TMPDIR", kept, 1); /* NOLINT(concurrency-mt-unsafe) */
    free(kept);
    assert_int_equal(failed, 0);
    assert_int_equal(missing(s), s->count);
    assert_int_equal(fake.runs, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_picture_that_has_something_is_drawn, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_picture_whose_axes_are_known_has_its_curves, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_that_fails_says_why_and_the_others_are_drawn, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_cut_short_is_no_picture, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_one_that_hung_nothing_is_drawn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_script_that_is_missing_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(interrupted_there_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_arms_are_the_problem_of_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_folder_to_draw_in_there_are_none, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
