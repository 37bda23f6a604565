/* Whether the hosts of a merged result loaded the server together, and each as it should. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/warnings.h"
#include "analysis/warnings_internal.h"
#include "base/buf.h"
#include "base/mem.h"

#define OFFERED_LEAST 0.99 /* of its share */
#define DEVIATIONS    4    /* of a Poisson count, so that chance is no fault */
#define WHO           96   /* bytes */
#define NAMED_MOST    4    /* shares in one warning; of more their number */

/* "share 1 (b)" */
static const char *who(const struct share *s, char *text, size_t size)
{
    if (s->host == NULL)
        (void)snprintf(text, size, "share %" PRId64, s->index);
    else
        (void)snprintf(text, size, "share %" PRId64 " (%s)", s->index, s->host);
    return text;
}

/* bench-rank gives all of them one time, and says how far clocks may be off. */
static const char *start_remedy(const struct share *s)
{
    return isnan(s->clock_error_us)
               ? "start all shares at one time (--start-at), on hosts whose clocks agree"
               : "use hosts that are less busy";
}

static void check_overlap(struct result *r)
{
    if (r->merged->overlap < MERGED_OVERLAP_LEAST)
        warn(r, "hosts-apart", start_remedy(&r->merged->parts[0].share),
             "all hosts loaded the server together for only %.3g %% of the window: rates are over "
             "all of it",
             100 * r->merged->overlap);
}

static void check_state(struct result *r, const struct merged_part *p)
{
    char name[WHO];
    if (p->state == PART_LOST)
        r->valid = false; /* the load was another one than that of the plan */
    if (p->state == PART_LOST)
        warn(r, "host-lost", "check that host and the network to it, and measure again",
             "%s was lost: %s", who(&p->share, name, sizeof name), p->why);
    else if (p->state == PART_INCOMPLETE)
        warn(r, "host-incomplete", "measure again", "%s did not do all of its share: %s",
             who(&p->share, name, sizeof name), p->why);
}

static void check_start(struct result *r, const struct merged_part *p)
{
    char name[WHO];
    if (!(p->start_s > (1 - MERGED_OVERLAP_LEAST) * r->duration_s))
        return;
    r->valid = false;
    warn(r, "host-started-late", start_remedy(&p->share),
         "%s started %.3f s after the first: its load is missing from the start of the window",
         who(&p->share, name, sizeof name), p->start_s);
}

static void check_offered(struct result *r, const struct merged_part *p)
{
    char name[WHO];
    double fair = merged_fair_due(r->merged);
    if (p->state == PART_LOST || !((double)p->due < OFFERED_LEAST * fair - DEVIATIONS * sqrt(fair)))
        return;
    r->valid = false;
    warn(r, "host-offered-less", "check that its run lasted as long as the others",
         "%s offered %" PRId64 " requests, %.1f %% of its share of the rate",
         who(&p->share, name, sizeof name), p->due, 100 * (double)p->due / fair);
}

static void check_client(struct result *r, const struct merged_part *p)
{
    char name[WHO];
    if (p->saturated) {
        r->valid = false;
        warn(r, "saturated", "give it more threads (-w), or use more hosts",
             "the busiest thread of %s used %.0f %% of a core: that host may be the bottleneck, "
             "not the server",
             who(&p->share, name, sizeof name), 100 * p->busiest_worker);
    }
    if (p->is_late)
        warn(r, "late", "give it more threads (-w) or a core of its own, or use more hosts",
             "%s sent many of its requests late by its own fault: latencies %s",
             who(&p->share, name, sizeof name),
             r->offered.from_sending ? "leave this delay out (-C)" : "include this delay");
}

void warnings_merged(struct result *r)
{
    check_overlap(r);
    for (size_t i = 0; i < r->merged->nparts; i++) {
        const struct merged_part *p = &r->merged->parts[i];
        check_state(r, p);
        check_start(r, p);
        check_offered(r, p);
        check_client(r, p);
    }
}

/* What a host says of itself, and a merged result does not know. */
static bool is_of_host(const char *code)
{
    static const char *const codes[] = {"busy-machine", "stolen", "cpu-wait", "server-gone",
                                        "gave-up"};
    for (size_t i = 0; i < LEN(codes); i++) {
        if (strcmp(code, codes[i]) == 0)
            return true;
    }
    return false;
}

void warnings_take(struct result *r, const struct result *from)
{
    for (size_t i = 0; i < from->nwarnings; i++) {
        const struct warning *w = &from->warnings[i];
        if (is_of_host(w->code))
            result_warn(r, w->code, w->message, w->remedy); /* it names its host already */
    }
}

/* --- the same of several shares --- */

static const struct warning *warning_of(const struct result *part, const char *code)
{
    for (size_t i = 0; i < part->nwarnings; i++) {
        if (strcmp(part->warnings[i].code, code) == 0)
            return &part->warnings[i];
    }
    return NULL;
}

/* Those that have a warning of the code, and whether all say the same. */
struct alike {
    size_t count;
    bool is_same;
};

static struct alike alike_of(const struct merge *m, const struct warning *first)
{
    struct alike all = {.is_same = true};
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct warning *own = warning_of(m->inputs[i].r, first->code);
        all.count += own != NULL;
        all.is_same &= own == NULL || strcmp(own->message, first->message) == 0;
    }
    return all;
}

/* "share 0 (a)", "share 0 (a), share 2 (c)", "all 4 shares", "7 of 12 shares" */
static void add_names(const struct merge *m, const char *code, size_t count, struct buf *out)
{
    char name[WHO];
    if (count > 1 && count == m->ninputs + m->nlost) {
        buf_printf(out, "all %zu shares", count);
        return;
    }
    if (count > NAMED_MOST) {
        buf_printf(out, "%zu of %zu shares", count, m->ninputs + m->nlost);
        return;
    }
    for (size_t i = 0; i < m->ninputs; i++) {
        if (warning_of(m->inputs[i].r, code) != NULL)
            buf_printf(out, "%s%s", out->len > 0 ? ", " : "",
                       who(m->inputs[i].r->share, name, sizeof name));
    }
}

static void take_alike(struct result *r, const struct merge *m, const struct warning *first)
{
    struct alike all = alike_of(m, first);
    struct buf names;
    buf_init(&names, BUF_TEXT_MAX);
    add_names(m, first->code, all.count, &names);
    warn(r, first->code, first->remedy, "%s: %s%s", names.data, first->message,
         all.is_same ? "" : " (the figures are those of the first of them)");
    buf_fini(&names);
}

static bool was_told(const struct merge *m, size_t before, const char *code)
{
    for (size_t i = 0; i < before; i++) {
        if (warning_of(m->inputs[i].r, code) != NULL)
            return true;
    }
    return false;
}

void warnings_take_shares(struct result *r, const struct merge *m)
{
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *part = m->inputs[i].r;
        for (size_t k = 0; k < part->nwarnings; k++) {
            const struct warning *w = &part->warnings[k];
            if (is_of_host(w->code) && !was_told(m, i, w->code) && warning_of(part, w->code) == w)
                take_alike(r, m, w);
        }
    }
}
