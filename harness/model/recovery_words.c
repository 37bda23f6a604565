#include "model/recovery_words.h"

#include <inttypes.h>
#include <math.h>

#include "base/clock.h"
#include "base/units.h"
#include "model/metric.h"

#define COLLAPSED 0.9 /* times the goodput before the spike */

static void add_time(struct buf *out, double s)
{
    char text[32];
    buf_puts(out, units_format_time((int64_t)(s * (double)NS_PER_S), text, sizeof text));
}

static void add_rate(struct buf *out, double rps)
{
    char text[32];
    buf_printf(out, "%s/s", metric_format(rps, METRIC_NUMBER, text, sizeof text));
}

static void add_goal(struct buf *out, const struct recovery *r)
{
    char text[64];
    buf_puts(out, recovery_goal_text(&r->goal, text, sizeof text));
}

/* "the spike (10.0 s to 15.0 s, up to 1k/s)" */
static void add_spike(struct buf *out, const struct recovery *r)
{
    buf_puts(out, "the spike (");
    add_time(out, r->from_s);
    buf_puts(out, " to ");
    add_time(out, r->to_s);
    buf_puts(out, ", up to ");
    add_rate(out, r->peak_rps);
    buf_puts(out, ")");
}

static void add_after(struct buf *out, const struct recovery *r, double s)
{
    if (s > 0)
        add_time(out, s);
    buf_puts(out, s > 0 ? " after " : "right after ");
    add_spike(out, r);
}

static void recovered(const struct recovery *r, struct buf *out)
{
    add_goal(out, r);
    buf_puts(out, " held again ");
    add_after(out, r, r->back_s);
    buf_puts(out, ", and to the end");
    if (r->losses == 0)
        return;
    buf_puts(out, "; it had held before that, from ");
    add_time(out, r->first_s);
    buf_printf(out, " after the spike on, and was lost again %" PRId64 " time%s", r->losses,
               r->losses == 1 ? "" : "s");
}

static void unsettled(const struct recovery *r, struct buf *out)
{
    add_goal(out, r);
    buf_puts(out, " held again ");
    add_after(out, r, r->first_s);
    buf_puts(out, ", but was lost again by the end: a longer run would tell whether it lasts");
}

static void recovering(const struct recovery *r, struct buf *out)
{
    buf_puts(out, "not back at the end, ");
    add_after(out, r, r->end_s - r->to_s);
    buf_puts(out, ": ");
    add_goal(out, r);
    buf_puts(out, " does not hold, but what waits gets less; at this pace it is gone in about ");
    add_time(out, r->left_s);
}

static void metastable(const struct recovery *r, struct buf *out)
{
    buf_puts(out, "metastable: the rate has been back at ");
    add_rate(out, r->after_rps);
    buf_puts(out, " for ");
    add_time(out, r->end_s - r->to_s);
    buf_puts(out, ", but ");
    add_goal(out, r);
    buf_puts(out, " does not hold, and what waits does not get less; to the end of the run the "
                  "server does not recover from ");
    add_spike(out, r);
}

static void unknown(const struct recovery *r, struct buf *out)
{
    buf_puts(out, "how the server recovers from ");
    add_spike(out, r);
    buf_printf(out, " is not known: %s", recovery_reason_words[r->reason]);
}

void recovery_words(const struct recovery *r, struct buf *out)
{
    switch (r->state) {
    case RECOVERY_UNKNOWN:
        unknown(r, out);
        break;
    case RECOVERY_UNHARMED:
        add_goal(out, r);
        buf_puts(out, " held in ");
        add_spike(out, r);
        buf_puts(out, ", and after it");
        break;
    case RECOVERY_RECOVERED:
        recovered(r, out);
        break;
    case RECOVERY_UNSETTLED:
        unsettled(r, out);
        break;
    case RECOVERY_RECOVERING:
        recovering(r, out);
        break;
    case RECOVERY_METASTABLE:
        metastable(r, out);
        break;
    case RECOVERY_NONE:
    case RECOVERY_STATE_COUNT:
        break;
    }
}

void recovery_goal_words(const struct recovery *r, struct buf *out)
{
    if (!(r->goal.ns > 0))
        return;
    add_goal(out, r);
    buf_puts(out, r->goal.is_given
                      ? ", as given (--recovery-goal)"
                      : ": twice the p99 before the spike, and 5 ms more at least; give another "
                        "with --recovery-goal");
}

static void add_backlog(struct buf *out, const struct recovery_backlog *b, const char *what)
{
    char most[32];
    if (b->most == MISSING)
        return;
    buf_printf(out, "%sat most %s %s waited", out->len > 0 ? "; " : "",
               metric_format((double)b->most, METRIC_COUNT, most, sizeof most), what);
    if (isnan(b->drained_s)) {
        buf_printf(out, ", and at the end still %s",
                   metric_format((double)b->left, METRIC_COUNT, most, sizeof most));
    } else if ((double)b->most > b->level) {
        buf_puts(out, ", from ");
        add_time(out, b->drained_s);
        buf_printf(out, " after the spike on no more than %s",
                   metric_format(floor(b->level), METRIC_COUNT, most, sizeof most));
    }
}

void recovery_backlog_words(const struct recovery *r, struct buf *out)
{
    add_backlog(out, &r->requests, "requests");
    add_backlog(out, &r->jobs, "jobs");
}

void recovery_goodput_words(const struct recovery *r, struct buf *out)
{
    if (isnan(r->spike.good))
        return;
    if (!isnan(r->before.good)) {
        add_rate(out, r->before.good);
        buf_puts(out, " within the goal before the spike; ");
    }
    add_rate(out, r->spike.good);
    buf_puts(out, " in it, of ");
    add_rate(out, r->spike.due);
    buf_puts(out, " that were due");
    if (!isnan(r->after.good)) {
        buf_puts(out, "; ");
        add_rate(out, r->after.good);
        buf_puts(out, " after it");
    }
    if (r->spike.good < COLLAPSED * r->before.good)
        buf_puts(out, ". Past its limit the server gets less done than before");
}
