/* The captions of the pictures of a sweep: how to read them, and what is to be seen. */
#include <ctype.h>
#include <math.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/wins.h"
#include "model/arm_figure.h"
#include "report/plot/picture_internal.h"
#include "report/plot/sweep.h"
#include "report/text.h"

#define TOLD_MOST 3 /* sentences about borders */

typedef void caption_fn(const struct ranking *r, struct buf *out);

/* Names come from outside. */
static void add_safe(const void *what, caption_fn *write, struct buf *out)
{
    static const struct report_style utf8 = {.utf8 = true};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    write(what, &text);
    text_safe(out, &utf8, text.data);
    buf_fini(&text);
}

static void read_sweep(const struct ranking *r, struct buf *out)
{
    buf_printf(out,
               "Each curve is one arm: across is %s, upwards %s. A point is the median over the "
               "rounds, and its whisker goes from the lowest to the highest.",
               r->sweep->axes[0].option, arm_figure_find(r->goal.key)->title);
    if (r->sweep->narms > 1)
        buf_puts(out,
                 " A hollow point is too close to call, or not ranked. The bars above name the "
                 "arm that is best alone; the border between two of them lies somewhere in "
                 "the grey between their bars.");
}

/* "up to connections=8 inline ..; from .." as a sentence. */
static void add_borders(const struct ranking *r, struct buf *out)
{
    struct str_list told = {0};
    borders_tell(r, &told);
    for (size_t i = 0; i < told.count && i < TOLD_MOST; i++)
        buf_printf(out, "%s%c%s.", i == 0 ? "" : " ", toupper((unsigned char)told.items[i][0]),
                   told.items[i] + 1);
    str_list_fini(&told);
}

static void add_range(const struct ranking *r, struct buf *out)
{
    const struct arm_figure *figure = arm_figure_find(r->goal.key);
    const struct sweep *s = r->sweep;
    double low = INFINITY;
    double high = -INFINITY;
    char from[32];
    char to[32];
    for (size_t i = 0; i < s->comparison.narms; i++) {
        low = fmin(low, arm_figure_value(&s->comparison.arms[i], figure));
        high = fmax(high, arm_figure_value(&s->comparison.arms[i], figure));
    }
    if (low <= high)
        buf_printf(out, "%s goes from %s to %s.", figure->title,
                   text_figure(low, figure->unit, from, sizeof from),
                   text_figure(high, figure->unit, to, sizeof to));
    else
        buf_puts(out, "Nothing was measured.");
}

static void see_sweep(const struct ranking *r, struct buf *out)
{
    if (r->sweep->narms > 1)
        add_borders(r, out);
    else
        add_range(r, out);
}

static void read_map(const struct ranking *r, struct buf *out)
{
    const struct sweep *s = r->sweep;
    buf_printf(out, "A cell is one value of %s, to the right, and one of %s, upwards.",
               s->axes[0].option, s->axes[1].option);
    if (s->narms > 1)
        buf_puts(out,
                 " It has the colour of the arm that is best there, with its figure. A striped "
                 "cell is too close to call between the arms of its stripes, a grey one could "
                 "not be ranked. Between two cells with a solid line the best arm changes, "
                 "somewhere between the two values; with a dotted one it may.");
    else
        buf_puts(out, " The darker, the higher its figure.");
}

static void see_map(const struct ranking *r, struct buf *out)
{
    if (r->sweep->narms > 1) {
        wins_tell(r, out);
        buf_puts(out, ".");
    } else {
        add_range(r, out);
    }
}

void picture_read_sweep(const void *what, struct buf *out)
{
    add_safe(what, read_sweep, out);
}

void picture_see_sweep(const void *what, struct buf *out)
{
    add_safe(what, see_sweep, out);
}

void picture_read_map(const void *what, struct buf *out)
{
    add_safe(what, read_map, out);
}

void picture_see_map(const void *what, struct buf *out)
{
    add_safe(what, see_map, out);
}
