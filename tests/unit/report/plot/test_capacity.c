/* What the data files and the caption of a search hold, whatever it holds itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/capacity/search.h"
#include "base/mem.h"
#include "cases/capacity_cases.h"
#include "report/plot/capacity.h"
#include "report/plot/picture.h"
#include "support/count_of.h"

static char *text_of(void (*write)(const void *what, struct buf *out), const struct capacity *c)
{
    const struct capacity_page p = {.capacity = c};
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    write(&p, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static char *file_of(const struct capacity *c, const char *name)
{
    const struct plot_file *f = capacity_files;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    return text_of(f->write, c);
}

static void expect_in_file(const struct capacity *c, const char *name, const char *part)
{
    char *text = file_of(c, name);
    if (strstr(text, part) == NULL)
        fail_msg("no \"%s\" in: %s", part, text);
    free(text);
}

static void expect_see(const struct capacity *c, const char *want)
{
    char *text = text_of(capacity_pictures[0].see, c);
    assert_string_equal(text, want);
    free(text);
}

static void judged(const char *name, struct capacity *c)
{
    assert_int_equal(capacity_case(name, c), 0);
    capacity_judge(c);
}

/* A text is closed in its line, and no number is one that gnuplot does not know. */
static void expect_whole(const char *text)
{
    size_t quotes = 0;
    assert_true(text[0] == '#' && text[strlen(text) - 1] == '\n');
    assert_null(strstr(text, "\tinf"));
    for (const char *at = text; *at != '\0'; at++) {
        quotes += *at == '"';
        if (*at == '\n') {
            assert_int_equal(quotes % 2, 0);
            quotes = 0;
        }
        assert_true((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t');
    }
}

static void every_case_gives_whole_files(void **state)
{
    (void)state;
    for (size_t i = 0; capacity_case_names[i] != NULL; i++) {
        struct capacity c;
        judged(capacity_case_names[i], &c);
        for (const struct plot_file *f = capacity_files; f->name != NULL; f++) {
            char *text = text_of(f->write, &c);
            expect_whole(text);
            free(text);
        }
        char *trials = file_of(&c, "trials.dat");
        assert_int_equal(count_of(trials, "# arm "), c.narms);
        assert_int_equal(count_of(trials, "\n\n\n"), c.narms - 1);
        free(trials);
        capacity_fini(&c);
    }
}

/* Each trial but the pilot is there, with its place in its row and its number in the document. */
static void trials_have_their_place(void **state)
{
    (void)state;
    struct capacity c;
    judged("found", &c);
    expect_in_file(&c, "trials.dat", "# arm 0 \"pool\"\n0\t3\t700\t700\t1\n1\t5\t1050\t1000\t3\n");
    expect_in_file(&c, "trials.dat", "\n9\t22\t488\t488\t2\n");
    capacity_fini(&c);
    judged("dies", &c);
    expect_in_file(&c, "trials.dat", "\n0\t6\t700\t700\t4\n");
    expect_in_file(&c, "trials.dat", "# arm 1 \"absent\"\nNaN\tNaN\tNaN\tNaN\tNaN\n");
    capacity_fini(&c);
}

static void an_open_end_is_not_a_number(void **state)
{
    (void)state;
    struct capacity c;
    judged("never", &c);
    expect_in_file(&c, "intervals.dat", "\n0\tNaN\t0\t2\t\"cannot be met, not even at 2/s\"");
    expect_in_file(&c, "intervals.dat", "\n1\tNaN\t3150\tNaN\t\"at least 3150/s\"");
    capacity_fini(&c);
    judged("dies", &c);
    expect_in_file(&c, "intervals.dat", "\n1\tNaN\tNaN\tNaN\t\"not known\"");
    capacity_fini(&c);
    judged("interrupted", &c);
    expect_in_file(&c, "intervals.dat", "\"not met, below 490/s\"");
    expect_in_file(&c, "caption.dat", "interrupted");
    capacity_fini(&c);
}

static void the_caption_has_the_figures(void **state)
{
    (void)state;
    struct capacity c;
    judged("found", &c);
    expect_see(&c,
               "pool: 980/s (930 to 1091/s), by 10 trials from 700 to 1050/s, of which 6 held; "
               "inline: 446/s (370 to 475/s), by 10 trials from 350 to 525/s, of which 2 held.");
    for (size_t i = 0; i < 5; i++) {
        char name[] = {(char)('a' + i), '\0'};
        (void)capacity_add_arm(&c, name, name);
    }
    char *text = text_of(capacity_pictures[0].see, &c);
    assert_non_null(strstr(text, "; a: not known; b: not known; and 3 more."));
    free(text);
    capacity_fini(&c);
    judged("interrupted", &c);
    c.trials[3].rate_rps = 480;
    expect_see(&c, "pool: at least 700/s, by 1 trial at 700/s, of which 1 held; "
                   "inline: not met, below 490/s, by 1 trial at 480/s, of which 0 held.");
    capacity_fini(&c);
}

/* Of the settings those that all arms share, and that are not off. */
static void the_load_is_what_all_arms_share(void **state)
{
    (void)state;
    const struct setting settings[] = {
        {.name = (char[]){"duration"}, .kind = SETTING_NUMBER, .number = 5},
        {.name = (char[]){"connections"}, .kind = SETTING_NUMBER, .number = 64},
        {.name = (char[]){"work"}, .kind = SETTING_NULL}};
    struct capacity c;
    struct buf out;
    judged("found", &c);
    for (size_t i = 0; i < c.narms; i++) {
        for (size_t k = 0; k < LEN(settings); k++)
            settings_add(&c.arms[i].config, &c.arms[i].nconfig, &settings[k]);
    }
    buf_init(&out, BUF_TEXT_MAX);
    plot_capacity_load(&c, &out);
    assert_string_equal(out.data,
                        "open loop, arrivals poisson, trials of 5 s or more, 64 connections");
    c.arms[1].config[2].number = 65;
    buf_clear(&out);
    plot_capacity_load(&c, &out);
    assert_string_equal(out.data, "open loop, arrivals poisson, trials of 5 s or more");
    buf_fini(&out);
    capacity_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_gives_whole_files),
        cmocka_unit_test(trials_have_their_place),
        cmocka_unit_test(an_open_end_is_not_a_number),
        cmocka_unit_test(the_caption_has_the_figures),
        cmocka_unit_test(the_load_is_what_all_arms_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
