/* What is to be seen in a picture, from its figures. */
#include <math.h>
#include <string.h>

#include "model/arm_figure.h"
#include "report/plot/heat.h"
#include "report/plot/picture_internal.h"
#include "report/plot/session.h"
#include "report/text.h"

static const struct report_style utf8 = {.utf8 = true};

#define LISTED_MOST 6

/* "p99: pool 329 ms, offload 388 ms": in the order of the arms, which ranks nothing. */
static void list_figure(const struct comparison *c, const char *key, const char *label,
                        struct buf *out)
{
    const struct arm_figure *figure = arm_figure_find(key);
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms && i < LISTED_MOST; i++) {
        char name[TEXT_NAME];
        char value[32];
        struct arm_summary sum = arm_figure_summary(&c->arms[i], figure);
        text_list(&list, "%s %s%s", text_name(c->arms[i].name, &utf8, name, sizeof name),
                  isnan(sum.median) || !sum.is_bound ? "" : "at least ",
                  isnan(sum.median) ? "not measured"
                                    : text_figure(sum.median, figure->unit, value, sizeof value));
    }
    if (c->narms > LISTED_MOST)
        text_list(&list, "and %zu more", c->narms - LISTED_MOST);
    buf_printf(out, "%s: %s.", label, list.data == NULL ? "" : list.data);
    buf_fini(&list);
}

void picture_see_latency(const void *what, struct buf *out)
{
    list_figure(what, "p99", "p99", out);
}

void picture_see_compare(const void *what, struct buf *out)
{
    list_figure(what, "work_per_second", "Completed work per second", out);
}

bool picture_has_heat(const void *what)
{
    const struct comparison *c = what;
    for (size_t i = 0; i < c->narms; i++) {
        if (plot_heat_is_known(&c->arms[i]))
            return true;
    }
    return false;
}

void picture_see_heat(const void *what, struct buf *out)
{
    list_figure(what, "p50", "p50", out);
}

void picture_see_shift(const void *what, struct buf *out)
{
    const struct shift *shift = ((const struct shift_picture *)what)->shift;
    for (size_t i = 0; i < shift->count && i < LISTED_MOST; i++) {
        const struct shift_curve *curve = &shift->curves[i];
        if (curve->count == 0)
            continue;
        const struct shift_point *last = &curve->points[curve->count - 1];
        char name[TEXT_NAME];
        buf_printf(out, "%s%s: %.3g times at p%.4g", out->len == 0 ? "" : "; ",
                   text_name(curve->name, &utf8, name, sizeof name), last->ratio, 100 * last->q);
        if (!isnan(last->low))
            buf_printf(out, " (%.3g to %.3g)", last->low, last->high);
    }
    buf_puts(out, out->len == 0 ? "Too few samples for any percentile." : ".");
}

static size_t beyond(const struct session_panel *panel, size_t nblocks)
{
    size_t count = 0;
    for (size_t i = 0; i < nblocks; i++) {
        double d = panel->changes[i];
        count += panel->is_below ? d < panel->limit : d > panel->limit;
    }
    return count;
}

void picture_see_blocks(const void *what, struct buf *out)
{
    const struct session_picture *p = what;
    buf_puts(out, "Blocks beyond the limit: ");
    for (size_t i = 0; i < p->npanels; i++)
        buf_printf(out, "%s%s %zu of %zu", i == 0 ? "" : "; ", p->panels[i].title,
                   beyond(&p->panels[i], p->nblocks), p->nblocks);
    buf_puts(out, ".");
}
