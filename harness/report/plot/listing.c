#include "report/plot/listing.h"

#include <math.h>
#include <string.h>

#include "report/text.h"

#define LISTED_MOST 8 /* with more, the rest is only counted */

void listing_name(const struct arm *arm, struct buf *out)
{
    static const struct report_style utf8 = {.utf8 = true};
    char name[TEXT_NAME];
    buf_puts(out, text_name(arm->name, &utf8, name, sizeof name));
}

void listing_value(double value, enum metric_unit unit, bool is_bound, struct buf *out)
{
    char text[32];
    buf_printf(out, "%s%s", is_bound ? "at least " : "",
               text_figure(value, unit, text, sizeof text));
}

size_t listing_add(const struct comparison *c, listing_fn value, const void *ctx, struct buf *out)
{
    size_t listed = 0;
    size_t more = 0;
    struct buf one;
    buf_init(&one, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++) {
        buf_clear(&one);
        value(&c->arms[i], ctx, &one);
        if (one.len == 0)
            continue;
        if (listed == LISTED_MOST) {
            more++;
            continue;
        }
        buf_puts(out, listed++ == 0 ? "" : "; ");
        listing_name(&c->arms[i], out);
        buf_printf(out, " %s", one.data);
    }
    if (more > 0)
        buf_printf(out, "; and %zu other%s", more, more == 1 ? "" : "s");
    buf_fini(&one);
    return listed + more;
}

void listing_figure(const struct arm *arm, const struct arm_figure *figure, struct buf *out)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    if (!isnan(sum.median))
        listing_value(sum.median, figure->unit, sum.is_bound, out);
}

static bool is_latency(const struct arm_figure *figure)
{
    return strcmp(figure->key, "p50") == 0 || strcmp(figure->key, "p99") == 0;
}

static void figure_value(const struct arm *arm, const void *ctx, struct buf *out)
{
    const struct arm_figure *figure = ctx;
    listing_figure(arm, figure, out);
    if (out->len > 0 && is_latency(figure) && arm_answers_early(arm))
        buf_puts(out, " (accepted)");
}

size_t listing_add_figure(const struct comparison *c, const char *key, struct buf *out)
{
    return listing_add(c, figure_value, arm_figure_find(key), out);
}
