#include "report/plot/spike.h"

#include <math.h>

#include "base/clock.h"
#include "model/arm_recovery.h"
#include "report/plot/field.h"
#include "report/plot/listing.h"

/* --- the row --- */

/* It piled up, and was gone before the end. */
static bool is_drained(const struct recovery_backlog *b)
{
    return b->most != MISSING && (double)b->most > b->level && !isnan(b->drained_s);
}

static double line_s(const struct recovery *r, enum spike_line line)
{
    if (line == SPIKE_BACK)
        return r->state == RECOVERY_RECOVERED ? r->to_s + r->back_s : NAN;
    return is_drained(&r->jobs) ? r->to_s + r->jobs.drained_s : NAN;
}

void plot_spike(const struct arm *arm, struct buf *out)
{
    struct arm_recovery a;
    bool has_spike = arm_recovery_of(arm, &a);
    plot_number(out, has_spike ? a.one->from_s : NAN);
    plot_number(out, has_spike ? a.one->to_s : NAN);
    plot_number(out, has_spike ? line_s(a.one, SPIKE_BACK) : NAN);
    plot_number(out, has_spike ? line_s(a.one, SPIKE_DRAINED) : NAN);
}

/* --- the sentences --- */

static bool has_spike(const struct comparison *c)
{
    struct arm_recovery a;
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_recovery_of(&c->arms[i], &a))
            return true;
    }
    return false;
}

static bool has_line(const struct comparison *c, enum spike_line line)
{
    struct arm_recovery a;
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_recovery_of(&c->arms[i], &a) && !isnan(line_s(a.one, line)))
            return true;
    }
    return false;
}

void plot_spike_read(const struct comparison *c, enum spike_line line, struct buf *out)
{
    if (!has_spike(c))
        return;
    buf_puts(out, " The shade is the spike of the rate");
    if (has_line(c, line))
        buf_puts(out, line == SPIKE_BACK
                          ? ", and an upright line is where an arm is back within its goal, and "
                            "stays there"
                          : ", and an upright line is where the jobs that had piled up are done");
    buf_puts(out, ".");
}

static void add_time(double s, struct buf *out)
{
    listing_value(s * (double)NS_PER_S, METRIC_TIME, false, out);
}

static void add_rate(double rps, const char *words, struct buf *out)
{
    if (isnan(rps))
        return;
    buf_puts(out, out->len > 0 ? ", " : "");
    listing_value(rps, METRIC_NUMBER, false, out);
    buf_puts(out, words);
}

/* One sentence; nothing where no arm has a part in it. */
static void tell(const struct comparison *c, const char *lead, listing_fn value, struct buf *out)
{
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    if (listing_add(c, value, NULL, &list) > 0)
        buf_printf(out, " %s: %s.", lead, list.data);
    buf_fini(&list);
}

static void add_state(const struct recovery *r, struct buf *out)
{
    static const char *const words[RECOVERY_STATE_COUNT] = {
        [RECOVERY_UNKNOWN] = "not known",
        [RECOVERY_UNHARMED] = "never left it",
        [RECOVERY_UNSETTLED] = "left it again by the end",
        [RECOVERY_RECOVERING] = "not by the end",
        [RECOVERY_METASTABLE] = "not by the end, and no nearer to it (metastable)",
    };
    if (r->state != RECOVERY_RECOVERED) {
        buf_puts(out, words[r->state]);
        return;
    }
    if (r->back_s > 0) {
        add_time(r->back_s, out);
        buf_puts(out, " after it");
    } else {
        buf_puts(out, "at its end");
    }
}

static void back(const struct arm *arm, const void *ctx, struct buf *out)
{
    struct arm_recovery a;
    char goal[64];
    (void)ctx;
    if (!arm_recovery_of(arm, &a))
        return;
    add_state(a.one, out);
    if (a.one->goal.ns > 0)
        buf_printf(out, ", %s", recovery_goal_text(&a.one->goal, goal, sizeof goal));
    if (a.alike < a.rounds)
        buf_printf(out, ", in %zu of %zu rounds", a.alike, a.rounds);
}

void plot_spike_see_back(const struct comparison *c, struct buf *out)
{
    tell(c, "Back within the goal after the spike", back, out);
}

static void goodput(const struct arm *arm, const void *ctx, struct buf *out)
{
    struct arm_recovery a;
    (void)ctx;
    if (!arm_recovery_of(arm, &a))
        return;
    add_rate(a.one->before.good, " before it", out);
    add_rate(a.one->spike.good, " in it", out);
    add_rate(a.one->after.good, " after it", out);
}

void plot_spike_see_goodput(const struct comparison *c, struct buf *out)
{
    tell(c, "Responses within the goal per second, around the spike", goodput, out);
}

/* "506, gone 10.0 s after it" */
static void add_backlog(const struct recovery_backlog *b, struct buf *out)
{
    if (b->most == MISSING)
        return;
    listing_value((double)b->most, METRIC_COUNT, false, out);
    if (isnan(b->drained_s)) {
        buf_puts(out, ", and still ");
        listing_value((double)b->left, METRIC_COUNT, false, out);
        buf_puts(out, " at the end");
    } else if (is_drained(b)) {
        buf_puts(out, ", gone ");
        if (b->drained_s > 0)
            add_time(b->drained_s, out);
        buf_puts(out, b->drained_s > 0 ? " after it" : "at its end");
    }
}

static void requests(const struct arm *arm, const void *ctx, struct buf *out)
{
    struct arm_recovery a;
    (void)ctx;
    if (arm_recovery_of(arm, &a))
        add_backlog(&a.one->requests, out);
}

static void jobs(const struct arm *arm, const void *ctx, struct buf *out)
{
    struct arm_recovery a;
    (void)ctx;
    if (arm_recovery_of(arm, &a))
        add_backlog(&a.one->jobs, out);
}

void plot_spike_see_requests(const struct comparison *c, struct buf *out)
{
    tell(c, "Requests that waited at most since the spike began", requests, out);
}

void plot_spike_see_jobs(const struct comparison *c, struct buf *out)
{
    tell(c, "Jobs that waited at most since the spike began", jobs, out);
}
