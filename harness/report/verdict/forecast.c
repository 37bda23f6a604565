/* What the blocks still to come can decide. */
#include <math.h>
#include <stdio.h>

#include "report/text.h"
#include "report/verdict/content.h"

static double pace_s(const struct session *s)
{
    size_t measured = s->nblocks + s->nredone;
    return measured == 0 ? NAN : result_stored(s->measured_s) / (double)measured;
}

static bool is_over(const struct session *s)
{
    return s->interrupted || s->out_of_time || s->problem != NULL;
}

/* Whether so many blocks fit into the time; one that is over gets new time with --continue. */
static bool has_time_for(const struct session *s, int blocks)
{
    double end_s = result_stored(s->measured_s) + pace_s(s) * (blocks - (int)s->nblocks);
    return is_over(s) || !(end_s > s->budget_s); /* NAN: no limit */
}

static bool is_forecast(const struct verdict_gate *g)
{
    bool is_undecided = g->state == VERDICT_OPEN || (g->state == VERDICT_INCONCLUSIVE &&
                                                     g->reason == VERDICT_REASON_INTERRUPTED);
    bool is_late = g->state == VERDICT_INCONCLUSIVE && g->reason == VERDICT_REASON_NOISE;
    return (is_undecided || is_late) && g->has_forecast && g->forecast.nlooks > 0;
}

/* The blocks of the look after `blocks`; 0: no gate has one. */
static int look_after(const struct verdict *v, int blocks)
{
    int next = 0;
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        for (int k = 0; is_forecast(g) && k < g->forecast.nlooks; k++) {
            int at = g->forecast.looks[k].blocks;
            if (at > blocks && (next == 0 || at < next))
                next = at;
        }
    }
    return next;
}

/* How large a true change has to be to fail by that look, in nine of ten sessions. */
static void add_reach(const struct verdict *v, const struct verdict_gate *g, int blocks,
                      struct buf *list)
{
    for (int k = 0; is_forecast(g) && k < g->forecast.nlooks; k++) {
        char name[CELL_MAX];
        char size[40];
        const struct forecast_look *look = &g->forecast.looks[k];
        if (look->blocks == blocks)
            text_list(
                list, "%s in %s",
                change_format(&g->gate, g->gate.bounds[0].tau + look->reach, size, sizeof size),
                verdict_gate_name(v, g, name, sizeof name));
    }
}

static void note_look(const struct verdict *v, int blocks, struct notes *notes)
{
    const struct session *s = v->session;
    double minutes = pace_s(s) * (blocks - (int)s->nblocks) / 60;
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < v->ngates; i++)
        add_reach(v, &v->gates[i], blocks, &list);
    notes_add(notes, "forecast", "%d blocks (%d more, %s%.*f min): %s at 90%%", blocks,
              blocks - (int)s->nblocks, minutes < 0.1 ? "under " : "", minutes < 9.95 ? 1 : 0,
              minutes < 0.1 ? 0.1 : minutes, list.data);
    buf_fini(&list);
}

static bool can_be_decided(const struct session *s, const struct verdict_gate *g)
{
    const struct change_bound *b = &g->gate.bounds[0];
    double distance = b->scale == CHANGE_ABSOLUTE ? fabs(g->interval.estimate) : b->tau;
    int needed = forecast_blocks_needed(&g->forecast, distance);
    return needed > 0 && has_time_for(s, needed);
}

/* Of those that a forecast was made for. */
static void note_hopeless(const struct verdict *v, int last, struct notes *notes)
{
    const struct session *s = v->session;
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < v->ngates; i++) {
        char name[CELL_MAX];
        if (is_forecast(&v->gates[i]) && !can_be_decided(s, &v->gates[i]))
            text_list(&list, "%s", verdict_gate_name(v, &v->gates[i], name, sizeof name));
    }
    if (list.len > 0 && !is_over(s) && isfinite(s->budget_s))
        notes_add(notes, "forecast", "the budget of %.3g min will probably not decide %s",
                  s->budget_s / 60, list.data);
    else if (list.len > 0)
        notes_add(notes, "forecast", "%d blocks will probably not decide %s", last, list.data);
    buf_fini(&list);
}

void verdict_forecast_notes(const struct verdict *v, struct notes *notes)
{
    int last = 0;
    for (int at = look_after(v, 0); at > 0; at = look_after(v, at)) {
        last = at;
        if (has_time_for(v->session, at))
            note_look(v, at, notes);
    }
    if (last > 0)
        note_hopeless(v, last, notes);
}

void report_verdict_forecast(const struct verdict *v, struct buf *out)
{
    struct notes notes = {0};
    verdict_forecast_notes(v, &notes);
    for (size_t i = 0; i < notes.texts.count; i++)
        buf_printf(out, "%s\n", notes.texts.items[i]);
    notes_fini(&notes);
}
