#include "cli/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/gate/arm.h"
#include "base/clock.h"
#include "base/mem.h"
#include "report/gate/report.h"
#include "report/text.h"

static const struct report_style utf8 = {.utf8 = true};

/* --- the lines --- */

static bool is_line(const struct gate_threshold *t)
{
    bool is_upper = t->op == GATE_ABOVE || t->op == GATE_AT_LEAST;
    return t->metric.hist == &metric_hists[0] && !isnan(t->metric.q) && is_upper;
}

static void add_lines(struct limits *l)
{
    l->lines = mem_array(l->judging.count, sizeof *l->lines);
    for (size_t i = 0; i < l->judging.count; i++) {
        const struct gate_threshold *t = &l->judging.thresholds[i];
        if (is_line(t))
            l->lines[l->nlines++] =
                (struct latency_limit){.q = t->metric.q, .ns = t->value, .text = t->text};
    }
}

int limits_init(struct limits *l, const struct str_list *fail, struct err *err)
{
    *l = (struct limits){0};
    const struct judge_options options = {.fail = *fail};
    if (judging_init(&l->judging, &options, GATE_PARTIAL_JUDGED, err) < 0)
        return -1;
    add_lines(l);
    return 0;
}

void limits_fini(struct limits *l)
{
    judging_fini(&l->judging);
    free(l->lines);
    *l = (struct limits){0};
}

int limits_check_drawn(const struct limits *l, struct err *err)
{
    for (size_t i = 0; i < l->judging.count; i++) {
        const char *text = l->judging.thresholds[i].text;
        if (!is_line(&l->judging.thresholds[i]))
            return err_set(err, ERR_USAGE,
                           "--fail '%.*s': pictures show limits on the latency, such as p99>250ms; "
                           "a page (-o report.html) has all",
                           (int)str_fit(text, 60), text);
    }
    return 0;
}

void limits_mark(const struct limits *l, struct comparison *c)
{
    c->limits = l->lines;
    c->nlimits = l->nlines;
}

/* --- the verdicts --- */

static struct gate_outcome judge(const struct limits *l, const struct gate_threshold *t,
                                 const struct comparison *c, const struct arm *arm,
                                 bool is_gathered)
{
    const struct gate_policy *policy = &l->judging.policy;
    if (is_gathered && arm->nresults > 0)
        return gate_judge(t, &arm->results[0], policy);
    struct gate_round *rounds = gate_rounds_of(arm, c->rounds, policy);
    struct gate_outcome o = gate_judge_arm(t, rounds, (size_t)c->rounds, policy);
    free(rounds);
    return o;
}

static const char *verdict_of(const struct gate_outcome *o)
{
    static const char *const words[] = {
        [GATE_PASSED] = "PASS", [GATE_CROSSED] = "FAIL", [GATE_UNKNOWN] = "INCONCLUSIVE"};
    return words[o->verdict];
}

/* One that holds for several arms is said once. */
static void add_note(const struct gate_outcome *o, struct str_list *notes)
{
    char text[320];
    char *note = mem_printf("%s: %s", o->threshold->text, gate_explain(o, text, sizeof text));
    bool is_new = text[0] != '\0';
    for (size_t i = 0; i < notes->count; i++)
        is_new = is_new && strcmp(notes->items[i], note) != 0;
    if (is_new)
        str_list_add(notes, note);
    free(note);
}

static void add_row(const struct gate_outcome *o, const char *arm, bool is_gathered,
                    struct table *t)
{
    char text[64];
    char name[TEXT_NAME];
    table_cell(t, o->threshold->text);
    table_cell(t, text_name(arm, &utf8, name, sizeof name));
    table_cell(t, gate_measured(o, &utf8, text, sizeof text));
    if (!is_gathered)
        table_cell(t, gate_beyond(o, text, sizeof text));
    table_cell(t, verdict_of(o));
}

void limits_judge(const struct limits *l, const struct comparison *c, bool is_gathered,
                  struct table *t, struct str_list *notes)
{
    static const char *const heads[] = {"threshold", "arm", "measured", "rounds", "verdict"};
    if (l->judging.count == 0)
        return;
    t->columns = is_gathered ? LEN(heads) - 1 : LEN(heads);
    for (size_t i = 0; i < LEN(heads); i++) {
        if (!is_gathered || strcmp(heads[i], "rounds") != 0)
            table_cell(t, heads[i]);
    }
    for (size_t i = 0; i < l->judging.count; i++) {
        for (size_t k = 0; k < c->narms; k++) {
            const struct gate_threshold *threshold = &l->judging.thresholds[i];
            struct gate_outcome o = judge(l, threshold, c, &c->arms[k], is_gathered);
            add_row(&o, c->arms[k].name, is_gathered, t);
            add_note(&o, notes);
        }
    }
}
