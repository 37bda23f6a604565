/* spike: its row, and the sentences of the captions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "cases/compare_cases.h"
#include "report/plot/spike.h"
#include "support/plot_rows.h"

typedef void (*see_fn)(const struct comparison *c, struct buf *out);

static void expect_said(const struct comparison *c, see_fn see, const char *want)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    see(c, &out);
    assert_string_equal(out.data, want);
    buf_fini(&out);
}

static void read_back(const struct comparison *c, struct buf *out)
{
    plot_spike_read(c, SPIKE_BACK, out);
}

static void read_drained(const struct comparison *c, struct buf *out)
{
    plot_spike_read(c, SPIKE_DRAINED, out);
}

static void the_known(struct comparison *c)
{
    assert_int_equal(compare_case("spike", c), 0);
}

/* The spike is that of 4 to 6 s. */
static void a_row_has_times_of_the_run(void **state)
{
    (void)state;
    struct comparison c;
    the_known(&c);
    char *text = plot_file_of(&c, "spike.dat");
    plot_expect_row(text, 1, "0\t4\t6\t10\tNaN");
    plot_expect_row(text, 2, "1\t4\t6\tNaN\t9"); /* unharmed; its jobs were gone after 3 s */
    plot_expect_row(text, 3, "2\t4\t6\tNaN\tNaN");
    free(text);
    comparison_fini(&c);
}

static void what_did_not_pile_up_was_not_drained(void **state)
{
    (void)state;
    struct comparison c;
    the_known(&c);
    struct recovery *r = &c.arms[1].results[0].recovery;
    r->jobs.most = 5;
    char *text = plot_file_of(&c, "spike.dat");
    plot_expect_row(text, 2, "1\t4\t6\tNaN\tNaN");
    free(text);
    comparison_fini(&c);
}

static void captions_have_the_figures(void **state)
{
    (void)state;
    struct comparison c;
    the_known(&c);
    for (size_t i = 0; i < c.narms; i++)
        c.arms[i].results[0].recovery.goal = (struct recovery_goal){.q = 0.99, .ns = 2e7};
    expect_said(&c, plot_spike_see_back,
                " Back within the goal after the spike: pool 4.00 s after it, p99<20.0 ms; queue "
                "never left it, p99<20.0 ms; stuck not by the end, and no nearer to it "
                "(metastable), p99<20.0 ms.");
    expect_said(&c, plot_spike_see_goodput,
                " Responses within the goal per second, around the spike: pool 100 before it, 0 in "
                "it, 50 after it; queue 100 before it, 500 in it, 100 after it; stuck 100 before "
                "it, 0 in it, 0 after it.");
    expect_said(&c, plot_spike_see_requests,
                " Requests that waited at most since the spike began: pool 800, gone 3.00 s after "
                "it; queue 0; stuck 800, and still 800 at the end.");
    expect_said(
        &c, plot_spike_see_jobs,
        " Jobs that waited at most since the spike began: queue 800, gone 3.00 s after it.");
    expect_said(&c, read_back,
                " The shade is the spike of the rate, and an upright line is where an arm is back "
                "within its goal, and stays there.");
    expect_said(&c, read_drained,
                " The shade is the spike of the rate, and an upright line is where the jobs that "
                "had piled up are done.");
    comparison_fini(&c);
}

static void every_state_has_words(void **state)
{
    (void)state;
    static const struct {
        enum recovery_state state;
        double back_s;
        const char *want;
    } cases[] = {
        {RECOVERY_UNKNOWN, NAN, "pool not known;"},
        {RECOVERY_UNHARMED, 0, "pool never left it;"},
        {RECOVERY_RECOVERED, 0, "pool at its end;"},
        {RECOVERY_RECOVERED, 2, "pool 2.00 s after it;"},
        {RECOVERY_UNSETTLED, NAN, "pool left it again by the end;"},
        {RECOVERY_RECOVERING, NAN, "pool not by the end;"},
        {RECOVERY_METASTABLE, NAN, "pool not by the end, and no nearer to it (metastable);"},
    };
    struct comparison c;
    the_known(&c);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct recovery *r = &c.arms[0].results[0].recovery;
        struct buf out;
        r->state = cases[i].state;
        r->back_s = cases[i].back_s;
        r->goal.ns = NAN;
        buf_init(&out, BUF_TEXT_MAX);
        plot_spike_see_back(&c, &out);
        if (strstr(out.data, cases[i].want) == NULL)
            fail_msg("no \"%s\" in: %s", cases[i].want, out.data);
        buf_fini(&out);
    }
    comparison_fini(&c);
}

/* Of an arm that did not come back, only the shade is there to be read. */
static void a_line_is_explained_where_there_is_one(void **state)
{
    (void)state;
    struct comparison c;
    the_known(&c);
    for (size_t i = 0; i < c.narms; i++)
        c.arms[i].results[0].recovery.state = RECOVERY_METASTABLE;
    expect_said(&c, read_back, " The shade is the spike of the rate.");
    comparison_fini(&c);
}

static void without_a_spike_nothing_is_said(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 99);
    expect_said(&c, plot_spike_see_back, "");
    expect_said(&c, plot_spike_see_goodput, "");
    expect_said(&c, plot_spike_see_requests, "");
    expect_said(&c, plot_spike_see_jobs, "");
    expect_said(&c, read_back, "");
    expect_said(&c, read_drained, "");
    char *text = plot_file_of(&c, "spike.dat");
    plot_expect_row(text, 1, "0\tNaN\tNaN\tNaN\tNaN");
    free(text);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_times_of_the_run),
        cmocka_unit_test(what_did_not_pile_up_was_not_drained),
        cmocka_unit_test(captions_have_the_figures),
        cmocka_unit_test(every_state_has_words),
        cmocka_unit_test(a_line_is_explained_where_there_is_one),
        cmocka_unit_test(without_a_spike_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
