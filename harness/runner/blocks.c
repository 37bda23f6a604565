#include "runner/blocks.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/host.h"
#include "proc/orphans.h"
#include "runner/block.h"
#include "runner/block_trials.h"
#include "runner/flaw.h"

#define IDLE_CORES_MAX    0.02
#define MAPPED_FROM_BYTES (128 << 10) /* as in rounds.c */

struct state {
    const struct blocks *blocks;
    struct session *session;
    int64_t began_ns;
    struct err *err;
    int signal;
};

/* What became of an attempt to measure a block. */
enum next_step { NEXT_BLOCK, NEXT_TRY, NEXT_END, NEXT_ERROR };

static double spent_s(const struct state *s)
{
    return (double)(clock_now_ns() - s->began_ns) / (double)NS_PER_S;
}

/* Until the budget is over, or until the last block would be measured if that is sooner. */
static double left_s(const struct state *s, const struct block_place *place)
{
    const struct session *session = s->session;
    double budget_s = session->budget_s - spent_s(s);
    size_t measured = session->nblocks - 1 + session->nredone;
    if (measured == 0)
        return budget_s;
    double blocks = (double)session->max_blocks - (double)session->nblocks + 1;
    if (place->slices > 0)
        blocks -= (double)(place->slice - 1) / (double)place->slices;
    return fmin(budget_s, blocks * session->measured_s / (double)measured); /* fmin skips a NAN */
}

static void on_place(void *ctx, const struct block_place *place)
{
    const struct state *s = ctx;
    const struct blocks_view *view = s->blocks->view;
    view->on_place(view->ctx, &(struct blocks_place){.block = s->session->nblocks - 1,
                                                     .arm = place->arm,
                                                     .slice = place->slice,
                                                     .slices = place->slices,
                                                     .left_s = left_s(s, place)});
}

static void on_second(void *ctx, size_t arm, const struct second *second)
{
    const struct state *s = ctx;
    s->blocks->view->on_second(s->blocks->view->ctx, arm, second);
}

/* A block that is not expected to end in time is not begun; the first always is. */
static bool has_time(const struct state *s)
{
    const struct session *session = s->session;
    size_t measured = session->nblocks + session->nredone;
    if (isnan(session->budget_s) || measured == 0)
        return true;
    return spent_s(s) + session->measured_s / (double)measured <= session->budget_s;
}

/* From now on the arms are measured in whole trials. */
static void part(struct state *s, enum session_apart why)
{
    struct session *session = s->session;
    session_drop_all(session);
    session->layout = SESSION_LAYOUT_TRIALS;
    session->apart = why;
    session->guard_ns = 0;
    session->measured_s = 0;
}

/* The length of a trial without a pilot. */
static void choose_trial(struct state *s)
{
    struct block_lengths lengths = block_choose_lengths(0, s->blocks->load_ns);
    if (s->session->slice_ns == 0) {
        s->session->slices = lengths.slices;
        s->session->slice_ns = lengths.slice_ns;
    }
    s->session->guard_ns = 0;
}

static bool is_first(const struct session *session)
{
    return session->nblocks == 1 && session->nredone == 0;
}

/* Why the arms of the first block cannot go on side by side. */
static enum session_apart cannot_live_together(const struct session *session,
                                               const struct block_outcome *out)
{
    int64_t available_bytes = host_memory_available_bytes();
    int64_t rss_bytes = 0;
    for (size_t i = 0; i < session->narms; i++) {
        if (out->idle_cores[i] > IDLE_CORES_MAX)
            return SESSION_APART_IDLE;
        rss_bytes += out->rss_bytes[i] == MISSING ? 0 : out->rss_bytes[i];
    }
    /* They have ended: what is available now is what they had. */
    return available_bytes != MISSING && rss_bytes > available_bytes ? SESSION_APART_MEMORY
                                                                     : SESSION_TOGETHER;
}

/* One arm of the block that got no answer at all; narms: none. */
static size_t find_silent(const struct session *session)
{
    const struct session_side *sides = session->blocks[session->nblocks - 1].sides;
    size_t i = 0;
    while (i < session->narms && sides[i].result.accounting.completed > 0)
        i++;
    return i;
}

/* What is wrong with the block, if anything. The text is borrowed from the outcome. */
static bool find_flaw(const struct session *session, struct block_outcome *out, int64_t clock_ns,
                      struct session_redo *found)
{
    const struct session_block *block = &session->blocks[session->nblocks - 1];
    if (out->how == BLOCK_MEASURED) {
        size_t silent = find_silent(session);
        if (silent < session->narms) {
            out->how = BLOCK_DIED;
            out->arm = silent;
            (void)err_set(&out->err, ERR_INVALID, "no request was answered");
        }
    }
    if (out->how != BLOCK_MEASURED) {
        *found = (struct session_redo){.flaw = SESSION_FLAW_DIED,
                                       .arm = out->arm,
                                       .imbalance = NAN,
                                       .text = out->words != NULL ? out->words : out->err.text};
        return true;
    }
    if (llabs(clock_ns) > FLAW_CLOCK_NS) {
        *found = (struct session_redo){.flaw = SESSION_FLAW_CLOCK, .imbalance = NAN};
        return true;
    }
    return flaw_find_imbalance(block->sides, session->narms, found);
}

/* A server that died three times ends the session: it would not live longer in the next block. */
static enum next_step keep_invalid(struct state *s, const struct session_redo *found)
{
    struct session *session = s->session;
    struct session_block *block = &session->blocks[session->nblocks - 1];
    block->is_valid = false;
    if (found->flaw != SESSION_FLAW_DIED)
        return NEXT_BLOCK;
    struct result *r = &block->sides[found->arm].result;
    free(r->target_end);
    r->target_end = mem_strdup("died");
    result_warn(r, "target-died", found->text, "check its last lines, or run it on its own");
    free(session->problem);
    session->problem = mem_printf("%s: %s", session->arms[found->arm].name, found->text);
    return NEXT_END;
}

/* Rules on the block that was just measured. */
static enum next_step rule(struct state *s, struct block_outcome *out, int64_t clock_ns)
{
    struct session *session = s->session;
    struct session_redo found;
    bool is_flawed = find_flaw(session, out, clock_ns, &found);
    switch (flaw_rule(session, is_flawed ? &found : NULL)) {
    case FLAW_KEEP_TURNED:
        session->is_one_sided = true;
        return NEXT_BLOCK;
    case FLAW_REDO:
        found.block = session->nblocks - 1;
        session_add_redo(session, &found);
        s->blocks->view->on_redo(s->blocks->view->ctx, &session->redone[session->nredone - 1]);
        session_drop_block(session);
        return NEXT_TRY;
    case FLAW_KEEP_INVALID:
        return keep_invalid(s, &found);
    case FLAW_KEEP:
        break;
    }
    return NEXT_BLOCK;
}

/* Trouble before there is anything to judge. */
static enum next_step no_block(struct state *s, const struct block_outcome *out)
{
    struct session *session = s->session;
    bool was_first = is_first(session);
    session_drop_block(session);
    if (out->how == BLOCK_INTERRUPTED) {
        s->signal = out->signal != 0 ? out->signal : signals_take(s->blocks->signals);
        session->interrupted = true;
        return NEXT_END;
    }
    if (was_first && session->layout == SESSION_LAYOUT_SLICES && out->is_second &&
        out->err.kind != ERR_USAGE) {
        part(s, SESSION_APART_START);
        return NEXT_TRY;
    }
    *s->err = out->err;
    (void)err_wrap(s->err, "%s", session->arms[out->arm].name);
    return NEXT_ERROR;
}

static bool is_hopeless(const struct session *session, const struct block_outcome *out)
{
    bool not_started = out->how == BLOCK_NOT_STARTED;
    return out->how == BLOCK_INTERRUPTED || out->how == BLOCK_FAILED ||
           (not_started && (out->err.kind == ERR_USAGE || is_first(session)));
}

static enum next_step judge(struct state *s, struct block_outcome *out, int64_t clock_ns)
{
    struct session *session = s->session;
    if (is_hopeless(session, out))
        return no_block(s, out);
    if (out->how == BLOCK_MEASURED) {
        session->slices = out->lengths.slices;
        session->slice_ns = out->lengths.slice_ns;
        session->guard_ns = out->lengths.guard_ns;
    }
    if (out->how == BLOCK_MEASURED && session->layout == SESSION_LAYOUT_SLICES &&
        session->nblocks == 1) {
        enum session_apart why = cannot_live_together(session, out);
        if (why != SESSION_TOGETHER) {
            part(s, why);
            return NEXT_TRY;
        }
    }
    return rule(s, out, clock_ns);
}

static void warn_short(const struct block_outcome *out)
{
    if (out->how != BLOCK_MEASURED || out->pilot_latency_ns == MISSING)
        return;
    int64_t least_ns = BLOCK_SLICE_LATENCIES * out->pilot_latency_ns;
    if (out->lengths.slice_ns >= least_ns)
        return;
    log_warn(
        "-d/--duration: a slice of %.3g ms is short for latencies of %.3g ms; use -d %.0f or more, "
        "or leave it out",
        (double)out->lengths.slice_ns / 1e6, (double)out->pilot_latency_ns / 1e6,
        ceil((double)least_ns * SESSION_SLICES_LEAST / (double)NS_PER_S));
}

static enum next_step try_block(struct state *s)
{
    struct session *session = s->session;
    struct session_block *block = session_add_block(session);
    const struct block_spec spec = {.arms = s->blocks->arms,
                                    .session = session,
                                    .number = session->nblocks - 1,
                                    .load_ns = s->blocks->load_ns,
                                    .on_place = on_place,
                                    .on_second = on_second,
                                    .ctx = s};
    struct block_outcome out;
    int64_t start_ns = clock_now_ns();
    int64_t offset_ns = clock_wall_offset_ns();
    block->started_wall_ms = clock_wall_ms();
    block->is_mirrored = session_is_mirrored(session->seed, spec.number);
    if (session->layout == SESSION_LAYOUT_TRIALS) {
        choose_trial(s);
        block_trials_measure(&spec, block->sides, &out);
    } else {
        block_measure(&spec, block->sides, &out);
        warn_short(&out);
    }
    session->measured_s += (double)(clock_now_ns() - start_ns) / (double)NS_PER_S;
    enum next_step next = judge(s, &out, clock_wall_offset_ns() - offset_ns);
    if (out.signal != 0 && out.how != BLOCK_INTERRUPTED && next != NEXT_ERROR) {
        s->signal = out.signal;
        session->interrupted = true;
        next = NEXT_END;
    }
    block_outcome_fini(&out);
    return next;
}

static bool is_interrupted(struct state *s)
{
    s->signal = signals_take(s->blocks->signals);
    s->session->interrupted |= s->signal != 0;
    return s->signal != 0;
}

static enum next_step measure(struct state *s)
{
    enum next_step next = NEXT_TRY;
    while (next == NEXT_TRY) {
        if (is_interrupted(s))
            return NEXT_END;
        if (!has_time(s)) {
            s->session->out_of_time = true;
            return NEXT_END;
        }
        next = try_block(s);
    }
    return next;
}

int blocks_run(const struct blocks *blocks, int *out_signal, struct err *err)
{
    struct session *session = blocks->session;
    struct state s = {.blocks = blocks, .session = session, .began_ns = clock_now_ns(), .err = err};
    enum next_step next = NEXT_BLOCK;
    (void)orphans_adopt(); /* in case both guards of a target are killed */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no thread yet */
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
    if (blocks->trials_only && session->nblocks == 0) {
        session->layout = SESSION_LAYOUT_TRIALS;
        session->apart = SESSION_APART_ASKED;
    }
    while (next == NEXT_BLOCK && (int64_t)session->nblocks < session->max_blocks) {
        next = measure(&s);
        if (next == NEXT_BLOCK && !blocks->view->on_block(blocks->view->ctx))
            next = NEXT_END;
    }
    if (s.signal == 0)
        s.signal = signals_take(blocks->signals); /* after the last block: what it said holds */
    *out_signal = s.signal;
    return next == NEXT_ERROR ? -1 : 0;
}
