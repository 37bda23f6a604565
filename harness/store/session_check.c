#include "store/session_check.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "store/agree.h"
#include "store/fields.h"

#define PLACE           64              /* bytes of "blocks[123456].sides[123456]" */
#define TIMES_REDONE    2               /* until a block is kept as it is */
#define TIMER_NS        (2 * NS_PER_MS) /* by which the timer of a slice may be early */
#define GUARD_NS        (25 * NS_PER_MS)
#define DURATION_ROUNDS 1e-6

/* --- a side --- */

/* The timers of all slices, or of a trial as long as these, have run to their end. */
static int check_length(const struct session *s, const struct session_side *side, struct err *err)
{
    char problem[120];
    int64_t least_ns = s->slices * (s->slice_ns - TIMER_NS);
    if (side->result.duration_s * (double)NS_PER_S >= (double)least_ns)
        return 0;
    (void)snprintf(problem, sizeof problem, "is shorter than the %lld slices of %.6g s (slice_ns)",
                   (long long)s->slices, (double)s->slice_ns / (double)NS_PER_S);
    return field_problem("", "duration", problem, err);
}

static int check_padding(const struct session *s, size_t block, size_t arm, struct err *err)
{
    int64_t drawn = s->arms[arm].is_url ? 0 : session_padding(s->seed, block, arm);
    int64_t padding = s->blocks[block].sides[arm].padding_bytes;
    /* Of a block that is not valid some servers may not have been started. */
    bool is_missing = padding == 0 && !s->blocks[block].is_valid;
    return padding == drawn || is_missing
               ? 0
               : field_problem("", "padding_bytes", "is not what seed gives for this block", err);
}

static int check_side(const struct session *s, size_t block, size_t arm, struct err *err)
{
    const struct session_side *side = &s->blocks[block].sides[arm];
    const struct result *r = &side->result;
    const struct process_cost *cost = &r->server.total;
    struct result measured_as = *r; /* borrows: which latencies there are depends on -x */
    measured_as.config = s->arms[arm].config;
    measured_as.nconfig = s->arms[arm].nconfig;
    if (agree_requests(&measured_as, err) < 0 || check_padding(s, block, arm, err) < 0)
        return -1;
    if (r->has_server && agree_cpu("server", process_cpu_s(cost), cost->cpu_per_request_us,
                                   accounting_replies(&r->accounting), err) < 0)
        return -1;
    if (!s->blocks[block].is_valid)
        return 0;
    if (r->accounting.completed == 0)
        return field_problem("", "accounting.completed", "is 0 in a block that is valid", err);
    return check_length(s, side, err);
}

/* --- a block --- */

static int check_redone(const struct session *s, size_t block, const char *where, struct err *err)
{
    int count = 0;
    for (size_t i = 0; i < s->nredone; i++)
        count += s->redone[i].block == block;
    if (count > TIMES_REDONE)
        return field_problem(where, "start", "is of a block that redone has more than twice", err);
    if (!s->blocks[block].is_valid && count < TIMES_REDONE)
        return field_problem(where, "valid", "is false, but redone does not have the block twice",
                             err);
    return 0;
}

static int check_block(const struct session *s, size_t block, struct err *err)
{
    char where[PLACE];
    (void)snprintf(where, sizeof where, "blocks[%zu]", block);
    if (s->blocks[block].is_mirrored != session_is_mirrored(s->seed, block))
        return field_problem(where, "mirrored", "is not what seed gives for this block", err);
    if (check_redone(s, block, where, err) < 0)
        return -1;
    for (size_t i = 0; i < s->narms; i++) {
        if (check_side(s, block, i, err) < 0)
            return err_wrap(err, "%s.sides[%zu]", where, i);
    }
    return 0;
}

/* --- the time --- */

/* Without what was redone: its figures are not kept. */
static double measured_s(const struct session *s, size_t block)
{
    double sum_s = 0;
    for (size_t i = 0; i < s->narms; i++) {
        double duration_s = s->blocks[block].sides[i].result.duration_s;
        sum_s += isnan(duration_s) ? 0 : duration_s;
    }
    return sum_s;
}

static int check_copies(const struct session *s, size_t block, struct err *err)
{
    char where[PLACE];
    char problem[60];
    for (size_t i = 0; i < block; i++) {
        if (s->blocks[i].started_wall_ms != s->blocks[block].started_wall_ms)
            continue;
        (void)snprintf(where, sizeof where, "blocks[%zu]", block);
        (void)snprintf(problem, sizeof problem, "is that of blocks[%zu], too", i);
        return field_problem(where, "start", problem, err);
    }
    return 0;
}

/* The starts need not rise: somebody may have set the clock between two blocks. */
static int check_times(const struct session *s, struct err *err)
{
    double loaded_s = 0;
    for (size_t i = 0; i < s->nblocks; i++) {
        loaded_s += measured_s(s, i);
        if (check_copies(s, i, err) < 0)
            return -1;
    }
    if (s->nblocks == 0 || loaded_s <= s->measured_s * (1 + DURATION_ROUNDS))
        return 0;
    return field_problem("", "measured_s", "is less than the durations of all sides together", err);
}

/* --- the whole --- */

static bool any_valid(const struct session *s)
{
    bool any = false;
    for (size_t i = 0; i < s->nblocks; i++)
        any |= s->blocks[i].is_valid;
    return any;
}

/* Until a block was measured, both may be 0. */
static int check_slices(const struct session *s, struct err *err)
{
    int64_t least_ns = s->slice_ns < GUARD_NS ? s->slice_ns : GUARD_NS;
    if (any_valid(s) &&
        (s->slices < SESSION_SLICES_LEAST || s->slices > SESSION_SLICES_MOST || s->slices % 2 != 0))
        return field_problem("", "slices", "is not an even number from 6 to 96", err);
    if (any_valid(s) && s->slice_ns < NS_PER_MS)
        return field_problem("", "slice_ns", "is less than the 1 ms of the shortest slice", err);
    if (s->layout == SESSION_LAYOUT_TRIALS && s->guard_ns > 0)
        return field_problem("", "guard_ns", "is not 0, and layout is trials", err);
    if (s->layout == SESSION_LAYOUT_SLICES && s->guard_ns < least_ns)
        return field_problem("", "guard_ns", "is less than a slice, and than 25 ms", err);
    return 0;
}

int session_check(const struct session *s, struct err *err)
{
    if ((int64_t)s->nblocks > s->max_blocks)
        return field_problem("", "blocks", "are more than max_blocks", err);
    for (size_t i = 0; i < s->nredone; i++) {
        if (s->redone[i].block > s->nblocks)
            return field_problem("", "redone", "has a block behind the next one", err);
    }
    if (check_slices(s, err) < 0)
        return -1;
    for (size_t i = 0; i < s->nblocks; i++) {
        if (check_block(s, i, err) < 0)
            return -1;
    }
    return check_times(s, err);
}
