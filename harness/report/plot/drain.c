#include "report/plot/drain.h"

#include <math.h>

#include "analysis/arm_traits.h"
#include "base/units.h"
#include "report/plot/field.h"

static double window_s(const struct arm *arm)
{
    double longest = NAN;
    for (size_t i = 0; i < arm->nresults; i++)
        longest = fmax(longest, arm->results[i].duration_s); /* of NAN: the other */
    return longest;
}

void plot_drain_text(const struct arm *arm, struct buf *out)
{
    char time[32];
    double ns = arm_drain_ns(arm);
    enum drain_how how = arm_drain_how(arm);
    if (!(arm_figure_value(arm, &queue_backlog) > 0))
        return;
    if (how == DRAIN_CUT)
        buf_puts(out, "not drained");
    else if (isinf(ns))
        buf_puts(out, "never drains");
    else if (!isnan(ns))
        buf_printf(out,
                   how == DRAIN_PROJECTED ? "at this rate drains in about %s" : "drained in %s",
                   units_format_long(ns, time, sizeof time));
}

void plot_drain(const struct arm *arm, struct buf *out)
{
    struct buf text;
    double ns = arm_drain_ns(arm);
    buf_init(&text, BUF_TEXT_MAX);
    plot_drain_text(arm, &text);
    plot_number(out, window_s(arm));
    plot_number(out, arm_figure_value(arm, &queue_backlog));
    plot_number(out, isfinite(ns) ? ns / (double)NS_PER_S : NAN);
    buf_puts(out, "\t");
    plot_text(out, text.len == 0 ? "" : text.data, SIZE_MAX, GLYPHS_COMMON);
    buf_fini(&text);
}

bool plot_drain_is_drawn(const struct arm *arm)
{
    double ns = arm_drain_ns(arm);
    return isfinite(ns) && ns > 0 && arm_figure_value(arm, &queue_backlog) > 0;
}
