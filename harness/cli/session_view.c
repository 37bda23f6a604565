#include "cli/session_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/terminal.h"
#include "report/text.h"
#include "report/verdict/report.h"

#define ECHO_WIDTH 3 /* room for the terminal's "^C" */

void session_view_start(struct session_view *view, const struct session *s, bool progress)
{
    *view = (struct session_view){.session = s, .style = terminal_style(stderr)};
    view->on = progress && isatty(STDERR_FILENO);
}

static void add_time(struct buf *line, double left_s)
{
    if (isnan(left_s))
        return;
    double left = left_s > 0 ? left_s : 0;
    buf_printf(line, ", at most %.0fm %02.0fs left", floor(left / 60), floor(fmod(left, 60)));
}

void session_view_place(struct session_view *view, const struct blocks_place *place)
{
    struct buf line;
    char name[TEXT_NAME];
    char shown[400];
    if (!view->on)
        return;
    buf_init(&line, BUF_TEXT_MAX);
    buf_printf(&line, "block %zu of %lld: %s", place->block + 1,
               (long long)view->session->max_blocks,
               text_name(place->arm, &view->style, name, sizeof name));
    if (place->slices > 0)
        buf_printf(&line, ", slice %zu of %zu", place->slice, place->slices);
    add_time(&line, place->left_s);
    if (view->change[0] != '\0')
        buf_printf(&line, "; %s", view->change);
    size_t width = terminal_width(stderr);
    log_progress(text_short(line.data, &view->style, width > ECHO_WIDTH ? width - ECHO_WIDTH : 1,
                            shown, sizeof shown));
    buf_fini(&line);
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
        if (2 * a->non_2xx > a->completed)
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
    if (view->on)
        log_progress(NULL);
}
