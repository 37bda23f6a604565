/* The verdict in one line. */
#include "report/verdict/content.h"

#include "base/mem.h"

/* Of those that may fail, and so make the verdict. */
static bool counts(const struct verdict_gate *g)
{
    return g->gate.kind != SESSION_GATE_WARN;
}

static size_t count_in(const struct verdict *v, enum verdict_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < v->ngates; i++)
        count += counts(&v->gates[i]) && v->gates[i].state == state;
    return count;
}

/* There is one whenever the verdict has that state, but for PASS. */
static const struct verdict_gate *first_in(const struct verdict *v, enum verdict_state state)
{
    for (size_t i = 0; i < v->ngates; i++) {
        if (counts(&v->gates[i]) && v->gates[i].state == state)
            return &v->gates[i];
    }
    return NULL;
}

/* "p99 +7.9% [+3.1%, +12.6%]" */
static void add_gate(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char text[2 * CELL_MAX];
    buf_puts(out, report_verdict_so_far(v, g, text, sizeof text));
}

static void add_failed(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char limit[CELL_MAX];
    bool is_alone = g->gate.bounds[0].scale == CHANGE_ABSOLUTE;
    add_gate(v, g, out);
    buf_printf(out, " is %s %s",
               !is_alone                  ? "beyond"
               : g->gate.higher_is_better ? "below"
                                          : "above",
               verdict_limit(g, limit, sizeof limit));
}

static void add_passed(const struct verdict *v, struct buf *out)
{
    char name[CELL_MAX];
    bool any = false;
    for (size_t i = 0; i < v->ngates; i++) {
        if (v->gates[i].state != VERDICT_PASS || !counts(&v->gates[i]))
            continue;
        buf_printf(out, "%s%s", any ? ", " : "",
                   verdict_gate_name(v, &v->gates[i], name, sizeof name));
        any = true;
    }
    buf_puts(out, any ? " within the limits" : "nothing can fail: every gate only warns");
}

static void add_more(size_t count, struct buf *out)
{
    if (count > 1)
        buf_printf(out, " and %zu more gate%s", count - 1, count == 2 ? "" : "s");
}

static bool is_between(const struct verdict_gate *g)
{
    return g->has_interval && g->look != NULL &&
           (g->state == VERDICT_OPEN || g->reason == VERDICT_REASON_NOISE ||
            g->reason == VERDICT_REASON_INTERRUPTED);
}

/* Undecided by its interval, or for a reason of its own. */
static void add_undecided(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char text[CELL_MAX];
    char why[WHY_MAX];
    if (is_between(g)) {
        add_gate(v, g, out);
        buf_printf(out, " may lie on either side of %s", verdict_limit(g, text, sizeof text));
        add_more(count_in(v, g->state), out);
        return;
    }
    buf_puts(out, verdict_gate_name(v, g, text, sizeof text));
    add_more(count_in(v, g->state), out);
    (void)verdict_explain(v, g, why, sizeof why);
    buf_printf(out, ": %s", why[0] == '\0' ? "not decided yet" : why);
}

void report_verdict_headline(const struct verdict_page *page, struct buf *out)
{
    const struct verdict *v = page->verdict;
    const struct verdict_gate *g = first_in(v, v->state);
    buf_printf(out, "%s: ", verdict_state_word(v->state));
    if (v->state == VERDICT_PASS || g == NULL) {
        add_passed(v, out);
    } else if (v->state == VERDICT_FAIL) {
        add_failed(v, g, out);
        add_more(count_in(v, v->state), out);
    } else {
        add_undecided(v, g, out);
    }
    int blocks = g == NULL ? (int)v->session->nblocks : g->blocks;
    buf_printf(out, " (%d block%s)", blocks, blocks == 1 ? "" : "s");
}
