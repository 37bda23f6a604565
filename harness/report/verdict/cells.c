#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "report/verdict/content.h"

const char *verdict_state_word(enum verdict_state state)
{
    static const char *const words[VERDICT_STATE_COUNT] = {
        [VERDICT_OPEN] = "OPEN",       [VERDICT_PASS] = "PASS",
        [VERDICT_FAIL] = "FAIL",       [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
        [VERDICT_INVALID] = "INVALID",
    };
    return words[state];
}

const char *verdict_word(const struct verdict_gate *g)
{
    bool warns = g->state == VERDICT_FAIL && g->gate.kind == SESSION_GATE_WARN;
    return warns ? "WARN" : verdict_state_word(g->state);
}

char *verdict_gate_name(const struct verdict *v, const struct verdict_gate *g, char *text,
                        size_t size)
{
    const char *arm = v->session->arms[g->arm].name;
    if (g->gate.arm == NULL)
        (void)snprintf(text, size, "%s", g->gate.metric.name);
    else
        (void)snprintf(text, size, "%.*s: %s", (int)str_fit(arm, 60), arm, g->gate.metric.name);
    return text;
}

char *verdict_figure(const struct verdict_gate *g, double value, char *text, size_t size)
{
    if (isnan(value))
        (void)snprintf(text, size, "-");
    else
        (void)metric_format(value, g->gate.unit, text, size);
    return text;
}

char *verdict_change(const struct verdict_gate *g, char *text, size_t size)
{
    if (!g->has_interval)
        (void)snprintf(text, size, "-");
    else
        (void)change_format(&g->gate, g->interval.estimate, text, size);
    return text;
}

/* The lower end first, also where lower is worse. */
char *verdict_interval(const struct verdict_gate *g, char *text, size_t size)
{
    char low[40];
    char high[40];
    bool turned = g->gate.higher_is_better;
    if (!g->has_interval) {
        (void)snprintf(text, size, "-");
        return text;
    }
    (void)change_format(&g->gate, turned ? g->interval.hi : g->interval.lo, low, sizeof low);
    (void)change_format(&g->gate, turned ? g->interval.lo : g->interval.hi, high, sizeof high);
    (void)snprintf(text, size, "[%s, %s]", low, high);
    return text;
}

char *verdict_level(const struct verdict_gate *g, char *text, size_t size)
{
    if (g->has_interval)
        (void)snprintf(text, size, "%.1f%%", 100 * g->interval.level);
    else
        (void)snprintf(text, size, "-");
    return text;
}

char *verdict_limit(const struct verdict_gate *g, char *text, size_t size)
{
    int len = 0;
    for (int i = 0; i < g->gate.nbounds && len < (int)size; i++) {
        char bound[40];
        struct change_gate one = g->gate; /* change_format looks at the first bound */
        one.bounds[0] = g->gate.bounds[i];
        (void)change_format(&one, one.bounds[0].tau, bound, sizeof bound);
        len += snprintf(text + len, size - (size_t)len, "%s%s", i > 0 ? ", " : "", bound);
    }
    return text;
}

char *verdict_share(double share, char *text, size_t size)
{
    if (share > 0.995 || share < 0.005)
        (void)snprintf(text, size, "%s", share > 0.5 ? ">99%" : "<1%");
    else
        (void)snprintf(text, size, "%.0f%%", 100 * share);
    return text;
}

char *verdict_caught_text(const struct verdict *v, const struct verdict_gate *g, char *text,
                          size_t size)
{
    char at[40];
    char share[16];
    double caught = verdict_caught(v, g);
    if (isnan(caught))
        (void)snprintf(text, size, "-");
    else
        (void)snprintf(text, size, "%s of %s", verdict_share(caught, share, sizeof share),
                       change_format(&g->gate, g->caught_at, at, sizeof at));
    return text;
}

void verdict_line(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char cell[CELL_MAX];
    char why[WHY_MAX];
    buf_puts(out, verdict_gate_name(v, g, cell, sizeof cell));
    if (g->has_interval) {
        buf_printf(out, " %s", verdict_change(g, cell, sizeof cell));
        buf_printf(out, " %s", verdict_interval(g, cell, sizeof cell));
    }
    buf_printf(out, ", limit %s", verdict_limit(g, cell, sizeof cell));
    buf_printf(out, ": %s (%d block%s)", verdict_word(g), g->blocks, g->blocks == 1 ? "" : "s");
    if (verdict_explain(v, g, why, sizeof why)[0] != '\0')
        buf_printf(out, ": %s", why);
}

void verdict_add_long(struct buf *out, const char *text)
{
    size_t len = str_fit(text, LONG_MAX);
    buf_add(out, text, len);
    buf_puts(out, text[len] == '\0' ? "" : "...");
}

char *report_verdict_so_far(const struct verdict *v, const struct verdict_gate *g, char *text,
                            size_t size)
{
    char name[CELL_MAX];
    char change[CELL_MAX];
    char interval[CELL_MAX];
    (void)verdict_gate_name(v, g, name, sizeof name);
    if (!g->has_interval)
        (void)snprintf(text, size, "%s", name);
    else
        (void)snprintf(text, size, "%s %s %s", name, verdict_change(g, change, sizeof change),
                       verdict_interval(g, interval, sizeof interval));
    return text;
}
