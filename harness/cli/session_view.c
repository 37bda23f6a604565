#include "cli/session_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "report/verdict/report.h"

void session_view_start(struct session_view *view, const struct session *s, const struct plan *plan)
{
    *view = (struct session_view){.session = s};
    for (size_t i = 0; i < s->narms; i++) {
        view->arms[i].name = s->arms[i].name;
        history_init(&view->arms[i].load, plan);
    }
    screen_open(&view->screen, plan->progress);
}

/* The next one that the session can reach; 0: none. */
static int64_t next_look(const struct session *s, size_t block)
{
    for (int i = 0; i < LOOKS; i++) {
        int blocks = looks_get(i)->blocks;
        if ((size_t)blocks > block)
            return blocks <= s->max_blocks ? blocks : 0;
    }
    return 0;
}

static void draw(struct session_view *view)
{
    const struct session *s = view->session;
    const struct blocks_place *place = &view->place;
    if (!screen_is_due(&view->screen))
        return;
    const struct live_session live = {.block = place->block,
                                      .blocks = s->max_blocks,
                                      .look = next_look(s, place->block),
                                      .slice = place->slice,
                                      .slices = place->slices,
                                      .left_s = place->left_s,
                                      .change = view->change,
                                      .arms = view->arms,
                                      .narms = s->narms,
                                      .arm = place->arm};
    screen_draw(&view->screen, live_session(&live, screen_style(&view->screen), screen_rows()));
}

void session_view_place(struct session_view *view, const struct blocks_place *place)
{
    view->place = *place;
    draw(view);
}

void session_view_second(struct session_view *view, size_t arm, const struct second *second)
{
    history_add(&view->arms[arm].load, second);
    draw(view);
}

void session_view_redo(struct session_view *view, const struct session_redo *redo)
{
    const char *arm = view->session->arms[redo->arm].name;
    if (redo->flaw == SESSION_FLAW_DIED)
        log_warn("block %zu is measured again: %s: %s", redo->block + 1, arm, redo->text);
    else if (redo->flaw == SESSION_FLAW_CLOCK)
        log_info("block %zu is measured again: the clock was set meanwhile", redo->block + 1);
    else
        log_info("block %zu is measured again: of %s, %s had %.2g cores more", redo->block + 1,
                 session_flaw_names[redo->flaw], arm, redo->imbalance);
}

/* How near a gate is to failing. */
static double nearness(const struct verdict_gate *g)
{
    const struct change_bound *bound = &g->gate.bounds[0];
    bool is_still = g->interval.lo == g->interval.hi; /* no error so far, in either arm */
    if (!g->has_interval || is_still || g->gate.kind == SESSION_GATE_WARN)
        return -INFINITY;
    return bound->tau > 0 ? g->interval.estimate / bound->tau : g->interval.estimate;
}

static void note_change(struct session_view *view, const struct verdict *v)
{
    const struct verdict_gate *most = NULL;
    char change[160];
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        if (g->has_interval && (most == NULL || nearness(g) > nearness(most)))
            most = g;
    }
    view->change[0] = '\0';
    if (most != NULL)
        (void)snprintf(view->change, sizeof view->change, "%s so far",
                       report_verdict_so_far(v, most, change, sizeof change));
}

static bool is_look(size_t blocks)
{
    for (int i = 0; i < LOOKS; i++) {
        if ((size_t)looks_get(i)->blocks == blocks)
            return true;
    }
    return false;
}

/* Line by line, as everything else on stderr. */
static void say_forecast(const struct verdict *v)
{
    struct buf text;
    char *rest = NULL;
    buf_init(&text, BUF_TEXT_MAX);
    report_verdict_forecast(v, &text);
    char *lines = buf_take(&text);
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        log_say("after %zu blocks: %s", v->session->nblocks, line);
    free(lines);
    buf_fini(&text);
}

static int most_frequent(const struct accounting *a)
{
    int status = 0;
    for (int i = 1; i < (int)LEN(a->statuses); i++) {
        if (i / 100 != 2 && a->statuses[i] > a->statuses[status])
            status = i;
    }
    return status;
}

/* A wrong path would otherwise be told minutes later, at the first look. */
static void warn_refused(const struct session *s)
{
    for (size_t i = 0; i < s->narms && !s->allow_errors; i++) {
        const struct accounting *a = &s->blocks[0].sides[i].result.accounting;
        if (2 * accounting_wrong_status(a) > a->completed)
            log_warn("%s: %lld of %lld responses were not 2xx, most of them %d; is the path right? "
                     "Ctrl-C ends the session",
                     s->arms[i].name, (long long)a->non_2xx, (long long)a->completed,
                     most_frequent(a));
    }
}

void session_view_verdict(struct session_view *view, const struct verdict *v)
{
    note_change(view, v);
    if (v->session->nblocks == 1)
        warn_refused(v->session);
    if (is_look(v->session->nblocks) && verdict_goes_on(v))
        say_forecast(v);
}

void session_view_end(struct session_view *view)
{
    screen_close(&view->screen);
}
