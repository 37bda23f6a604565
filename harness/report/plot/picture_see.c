/* What is to be seen in a picture of whole runs, in one sentence, from the figures. */
#include <math.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/rank.h"
#include "base/mem.h"
#include "report/plot/generator.h"
#include "report/plot/listing.h"
#include "report/plot/parts.h"
#include "report/plot/picture_internal.h"
#include "report/plot/session.h"
#include "report/text.h"

static const struct report_style utf8 = {.utf8 = true};

/* --- who is ahead --- */

/* When every arm has begun round k, and when the first begins the one after it. */
static bool round_is_apart(const struct comparison *c, size_t k)
{
    int64_t last_ms = INT64_MIN;
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (k < arm->nresults && arm->results[k].started_wall_ms > last_ms)
            last_ms = arm->results[k].started_wall_ms;
        if (k + 1 < arm->nresults && arm->results[k + 1].started_wall_ms < next_ms)
            next_ms = arm->results[k + 1].started_wall_ms;
    }
    return last_ms <= next_ms;
}

/* Arms that were put together from several files were measured at other times, maybe on another
 * machine: no difference between them is decided, however alike their rounds are. */
static bool are_interleaved(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        for (size_t k = 0; k < c->arms[i].nresults; k++) {
            if (!round_is_apart(c, k))
                return false;
        }
    }
    return true;
}

/* "pool has the lowest p99 (329 ms); that of inline is 17.4 times as high (5.7 s)" */
static void add_winner(const struct rank *rank, const char *key, const char *lead, struct buf *out)
{
    const struct arm_figure *figure = arm_figure_find(key);
    const struct standing *first = &rank->items[0];
    const struct standing *last = &rank->items[rank->count - 1];
    listing_name(first->arm, out);
    buf_printf(out, " %s (", lead);
    listing_value(first->value, figure->unit, first->is_bound, out);
    buf_puts(out, "); that of ");
    listing_name(last->arm, out);
    buf_printf(out, " is %.3g times as high (", last->value / first->value);
    listing_value(last->value, figure->unit, last->is_bound, out);
    buf_puts(out, ").");
}

/* Of the arms that are ahead of the rest, or of all. */
static void add_tie(const struct rank *rank, struct buf *out)
{
    if (rank->ntop < 2 || rank->has_bounds) { /* of other files, too few rounds, or a lower bound */
        buf_puts(out, "; not ranked");
        return;
    }
    if (rank->ntop == rank->count) {
        buf_puts(out, "; too close to call");
        return;
    }
    buf_puts(out, "; ");
    for (size_t i = 0; i < rank->ntop; i++) {
        buf_puts(out, i == 0 ? "" : i + 1 == rank->ntop ? " and " : ", ");
        listing_name(rank->items[i].arm, out);
    }
    buf_puts(out, " are too close to call");
}

/* Names a winner only where the findings would: one that is told apart from all others. */
static void add_order(const struct comparison *c, const char *key, const char *lead,
                      const char *label, struct buf *out)
{
    struct rank rank = {0};
    bool is_ranked = are_interleaved(c) && rank_contest(c, key, RANK_BY_ROUND, &rank);
    if (is_ranked && rank.count > 1 && rank.ntop == 1 && rank.items[0].value > 0) {
        add_winner(&rank, key, lead, out);
    } else {
        buf_printf(out, "%s: ", label);
        size_t listed = listing_add_figure(c, key, out);
        if (listed == 0)
            buf_puts(out, "not measured");
        if (listed > 1)
            add_tie(&rank, out);
        buf_puts(out, ".");
    }
    if (is_ranked)
        rank_fini(&rank);
}

void picture_see_latency(const void *what, struct buf *out)
{
    add_order(what, "p99", "has the lowest p99", "The p99", out);
}

void picture_see_compare(const void *what, struct buf *out)
{
    add_order(what, "work_per_second", "completes the most work per second",
              "Completed work per second", out);
}

/* --- the parts of the latency --- */

#define LEAST_SHARE 1e-3 /* a lower one says no more */

static void add_share(double share, struct buf *out)
{
    buf_printf(out, "%s%.3g %%", share < LEAST_SHARE ? "under " : "",
               100 * fmax(share, LEAST_SHARE));
}

/* The server's clock starts when it reads a request: one whose loop is blocked reads it late, and
 * would seem to let nobody wait. */
static void wait_share(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    struct plot_parts parts = plot_parts_of(arm);
    double whole = parts.mean_ms[PART_ALL];
    double wait = parts.mean_ms[PART_WAIT];
    double rest = whole - wait - parts.mean_ms[PART_WORK];
    if (isnan(wait) || isnan(whole))
        return;
    if (parts.is_bound) {
        buf_puts(out, "not known (requests were unfinished)");
        return;
    }
    add_share(wait / whole, out);
    if (!(rest > 0))
        return;
    buf_puts(out, " and ");
    add_share(rest / whole, out);
}

void picture_see_parts(const void *what, struct buf *out)
{
    buf_puts(out, "Share of the mean that was waiting in the server, and share before the server "
                  "read the request (with the network): ");
    if (listing_add(what, wait_share, NULL, out) == 0)
        buf_puts(out, "not measured");
    buf_puts(out, ".");
}

/* --- the probe --- */

static void blocks(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    if (arm_blocks(arm))
        listing_figure(arm, arm_figure_find("probe_p99"), out);
}

void picture_see_probe(const void *what, struct buf *out)
{
    struct buf blocking;
    buf_init(&blocking, BUF_TEXT_MAX);
    if (listing_add(what, blocks, NULL, &blocking) > 0) {
        buf_printf(out, "These arms blocked the light request while they worked (p99): %s.",
                   blocking.data);
    } else {
        buf_puts(out, "No arm blocked the light request; its p99: ");
        buf_puts(out, listing_add_figure(what, "probe_p99", out) > 0 ? "." : "not measured.");
    }
    buf_fini(&blocking);
}

/* --- the generator --- */

static void busiest(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    double share = plot_generator_busiest(arm);
    if (!isnan(share))
        buf_printf(out, "%.2g %%%s", 100 * share,
                   arm_is_saturated(arm) ? " (the limit was bench, not the server)" : "");
}

void picture_see_generator(const void *what, struct buf *out)
{
    buf_puts(out, "The busiest thread of bench, share of a core: ");
    if (listing_add(what, busiest, NULL, out) == 0)
        buf_puts(out, "not measured");
    buf_puts(out, ".");
}

/* --- a shift, and blocks --- */

static const struct shift_point *point_at(const struct shift_curve *curve, double q)
{
    for (size_t i = 0; i < curve->count; i++) {
        if (fabs(curve->points[i].q - q) < 1e-9 && !isnan(curve->points[i].ratio))
            return &curve->points[i];
    }
    return NULL;
}

static void add_point(const struct shift_point *p, struct buf *out)
{
    static const char *const bounds[SHIFT_KNOWN_COUNT] = {
        [SHIFT_AT_LEAST] = "at least ", [SHIFT_AT_MOST] = "at most "};
    buf_printf(out, "%s%.3g times at p%.4g", bounds[p->known] == NULL ? "" : bounds[p->known],
               p->ratio, 100 * p->q);
    if (!isnan(p->low))
        buf_printf(out, " (interval %.3g to %.3g)", p->low, p->high);
}

#define SHIFTS_LISTED 6

void picture_see_shift(const void *what, struct buf *out)
{
    static const double shown[] = {0.5, 0.99};
    const struct shift *shift = ((const struct shift_picture *)what)->shift;
    size_t listed = 0;
    buf_puts(out, "NEW takes, of the time of OLD: ");
    for (size_t i = 0; i < shift->count && i < SHIFTS_LISTED; i++) {
        char name[TEXT_NAME];
        for (size_t k = 0; k < LEN(shown); k++) {
            const struct shift_point *p = point_at(&shift->curves[i], shown[k]);
            if (p == NULL)
                continue;
            buf_puts(out, listed++ == 0 ? "" : "; ");
            if (shift->count > 1)
                buf_printf(out, "%s ", text_name(shift->curves[i].name, &utf8, name, sizeof name));
            add_point(p, out);
        }
    }
    buf_puts(out, listed == 0 ? "not known, for too few requests." : ".");
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
        buf_printf(out, "%s%s in %zu of %zu (verdict: %s)", i == 0 ? "" : "; ", p->panels[i].name,
                   beyond(&p->panels[i], p->nblocks), p->nblocks, p->panels[i].verdict);
    buf_puts(out, ".");
}
