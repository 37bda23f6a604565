/* How each arm came back from a spike of the rate. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "model/arm_recovery.h"
#include "report/compare/content.h"
#include "report/text.h"

static const char *const states[RECOVERY_STATE_COUNT] = {
    [RECOVERY_UNKNOWN] = "not known",     [RECOVERY_UNHARMED] = "unharmed",
    [RECOVERY_UNSETTLED] = "unsettled",   [RECOVERY_RECOVERING] = "not yet",
    [RECOVERY_METASTABLE] = "metastable",
};

static const char *time_text(double s, char *text, size_t size)
{
    return s > 0 ? units_format_time((int64_t)(s * (double)NS_PER_S), text, size) : "at once";
}

/* "3.00 s", "metastable in 2/3" */
static void state_cell(const struct arm_recovery *a, struct table *t)
{
    char time[32];
    char text[64];
    const char *word = a->one->state == RECOVERY_RECOVERED
                           ? time_text(a->one->back_s, time, sizeof time)
                           : states[a->one->state];
    if (a->alike == a->rounds)
        (void)snprintf(text, sizeof text, "%s", word);
    else
        (void)snprintf(text, sizeof text, "%s in %zu/%zu", word, a->alike, a->rounds);
    table_cell(t, text);
}

static void backlog_cell(const struct recovery_backlog *b, struct table *t)
{
    char text[32];
    if (b->most == MISSING)
        table_cell(t, "-");
    else if (isnan(b->drained_s))
        table_cell(t, "not gone");
    else
        table_cell(t, (double)b->most > b->level ? time_text(b->drained_s, text, sizeof text)
                                                 : "none");
}

static void rate_cell(double rps, struct table *t)
{
    char text[32];
    table_cell(t, isnan(rps) ? "-" : units_format_count(rps, text, sizeof text));
}

static void goal_cell(const struct recovery_goal *goal, struct table *t)
{
    char text[64];
    table_cell(t, goal->ns > 0 ? recovery_goal_text(goal, text, sizeof text) : "-");
}

static void row(const struct arm *arm, const struct arm_recovery *a,
                const struct report_style *style, struct table *t)
{
    char name[TEXT_NAME];
    table_cell(t, text_name(arm->name, style, name, sizeof name));
    goal_cell(&a->one->goal, t);
    state_cell(a, t);
    backlog_cell(&a->one->requests, t);
    backlog_cell(&a->one->jobs, t);
    rate_cell(a->one->before.good, t);
    rate_cell(a->one->spike.good, t);
    rate_cell(a->one->spike.due, t);
    rate_cell(a->one->after.good, t);
}

static void add_notes(bool has_rounds, struct str_list *notes)
{
    str_list_add(notes, "back: time from the end of the spike until the goal held to the end");
    str_list_add(notes, "requests, jobs: time until they did not pile up any more");
    str_list_add(notes, "good/s: responses within the goal per second; before the spike, in it "
                        "(and what was due in it), after it");
    if (has_rounds)
        str_list_add(notes, "of several rounds, the row is of the worst state, and of a middling "
                            "time");
}

void compare_recovery_cells(const struct comparison *c, const struct report_style *style,
                            struct table *t, struct str_list *notes)
{
    static const char *const heads[] = {"recovery", "goal",     "back",      "requests", "jobs",
                                        "good/s",   "in spike", "due there", "after"};
    bool has_rounds = false;
    struct arm_recovery a;
    for (size_t i = 0; i < c->narms; i++) {
        if (!arm_recovery_of(&c->arms[i], &a))
            continue;
        for (size_t k = 0; k < LEN(heads) && t->columns == 0; k++)
            table_cell(t, heads[k]);
        t->columns = LEN(heads);
        has_rounds |= a.rounds > 1;
        row(&c->arms[i], &a, style, t);
    }
    if (t->columns > 0)
        add_notes(has_rounds, notes);
}
