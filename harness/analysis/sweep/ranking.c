#include "analysis/sweep/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "analysis/keeping_up.h"
#include "base/mem.h"

/* --- another goal --- */

/* Got responses in some round, and tells the metric in none. Of a round without a single response
 * many metrics are not known, whatever it had. */
static bool is_lacking(const struct sweep *s, size_t arm, const struct metric *m)
{
    bool any_answered = false;
    for (size_t point = 0; point < s->npoints; point++) {
        const struct arm *at = sweep_arm(s, point, arm);
        for (size_t i = 0; i < at->nresults; i++) {
            if (!isnan(metric_measure(m, metric_unit(m), &at->results[i]).low))
                return false;
            any_answered |= at->results[i].accounting.completed > 0;
        }
    }
    return any_answered;
}

static const char *lacking_arm(const void *sweep, const struct metric *m)
{
    const struct sweep *s = sweep;
    for (size_t i = 0; i < s->narms; i++) {
        if (is_lacking(s, i, m))
            return s->arms[i];
    }
    return NULL;
}

static int parse_other(const struct sweep *s, const char *text, struct sweep_goal *out,
                       struct err *err)
{
    bool is_open_loop = comparison_is_open_loop(&s->comparison);
    if (sweep_goal_parse(text, is_open_loop, out, err) < 0)
        return -1;
    if (sweep_goal_check(out, is_open_loop, lacking_arm, s, err) == 0)
        return 0;
    sweep_goal_fini(out);
    return -1;
}

static int parse(const struct sweep *s, const char *text, struct sweep_goal *out, struct err *err)
{
    if (text == NULL)
        return sweep_goal_parse(s->goal, false, out, err) < 0 ? err_wrap(err, "goal") : 0;
    return parse_other(s, text, out, err) < 0 ? err_wrap(err, "--goal") : 0;
}

/* --- the ranking --- */

int ranking_init(struct ranking *r, const struct sweep *s, const char *goal, struct err *err)
{
    *r = (struct ranking){.sweep = s};
    if (parse(s, goal, &r->goal, err) < 0)
        return -1;
    r->bests = mem_array(s->npoints, sizeof *r->bests);
    r->met = mem_array(s->npoints * s->narms, sizeof *r->met);
    for (size_t point = 0; point < s->npoints; point++) {
        enum met *met = &r->met[point * s->narms];
        met_judge(s, point, &r->goal, met);
        best_init(&r->bests[point], s, point, &r->goal, met);
    }
    return 0;
}

void ranking_fini(struct ranking *r)
{
    for (size_t i = 0; r->bests != NULL && i < r->sweep->npoints; i++)
        best_fini(&r->bests[i]);
    free(r->bests);
    free(r->met);
    sweep_goal_fini(&r->goal);
    *r = (struct ranking){0};
}

const enum met *ranking_met(const struct ranking *r, size_t point)
{
    return &r->met[point * r->sweep->narms];
}

const char *ranking_measured_for(const struct ranking *r)
{
    const char *measured = r->sweep->goal;
    return measured == NULL || strcasecmp(measured, r->goal.text) == 0 ? NULL : measured;
}

static bool has_placed(const struct sweep *s)
{
    bool any = false;
    for (size_t i = 0; i < s->naxes; i++)
        any |= s->axes[i].is_placed;
    return any;
}

void ranking_tell_goal(const struct ranking *r, struct buf *out)
{
    const char *measured = ranking_measured_for(r);
    buf_puts(out, r->goal.text);
    if (measured != NULL)
        buf_printf(out, "; the sweep was measured for '%s'%s", measured,
                   has_placed(r->sweep) ? ", and its values were placed for that" : "");
}
