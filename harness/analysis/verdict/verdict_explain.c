/* Says in words why a gate has its state, and what would help. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "analysis/verdict/verdict_internal.h"
#include "base/mem.h"

#define TEXT_MAX 32
#define SURE     3.0 /* none among n: the rate is below 3/n, but for one case in twenty */

struct page {
    const struct verdict *v;
    const struct verdict_gate *g;
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static void say(const struct page *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->text, p->size, format, args);
    va_end(args);
}

static const char *arm_at_fault(const struct page *p)
{
    return p->v->session->arms[p->g->at_arm].name;
}

/* The first block that gave no value, as people count. */
static int bad_block(const struct page *p)
{
    return p->g->usable + 1;
}

/* --- more blocks --- */

/* "3 min", at the pace of the session so far. */
static void format_pace(const struct session *s, int blocks, char *text, size_t size)
{
    size_t measured = s->nblocks + s->nredone;
    double minutes =
        measured == 0 ? NAN : blocks * result_stored(s->measured_s) / 60 / (double)measured;
    if (!(minutes > 0))
        (void)snprintf(text, size, "%d more", blocks);
    else if (minutes < 1)
        (void)snprintf(text, size, "%d more, under a minute", blocks);
    else
        (void)snprintf(text, size, "%d more, about %.0f min", blocks, minutes);
}

/* How many blocks would decide, if the whole plan were open to them; 0: not even all of it. */
static int blocks_needed(const struct verdict_gate *g)
{
    const struct change_bound *bound = &g->gate.bounds[0];
    struct forecast f;
    double distance = bound->scale == CHANGE_ABSOLUTE ? fabs(g->interval.estimate) : bound->tau;
    if (!g->has_forecast || forecast_make(g->bounds[0].d, g->usable, LOOKS_BLOCKS_MOST, &f) < 0)
        return 0;
    return forecast_blocks_needed(&f, distance);
}

/* What is needed to decide it after all. */
static void format_remedy(const struct page *p, char *text, size_t size)
{
    const struct session *s = p->v->session;
    int needed = blocks_needed(p->g);
    char pace[64];
    if (needed > (int)s->nblocks) {
        format_pace(s, needed - (int)s->nblocks, pace, sizeof pace);
        (void)snprintf(text, size, "%d blocks would probably decide it (%s): --continue", needed,
                       pace);
    } else if (s->nblocks < LOOKS_BLOCKS_MOST) {
        (void)snprintf(
            text, size,
            "at this noise not even %d blocks would decide it; ask for a larger change, or use a "
            "quieter machine",
            LOOKS_BLOCKS_MOST);
    } else {
        (void)snprintf(text, size, "ask for a larger change, or use a quieter machine");
    }
}

static void explain_noise(const struct page *p)
{
    char margin[40];
    char remedy[160];
    const struct change_bound *bound = &p->g->gate.bounds[0];
    const struct session *s = p->v->session;
    /* With time, it would have been over as well. */
    bool is_last = looks_within((int)s->nblocks) >= looks_within(judge_max_blocks(s));
    format_remedy(p, remedy, sizeof remedy);
    say(p, "%s: after %d blocks the interval still contains the %s %s; %s",
        p->v->session->out_of_time && !is_last ? "the time was over" : "too noisy", p->g->blocks,
        bound->scale == CHANGE_ABSOLUTE ? "limit of" : "margin of",
        change_format(&p->g->gate, bound->tau, margin, sizeof margin), remedy);
}

static void explain_few_blocks(const struct page *p)
{
    const struct session *s = p->v->session;
    say(p, "%zu block%s, and the first look needs %d: %s", s->nblocks, s->nblocks == 1 ? "" : "s",
        LOOKS_BLOCKS_LEAST,
        s->out_of_time ? "raise --budget, or go on with --continue"
                       : "raise --max-blocks, or go on with --continue");
}

static void explain_open(const struct page *p)
{
    const struct verdict_gate *g = p->g;
    const struct session *s = p->v->session;
    char pace[64];
    if (!g->has_forecast)
        return;
    int needed = blocks_needed(g);
    if (!g->can_be_decided && needed > 0) {
        say(p, "%d blocks would probably decide it, and this session has at most %d", needed,
            judge_max_blocks(s));
    } else if (!g->can_be_decided) {
        say(p, "at this noise it will probably stay undecided");
    } else {
        format_pace(s, needed - (int)s->nblocks, pace, sizeof pace);
        say(p, "%d blocks will probably decide it (%s)", needed, pace);
    }
}

/* --- blocks that gave no value --- */

/* The last words of the server that died in that block. */
static const char *last_words(const struct page *p)
{
    const struct session *s = p->v->session;
    const char *words = NULL;
    for (size_t i = 0; i < s->nredone; i++)
        if (s->redone[i].flaw == SESSION_FLAW_DIED && s->redone[i].block == (size_t)p->g->usable)
            words = s->redone[i].text;
    return words;
}

static void explain_died(const struct page *p)
{
    const struct session *s = p->v->session;
    const char *words = last_words(p);
    if ((size_t)p->g->usable >= s->nblocks)
        say(p, "the session could not go on: %s",
            s->problem == NULL ? "a server died" : s->problem);
    else
        say(p, "the server of %s died in block %d each time that it was measured%s%s",
            arm_at_fault(p), bad_block(p), words == NULL ? "" : ": ", words == NULL ? "" : words);
}

static bool is_flawed_by_clock(const struct page *p)
{
    const struct session *s = p->v->session;
    bool any = false;
    bool all = true;
    for (size_t i = 0; i < s->nredone; i++) {
        if (s->redone[i].block != (size_t)p->g->usable)
            continue;
        any = true;
        all = all && s->redone[i].flaw == SESSION_FLAW_CLOCK;
    }
    return any && all;
}

static void explain_machine(const struct page *p)
{
    if (is_flawed_by_clock(p)) {
        say(p, "the clock was set in block %d, each time that it was measured", bad_block(p));
        return;
    }
    say(p,
        "block %d stayed disturbed: other programs, the hypervisor or a quota took more from %s "
        "than from the other arm, each time that it was measured; try again on a quieter machine",
        bad_block(p), arm_at_fault(p));
}

static void explain_one_sided(const struct page *p)
{
    say(p,
        "three disturbed blocks in a row were worse for %s, so that it is likely to cause this "
        "itself: by a quota that it uses up, or by processes outside its own",
        arm_at_fault(p));
}

static void explain_missing(const struct page *p)
{
    const struct metric *m = &p->g->gate.metric;
    say(p, "block %d of %s did not measure it: it needs %s", bad_block(p), arm_at_fault(p),
        metric_needs(m));
}

static void explain_few_samples(const struct page *p)
{
    const struct metric *m = &p->g->gate.metric;
    const struct result *r = &p->v->session->blocks[p->g->usable].sides[p->g->at_arm].result;
    struct metric_value value = metric_measure(m, p->g->gate.unit, r);
    if (m->hist == NULL) {
        say(p,
            "block %d of %s used less processor time than the kernel's ticks of 10 ms show; load "
            "it for longer with -d, or with more connections",
            bad_block(p), arm_at_fault(p));
        return;
    }
    say(p,
        "too few samples: %s needs %" PRIu64 " %s in a block (%d beyond it), and block %d of %s "
        "has %" PRIu64 "; load it for longer with -d, or name a lower percentile",
        m->name, value.needed, m->hist->samples, METRIC_BEYOND, bad_block(p), arm_at_fault(p),
        value.samples);
}

static void explain_unfinished(const struct page *p)
{
    const struct metric_hist *hist = p->g->gate.metric.hist;
    if (hist == NULL)
        say(p, "block %d of %s measured only a part of it", bad_block(p), arm_at_fault(p));
    else
        say(p, "too many %s of %s %s in block %d to know it; %s", hist->samples, arm_at_fault(p),
            hist->gone, bad_block(p), "check the errors, or raise the timeout with -t");
}

static void explain_saturated(const struct page *p)
{
    say(p,
        "in block %d of %s the load generator may have been the limit, not the server; use more "
        "threads (-w), or another machine",
        bad_block(p), arm_at_fault(p));
}

static void explain_late(const struct page *p)
{
    say(p,
        "in block %d of %s the load generator sent over 1%% of the requests late, so latencies are "
        "its own in part; use more threads (-w), give it a core of its own, or lower the rate",
        bad_block(p), arm_at_fault(p));
}

/* --- the rest --- */

static void explain_errors(const struct page *p)
{
    static const struct {
        const char *of, *what;
    } words[VERDICT_ERROR_COUNT] = {
        [VERDICT_ERROR_NON_2XX] = {"responses of", "were non-2xx"},
        [VERDICT_ERROR_MISMATCH] = {"responses of", "were not as expected"},
        [VERDICT_ERROR_LOSS] = {"requests to", "were lost (timed out, failed or not connected)"},
    };
    enum verdict_error error = p->g->error;
    char share[TEXT_MAX];
    say(p,
        "%s of the %s %s %s, and the figure does not show that; add --fail '%s', or "
        "--allow-errors",
        metric_format(p->g->errors, METRIC_SHARE, share, sizeof share), words[error].of,
        arm_at_fault(p), words[error].what, verdict_error_limits[error]);
}

static void explain_control(const struct page *p)
{
    const struct verdict_gate *g = &p->v->gates[p->v->control_gate];
    char change[40];
    say(p,
        "the control, a second copy of %s, differs from it by %s in %s after %d blocks: on this "
        "machine a difference between the arms proves nothing",
        p->v->session->arms[0].name,
        change_format(&g->gate, g->control.estimate, change, sizeof change), g->gate.metric.name,
        g->look->blocks);
}

/* Nothing among so many: what can still be said about the true share. */
static void explain_pass(const struct page *p)
{
    const struct metric_row *row = p->g->gate.metric.row;
    double asked = 0;
    char share[TEXT_MAX];
    if (p->g->gate.unit != METRIC_SHARE || p->g->other > 0 || p->g->reference > 0)
        return;
    for (int i = 0; i < p->g->blocks; i++) {
        const struct result *r = &p->v->session->blocks[i].sides[p->g->arm].result;
        asked += row->whole(r);
        if (row->read(r) > 0)
            return;
    }
    if (asked > 0)
        say(p, "none in %.0f of %s: the true share is below %s", asked,
            p->v->session->arms[p->g->arm].name,
            metric_format(SURE / asked, METRIC_SHARE, share, sizeof share));
}

static void explain_by_reason(const struct page *p)
{
    static void (*const explain[VERDICT_REASON_COUNT])(const struct page *p) = {
        [VERDICT_REASON_FEW_BLOCKS] = explain_few_blocks,
        [VERDICT_REASON_NOISE] = explain_noise,
        [VERDICT_REASON_MACHINE] = explain_machine,
        [VERDICT_REASON_ONE_SIDED] = explain_one_sided,
        [VERDICT_REASON_CONTROL] = explain_control,
        [VERDICT_REASON_MISSING] = explain_missing,
        [VERDICT_REASON_FEW_SAMPLES] = explain_few_samples,
        [VERDICT_REASON_UNFINISHED] = explain_unfinished,
        [VERDICT_REASON_ERRORS] = explain_errors,
        [VERDICT_REASON_DIED] = explain_died,
        [VERDICT_REASON_SATURATED] = explain_saturated,
        [VERDICT_REASON_LATE] = explain_late,
    };
    if (explain[p->g->reason] != NULL)
        explain[p->g->reason](p);
}

char *verdict_explain(const struct verdict *v, const struct verdict_gate *g, char *text,
                      size_t size)
{
    struct page p = {.v = v, .g = g, .text = text, .size = size};
    text[0] = '\0';
    if (g->reason == VERDICT_REASON_STOPPED)
        say(&p, "stopped: another gate failed; --all-gates goes on until each is decided");
    else if (g->reason == VERDICT_REASON_INTERRUPTED)
        say(&p, "interrupted after %zu block%s; --continue goes on", v->session->nblocks,
            v->session->nblocks == 1 ? "" : "s");
    else if (g->state == VERDICT_OPEN)
        explain_open(&p);
    else if (g->state == VERDICT_PASS)
        explain_pass(&p);
    else
        explain_by_reason(&p);
    return text;
}
