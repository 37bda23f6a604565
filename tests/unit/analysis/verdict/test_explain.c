/* What is said of each state: one sentence, with the figures it rests on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/session_bed.h"

static void begin(struct session *s, const char *limit)
{
    bed_session(s);
    bed_gate(s, SESSION_GATE_FAIL, limit);
}

/* Of the first gate; ends the session. */
static void expect_text(struct session *s, const char *want)
{
    struct verdict v = bed_verdict(s);
    char text[400];
    assert_string_equal(verdict_explain(&v, &v.gates[0], text, sizeof text), want);
    verdict_fini(&v);
    session_fini(s);
}

/* Of an sd of .0341, and with its upper bound of .0498 the third look reaches .0459; 5 % is .0488.
 */
static const double undecided[] = {.08, .02, .07, .03, .09, .01};
static const double loud[] = {.9, -.8, .95, -.85, .9, -.8};

static void a_decided_gate_needs_no_words(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request>+5%");
    bed_shift(&s, "cpu_per_request", .2, 6);
    expect_text(&s, "");
    begin(&s, "cpu_per_request>+5%");
    bed_blocks(&s, 6);
    expect_text(&s, "");
}

static void no_error_at_all_still_has_a_bound(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "errors>+0.5%");
    bed_blocks(&s, 6);
    expect_text(&s, "none in 60000 of head: the true share is below 0.005%");
    begin(&s, "errors>+0.5%");
    bed_blocks(&s, 6);
    bed_losses(&s, 2, BED_HEAD, 1);
    expect_text(&s, "");
}

static void an_open_gate_says_what_is_to_come(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request>+5%");
    bed_differences(&s, "cpu_per_request", undecided, 5);
    expect_text(&s, "");
    begin(&s, "cpu_per_request>+5%");
    bed_differences(&s, "cpu_per_request", undecided, 6);
    expect_text(&s, "16 blocks will probably decide it (10 more, about 5 min)");
    begin(&s, "cpu_per_request>+5%");
    bed_differences(&s, "cpu_per_request", undecided, 6);
    s.max_blocks = 10;
    expect_text(&s, "16 blocks would probably decide it, and this session has at most 10");
    begin(&s, "cpu_per_request>+5%");
    bed_differences(&s, "cpu_per_request", loud, 6);
    expect_text(&s, "at this noise it will probably stay undecided");
}

static void noise_says_what_would_help(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request>+5%");
    bed_differences(&s, "cpu_per_request", undecided, 6);
    s.max_blocks = 6;
    expect_text(&s, "too noisy: after 6 blocks the interval still contains the margin of +5.0%; 16 "
                    "blocks would probably decide it (10 more, about 5 min): --continue");
    begin(&s, "rps<-5%");
    bed_differences(&s, "rps", loud, 6);
    s.max_blocks = 6;
    s.out_of_time = true;
    expect_text(&s, "too noisy: after 6 blocks the interval still contains the margin of -5.0%; at "
                    "this noise not even 24 blocks would decide it; ask for a larger change, or "
                    "use a quieter machine");
    begin(&s, "rps<-5%");
    bed_differences(&s, "rps", loud, 6);
    s.out_of_time = true;
    expect_text(&s, "the time was over: after 6 blocks the interval still contains the margin of "
                    "-5.0%; at this noise not even 24 blocks would decide it; ask for a larger "
                    "change, or use a quieter machine");
    begin(&s, "p99>1us");
    bed_blocks(&s, 24);
    expect_text(&s, "too noisy: after 24 blocks the interval still contains the limit of 1.00 us; "
                    "ask for a larger change, or use a quieter machine");
}

static void few_blocks_say_how_many_are_needed(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    s.out_of_time = true;
    expect_text(&s, "4 blocks, and the first look needs 6: raise --budget, or go on with "
                    "--continue");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    s.max_blocks = 4;
    expect_text(&s, "4 blocks, and the first look needs 6: raise --max-blocks, or go on with "
                    "--continue");
}

static void what_ended_it_is_named(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_gate(&s, SESSION_GATE_FAIL, "cpu_per_request>+5%");
    bed_differences(&s, "rps", undecided, 6);
    for (size_t i = 0; i < 6; i++)
        bed_set(&s, i, BED_HEAD, "cpu_per_request", .9);
    expect_text(&s, "stopped: another gate failed; --all-gates goes on until each is decided");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    s.interrupted = true;
    expect_text(&s, "interrupted after 4 blocks; --continue goes on");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    s.problem = mem_strdup("head: exit 1: out of memory");
    expect_text(&s, "the session could not go on: head: exit 1: out of memory");
}

static void a_flawed_block_is_named(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    bed_redo(&s, 3, SESSION_FLAW_STOLEN, BED_HEAD);
    expect_text(&s, "block 4 stayed disturbed: other programs, the hypervisor or a quota took more "
                    "from head than from the other arm, each time that it was measured; try again "
                    "on a quieter machine");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    bed_redo(&s, 3, SESSION_FLAW_CLOCK, BED_HEAD);
    expect_text(&s, "the clock was set in block 4, each time that it was measured");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    bed_redo(&s, 3, SESSION_FLAW_DIED, BED_BASE);
    s.redone[0].text = mem_strdup("signal 11");
    expect_text(&s, "the server of base died in block 4 each time that it was measured: signal 11");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    bed_redo(&s, 3, SESSION_FLAW_THROTTLED, BED_BASE);
    s.is_one_sided = true;
    expect_text(&s, "three disturbed blocks in a row were worse for base, so that it is likely to "
                    "cause this itself: by a quota that it uses up, or by processes outside its "
                    "own");
}

static void a_block_without_a_value_is_named(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rss>+5%");
    bed_blocks(&s, 4);
    s.blocks[1].sides[BED_HEAD].result.server.total.rss_peak_bytes = MISSING;
    expect_text(&s, "block 2 of head did not measure it: it needs a server started by bench "
                    "(--strategy or --cmd)");
    begin(&s, "p99.99>+5%");
    bed_blocks(&s, 4);
    expect_text(&s, "too few samples: p99.99 needs 100000 requests in a block (10 beyond it), and "
                    "block 1 of base has 10000; load it for longer with -d, or name a lower "
                    "percentile");
    begin(&s, "p99>+5%");
    bed_blocks(&s, 4);
    bed_losses(&s, 1, BED_HEAD, 200);
    expect_text(&s, "too many requests of head were given up in block 2 to know it; check the "
                    "errors, or raise the timeout with -t");
    begin(&s, "rps<-5%");
    bed_blocks(&s, 4);
    s.blocks[1].sides[BED_HEAD].result.client.saturated = true;
    expect_text(&s, "in block 2 of head the load generator may have been the limit, not the "
                    "server; use more threads (-w), or another machine");
    begin(&s, "p99>+5%");
    bed_blocks(&s, 4);
    s.blocks[1].sides[BED_HEAD].result.client.late = true;
    expect_text(&s, "in block 2 of head the load generator sent over 1% of the requests late, so "
                    "latencies are its own in part; use more threads (-w), give it a core of its "
                    "own, or lower the rate");
}

static void errors_are_named_with_the_gate_that_would_excuse_them(void **state)
{
    (void)state;
    static const char *const wants[] = {
        "2% of the responses of base were non-2xx, and the figure does not show that; add --fail "
        "'non2xx>1%', or --allow-errors",
        "2% of the responses of base were not as expected, and the figure does not show that; "
        "add --fail 'mismatches>1%', or --allow-errors",
        "2% of the requests to base were lost (timed out, failed or not connected), and the figure "
        "does not show that; add --fail 'errors>1%', or --allow-errors",
    };
    static void (*const sets[])(struct session *, size_t, enum bed_arm,
                                int64_t) = {bed_non_2xx, bed_mismatches, bed_losses};
    for (size_t i = 0; i < LEN(wants); i++) {
        struct session s;
        begin(&s, "cpu_per_request>+5%");
        bed_blocks(&s, 6);
        for (size_t block = 0; block < 6; block++)
            sets[i](&s, block, BED_BASE, 200);
        expect_text(&s, wants[i]);
    }
}

static void a_control_that_differs_is_shown(void **state)
{
    (void)state;
    struct session s;
    bed_session_with_control(&s);
    bed_gate(&s, SESSION_GATE_FAIL, "cpu_per_request>+5%");
    bed_gate(&s, SESSION_GATE_FAIL, "rps<-5%");
    bed_blocks(&s, 6);
    for (size_t i = 0; i < 6; i++)
        bed_set(&s, i, BED_CONTROL, "rps", .04);
    expect_text(&s, "the control, a second copy of base, differs from it by -3.9% in rps after 6 "
                    "blocks: on this machine a difference between the arms proves nothing");
}

/* A server may say anything as its last words. */
static void a_text_that_is_too_long_is_cut(void **state)
{
    (void)state;
    struct session s;
    char words[2000];
    char text[400];
    memset(words, 'x', sizeof words);
    words[sizeof words - 1] = '\0';
    begin(&s, "rps<-5%");
    s.problem = mem_strdup(words);
    struct verdict v = bed_verdict(&s);
    assert_int_equal(strlen(verdict_explain(&v, &v.gates[0], text, sizeof text)), 399);
    verdict_fini(&v);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decided_gate_needs_no_words),
        cmocka_unit_test(no_error_at_all_still_has_a_bound),
        cmocka_unit_test(an_open_gate_says_what_is_to_come),
        cmocka_unit_test(noise_says_what_would_help),
        cmocka_unit_test(few_blocks_say_how_many_are_needed),
        cmocka_unit_test(what_ended_it_is_named),
        cmocka_unit_test(a_flawed_block_is_named),
        cmocka_unit_test(a_block_without_a_value_is_named),
        cmocka_unit_test(errors_are_named_with_the_gate_that_would_excuse_them),
        cmocka_unit_test(a_control_that_differs_is_shown),
        cmocka_unit_test(a_text_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
