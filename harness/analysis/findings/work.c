/* The work of a request: it determines what the figures can show. */
#include <string.h>

#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"
#include "base/units.h"

bool arm_work_is_known(const struct arm *arm)
{
    return arm->nresults > 0 && arm->results[0].work_kind != NULL &&
           arm->results[0].work_n != MISSING;
}

/* The first run with known work; NULL if there is none. */
static const struct result *known(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_work_is_known(&c->arms[i]))
            return &c->arms[i].results[0];
    }
    return NULL;
}

bool arm_does_the_work(const struct comparison *c, const struct arm *arm)
{
    const struct result *first = known(c);
    return first == NULL || !arm_work_is_known(arm) ||
           (strcmp(arm->results[0].work_kind, first->work_kind) == 0 &&
            arm->results[0].work_n == first->work_n);
}

static bool is_sleep(const struct result *r)
{
    return strcmp(r->work_kind, "sleep") == 0;
}

/* "20.0M counts", "50.0 ms of waiting". */
static void add_amount(struct sentence *s, const struct result *r)
{
    char text[32];
    if (is_sleep(r))
        sentence_add(s, "%s of waiting", units_format_time(r->work_n, text, sizeof text));
    else
        sentence_add(s, "%s counts", units_format_count((double)r->work_n, text, sizeof text));
}

/* CPU-bound work and waiting need different strategies, so the kind of work comes first. */
static void tell_kind(struct comparison *c, const struct result *r)
{
    struct sentence s;
    sentence_begin(&s, is_sleep(r) ? "waiting-work" : "computing-work");
    sentence_add(&s, "Each request is ");
    add_amount(&s, r);
    sentence_add(&s, is_sleep(r)
                         ? " without using the CPU: throughput depends on how many requests an arm "
                           "lets wait at once, not on the cores"
                         : " of CPU work: the cores limit what any arm can complete");
    sentence_cite(&s, NULL, "work.n", (double)r->work_n);
    sentence_end(&s, c);
}

static void tell_other(struct comparison *c, const struct arm *arm)
{
    struct sentence s;
    sentence_begin(&s, "other-work");
    sentence_add(&s, "%s is not ranked: it did different work, ", arm->name);
    add_amount(&s, &arm->results[0]);
    sentence_add(&s, " per request");
    sentence_cite(&s, arm, "work.n", (double)arm->results[0].work_n);
    sentence_end(&s, c);
}

/* The work of a user's own server is unknown. */
static void tell_own(struct comparison *c, const struct arm_set *own)
{
    struct sentence s;
    sentence_begin(&s, "own-work");
    sentence_arms(&s, own, "and");
    sentence_add(&s,
                 " %s %s own work: work/s is comparable with the bundled strategies only if it is "
                 "the same work",
                 own->count > 1 ? "do" : "does", own->count > 1 ? "their" : "its");
    sentence_end(&s, c);
}

void find_work(struct comparison *c)
{
    const struct result *first = known(c);
    struct arm_set own = {0};
    if (first == NULL)
        return;
    tell_kind(c, first);
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (arm->nresults == 0)
            continue;
        if (!arm_work_is_known(arm))
            arm_set_add(&own, arm);
        else if (!arm_does_the_work(c, arm))
            tell_other(c, arm);
    }
    if (own.count > 0)
        tell_own(c, &own);
    arm_set_fini(&own);
}
