/* blocks: whole blocks of real servers, in slices of a few milliseconds. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/block.h"
#include "runner/blocks.h"

#define SERVER "exec '" FAULTY_SERVER "' --port {port}"
#define LOAD   (60 * NS_PER_MS)

/* Two arms, and what came of them. */
struct bench {
    struct arm_plan items[SESSION_ARMS_MAX];
    struct arms arms;
    struct session session;
    size_t stop_after;                                    /* blocks */
    size_t signal_at_slice;                               /* raises SIGINT there; 0: never */
    size_t order[SESSION_ARMS_MAX * SESSION_SLICES_MOST]; /* of the last block, as arms */
    size_t nplaces;
    int64_t responses[SESSION_ARMS_MAX]; /* in the seconds */
    char redone[1024];                   /* the texts of all */
    struct err err;
    int signal;
};

static void on_place(void *ctx, const struct blocks_place *place)
{
    struct bench *b = ctx;
    if (place->slices == 0)
        b->nplaces = 0;
    else
        b->order[b->nplaces++] = place->arm;
    if (b->signal_at_slice > 0 && place->slice == b->signal_at_slice)
        (void)raise(SIGINT);
}

static void on_second(void *ctx, size_t arm, const struct second *second)
{
    struct bench *b = ctx;
    b->responses[arm] += second->requests;
}

static bool on_block(void *ctx)
{
    struct bench *b = ctx;
    return b->session.nblocks < b->stop_after;
}

static void on_redo(void *ctx, const struct session_redo *redo)
{
    struct bench *b = ctx;
    if (redo->text != NULL)
        (void)snprintf(b->redone + strlen(b->redone), sizeof b->redone - strlen(b->redone), "%s;",
                       redo->text);
}

static void add(struct bench *b, const char *name, const char *command, const char *path)
{
    struct arm_plan *arm = &b->items[b->arms.count++];
    *arm = (struct arm_plan){.name = mem_strdup(name)};
    arm->options.plan = (struct plan){.command = command,
                                      .path = path,
                                      .method = "GET",
                                      .connections = 2,
                                      .pipelining = 1,
                                      .workers = 1,
                                      .timeout_ns = 30 * NS_PER_S,
                                      .ready_timeout_ns = 60 * NS_PER_S,
                                      .warmup_ns = 5 * NS_PER_MS};
    (void)session_add_arm(&b->session, name, command);
}

static void begin(struct bench *b)
{
    memset(b, 0, sizeof *b);
    session_init(&b->session);
    b->arms.items = b->items;
    b->session.seed = 7;
    b->stop_after = 2;
}

static int run(struct bench *b, bool trials_only)
{
    struct signals signals;
    const struct blocks_view view = {b, on_place, on_second, on_block, on_redo};
    signals_hold(&signals);
    int failed = blocks_run(&(struct blocks){.arms = &b->arms,
                                             .load_ns = LOAD,
                                             .trials_only = trials_only,
                                             .signals = &signals,
                                             .view = &view,
                                             .session = &b->session},
                            &b->signal, &b->err);
    signals_release(&signals);
    return failed;
}

static void end(struct bench *b)
{
    for (size_t i = 0; i < b->arms.count; i++)
        free(b->items[i].name);
    session_fini(&b->session);
}

static void expect_side(const struct session_side *side)
{
    const struct result *r = &side->result;
    assert_true(accounting_adds_up(&r->accounting));
    assert_true(r->accounting.completed > 0);
    assert_int_equal(r->accounting.statuses[200], r->accounting.completed);
    assert_int_equal(hist_count(r->latency), r->accounting.completed);
    assert_true(r->duration_s >= 0.055); /* timers tick in whole milliseconds */
    assert_true(r->has_server);
    assert_true(r->server.total.rss_peak_bytes > 0);
    assert_true(r->server.total.cpu_user_s >= 0);
    assert_true(r->server.total.cpu_per_request_us >= 0);
    assert_true(isnan(side->share.stolen)); /* the windows are too short */
}

static void a_block_has_slices_of_both_arms_in_the_order_of_its_coin(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.session.nblocks, 2);
    assert_int_equal(b.session.layout, SESSION_LAYOUT_SLICES);
    assert_int_equal(b.session.slice_ns, LOAD / SESSION_SLICES_LEAST);
    assert_true(b.session.guard_ns >= LOAD / SESSION_SLICES_LEAST);
    assert_true(b.session.measured_s > 0);
    assert_int_equal(b.signal, 0);
    for (size_t i = 0; i < 2; i++) {
        const struct session_block *block = &b.session.blocks[i];
        assert_true(block->is_valid);
        assert_int_equal(block->is_mirrored, session_is_mirrored(7, i));
        for (size_t k = 0; k < 2; k++) {
            expect_side(&block->sides[k]);
            assert_int_equal(block->sides[k].padding_bytes, session_padding(7, i, k));
        }
    }
    size_t want[2 * SESSION_SLICES_LEAST];
    session_slice_order(2, SESSION_SLICES_LEAST, session_is_mirrored(7, 1), want);
    assert_int_equal(b.nplaces, LEN(want));
    assert_memory_equal(b.order, want, sizeof want);
    for (size_t k = 0; k < 2; k++) {
        int64_t completed = 0;
        for (size_t i = 0; i < 2; i++)
            completed += b.session.blocks[i].sides[k].result.accounting.completed;
        assert_true(b.responses[k] > 0);
        assert_true(b.responses[k] <= completed);
    }
    end(&b);
}

static void a_control_is_a_third_arm(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    b.stop_after = 1;
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    add(&b, "control", SERVER, "/ok");
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.nplaces, 3 * SESSION_SLICES_LEAST);
    for (size_t k = 0; k < 3; k++)
        expect_side(&b.session.blocks[0].sides[k]);
    end(&b);
}

static void the_environment_is_padded(void **state)
{
    (void)state;
    struct bench b;
    char *command = mem_printf("[ ${#BENCH_PADDING} = %lld ] || exit 9; " SERVER,
                               (long long)session_padding(7, 0, 1));
    begin(&b);
    b.stop_after = 1;
    assert_true(session_padding(7, 0, 1) > 0);
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", command, "/ok");
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.session.nblocks, 1);
    end(&b);
    free(command);
}

static void whole_trials_when_they_are_asked_for(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    assert_int_equal(run(&b, true), 0);
    assert_int_equal(b.session.nblocks, 2);
    assert_int_equal(b.session.layout, SESSION_LAYOUT_TRIALS);
    assert_int_equal(b.session.apart, SESSION_APART_ASKED);
    assert_int_equal(b.session.guard_ns, 0);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2; k++)
            expect_side(&b.session.blocks[i].sides[k]);
    end(&b);
}

/* A server that tolerates no second one of it. */
static void whole_trials_when_the_arms_do_not_start_side_by_side(void **state)
{
    (void)state;
    struct bench b;
    char folder[] = "/tmp/bench-blocks-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *command = mem_printf("mkdir %s/lock || exit 3; trap 'kill $!; wait; rmdir %s/lock; exit' "
                               "TERM; '" FAULTY_SERVER "' --port {port} >%s/out & wait",
                               folder, folder, folder);
    begin(&b);
    b.stop_after = 1;
    add(&b, "base", command, "/ok");
    add(&b, "head", command, "/ok");
    if (run(&b, false) < 0)
        fail_msg("%s", b.err.text);
    assert_int_equal(b.session.layout, SESSION_LAYOUT_TRIALS);
    assert_int_equal(b.session.apart, SESSION_APART_START);
    assert_int_equal(b.session.nblocks, 1);
    assert_int_equal(b.session.nredone, 0);
    end(&b);
    free(command);
    command = mem_printf("%s/out", folder);
    (void)unlink(command);
    free(command);
    assert_int_equal(rmdir(folder), 0);
}

static void an_arm_that_does_not_start_is_an_error(void **state)
{
    static const struct {
        const char *command;
        enum err_kind kind;
        const char *words;
    } cases[] = {
        {"echo out of luck >&2; exit 3", ERR_INVALID, "out of luck"},
        {"no-such-program-anywhere {port}", ERR_USAGE, "not found"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bench b;
        begin(&b);
        add(&b, "base", SERVER, "/ok");
        add(&b, "head", cases[i].command, "/ok");
        assert_int_equal(run(&b, false), -1);
        assert_int_equal(b.err.kind, cases[i].kind);
        assert_non_null(strstr(b.err.text, "head: "));
        assert_non_null(strstr(b.err.text, cases[i].words));
        assert_int_equal(b.session.nblocks, 0);
        end(&b);
    }
}

static void an_arm_that_answers_nothing_is_an_error(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/reset");
    b.items[1].options.plan.timeout_ns = 50 * NS_PER_MS;
    assert_int_equal(run(&b, false), -1);
    assert_int_equal(b.err.kind, ERR_INVALID);
    assert_non_null(strstr(b.err.text, "head: no request was answered"));
    end(&b);
}

/* Its memory is above the limit whenever that is looked at. */
static void an_arm_that_dies_is_measured_three_times(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    b.items[1].options.plan.max_rss_bytes = 1;
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.session.nblocks, 1);
    assert_false(b.session.blocks[0].is_valid);
    assert_int_equal(b.session.nredone, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(b.session.redone[i].flaw, SESSION_FLAW_DIED);
        assert_int_equal(b.session.redone[i].arm, 1);
        assert_int_equal(b.session.redone[i].block, 0);
    }
    assert_string_equal(b.redone, "its memory exceeded --max-rss;its memory exceeded --max-rss;");
    assert_string_equal(b.session.problem, "head: its memory exceeded --max-rss");
    end(&b);
}

static void a_signal_drops_the_block_and_ends(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    b.signal_at_slice = 3;
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.signal, SIGINT);
    assert_true(b.session.interrupted);
    assert_int_equal(b.session.nblocks, 0);
    end(&b);
}

static void no_block_begins_that_would_not_end_in_time(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    b.session.budget_s = 1e-3;
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.session.nblocks, 1);
    assert_true(b.session.out_of_time);
    end(&b);
}

static void a_session_goes_on_with_its_next_block(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    b.stop_after = 1;
    add(&b, "base", SERVER, "/ok");
    add(&b, "head", SERVER, "/ok");
    assert_int_equal(run(&b, false), 0);
    int64_t guard_ns = b.session.guard_ns;
    b.stop_after = 2;
    assert_int_equal(run(&b, false), 0);
    assert_int_equal(b.session.nblocks, 2);
    assert_int_equal(b.session.guard_ns, guard_ns); /* there was no second pilot */
    assert_int_equal(b.session.blocks[1].is_mirrored, session_is_mirrored(7, 1));
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_has_slices_of_both_arms_in_the_order_of_its_coin),
        cmocka_unit_test(a_control_is_a_third_arm),
        cmocka_unit_test(the_environment_is_padded),
        cmocka_unit_test(whole_trials_when_they_are_asked_for),
        cmocka_unit_test(whole_trials_when_the_arms_do_not_start_side_by_side),
        cmocka_unit_test(an_arm_that_does_not_start_is_an_error),
        cmocka_unit_test(an_arm_that_answers_nothing_is_an_error),
        cmocka_unit_test(an_arm_that_dies_is_measured_three_times),
        cmocka_unit_test(a_signal_drops_the_block_and_ends),
        cmocka_unit_test(no_block_begins_that_would_not_end_in_time),
        cmocka_unit_test(a_session_goes_on_with_its_next_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
