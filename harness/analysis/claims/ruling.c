#include "analysis/claims/ruling.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>

#include "analysis/arm_traits.h"
#include "base/mem.h"

static double busiest(const struct result *r)
{
    return r->client.busiest_worker;
}

/* Not the metric, which is missing where no body was compared. */
static double mismatches(const struct result *r)
{
    return (double)r->accounting.mismatches;
}

static double sent(const struct result *r)
{
    return (double)r->accounting.sent;
}

/* clang-format off */
static const struct arm_figure at_bench = {.key = "client.busiest_worker", .title = "", .unit = METRIC_SHARE, .read = busiest};
static const struct arm_figure at_open = {.key = "unfinished", .title = "", .unit = METRIC_COUNT, .metric = "in_flight"};
static const struct arm_figure at_sent = {.key = "accounting.sent", .title = "", .unit = METRIC_COUNT, .read = sent};
static const struct {
    struct arm_figure figure;
    const char *words;
} failures[] = {
    {.figure = {.key = "timeouts", .title = "", .unit = METRIC_COUNT, .metric = "timeouts"}, .words = "timed out"},
    {.figure = {.key = "failed", .title = "", .unit = METRIC_COUNT, .metric = "failed"}, .words = "failed"},
    {.figure = {.key = "connect_failed", .title = "", .unit = METRIC_COUNT, .metric = "connect_failed"}, .words = "could not connect"},
    {.figure = {.key = "non2xx", .title = "", .unit = METRIC_COUNT, .metric = "non2xx"}, .words = "got a non-2xx response"},
    {.figure = {.key = "mismatches", .title = "", .unit = METRIC_COUNT, .read = mismatches}, .words = "got a response that is not as expected"},
};
/* clang-format on */

void ruling_measured(struct ruling *r)
{
    r->measured = sentence_take(&r->words);
}

void ruling_holds_when(struct ruling *r, const char *format, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, BUF_TEXT_MAX);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    assert(r->holds_when == NULL);
    r->holds_when = buf_take(&text);
    buf_fini(&text);
}

bool ruling_knows(struct ruling *r, const struct arm *arm, const struct arm_figure *figure)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    bool known = !isnan(sum.median);
    if (known && !sum.is_few)
        return true;
    if (arm == r->arm)
        sentence_add(&r->words, "its %s", figure->title);
    else
        sentence_add(&r->words, "the %s of %s", figure->title, arm->name);
    sentence_add(&r->words, known ? " has too few samples" : " was not measured");
    if (known)
        sentence_cite(&r->words, arm, figure->key, sum.median);
    return false;
}

const struct arm *ruling_partner(struct ruling *r, const char *name,
                                 const struct arm_figure *figure)
{
    const struct arm *arm = claims_arm(r->all, name);
    if (arm == NULL)
        sentence_add(&r->words, "there is no %s to compare it with", name);
    else if (claims_arm_fits(&r->words, arm, WINDOW_ANY, name))
        return arm;
    if (!isnan(arm_figure_value(r->arm, figure))) {
        sentence_add(&r->words, "; the %s of %s is ", figure->title, r->arm->name);
        sentence_figure(&r->words, r->arm, figure);
    }
    return NULL;
}

/* Sum over all rounds. */
static double total(const struct arm *arm, const struct arm_figure *figure)
{
    double sum = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        sum += arm_figure_read(figure, &arm->results[i]).value;
    return sum;
}

/* bench gives up a request after the timeout, so in a run that is no longer none can time out: what
 * had no response is in flight at its end. */
bool ruling_cannot_time_out(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        any = any || claims_number(r, "timeout") >= claims_number(r, "duration"); /* not of NAN */
    }
    return any;
}

static void add_unanswered(struct ruling *r)
{
    double open = total(r->arm, &at_open);
    if (open == 0 || !ruling_cannot_time_out(r->arm))
        return;
    sentence_add(&r->words,
                 " (the run is no longer than the timeout: %.0f had no response at its end)", open);
    sentence_cite(&r->words, r->arm, at_open.key, open);
}

bool ruling_nothing_failed(struct ruling *r)
{
    struct sentence *s = &r->words;
    size_t kinds = 0;
    sentence_add(s, "of %.0f requests, ", total(r->arm, &at_sent));
    sentence_cite(s, r->arm, at_sent.key, total(r->arm, &at_sent));
    for (size_t i = 0; i < LEN(failures); i++) {
        double count = total(r->arm, &failures[i].figure);
        sentence_cite(s, r->arm, failures[i].figure.key, count);
        if (count == 0)
            continue;
        sentence_add(s, "%s%.0f %s", kinds > 0 ? ", " : "", count, failures[i].words);
        kinds++;
    }
    if (kinds == 0)
        sentence_add(s, "none failed");
    add_unanswered(r);
    return kinds == 0;
}

bool ruling_is_bound(struct ruling *r, const struct arm_figure *figure)
{
    if (!arm_figure_is_bound(r->arm, figure))
        return false;
    sentence_add(&r->words,
                 "; its %s is only a lower bound, which cannot show that it is below a "
                 "limit",
                 figure->title);
    return true;
}

bool ruling_limited(struct ruling *r, const struct arm *arm)
{
    if (!arm_is_saturated(arm))
        return false;
    sentence_add(&r->words, "; bench was the bottleneck%s%s", arm == r->arm ? "" : " for ",
                 arm == r->arm ? "" : arm->name);
    sentence_cite(&r->words, arm, at_bench.key, arm_figure_value(arm, &at_bench));
    return true;
}

bool ruling_told_apart(struct ruling *r, const struct log_rounds *more,
                       const struct log_rounds *less)
{
    struct pooled_spread spread = {0};
    size_t rounds = more->count < less->count ? more->count : less->count;
    apart_pool(&spread, more);
    apart_pool(&spread, less);
    if (apart_is_more(&spread, more, less))
        return true;
    sentence_add(&r->words,
                 "; the two are too close to call after %zu round%s (under 5 %% apart, or not more "
                 "than chance makes of equal arms)",
                 rounds, rounds == 1 ? "" : "s");
    return false;
}

enum claim_verdict ruling_short(struct ruling *r)
{
    return ruling_limited(r, r->arm) ? CLAIM_NOT_COMPARABLE : CLAIM_FAILS;
}

void ruling_add_times(struct ruling *r, double value, const struct arm *than,
                      const struct arm_figure *figure)
{
    struct sentence *s = &r->words;
    sentence_value(s, value / arm_figure_value(than, figure), METRIC_NUMBER);
    sentence_add(s, " times %s (", than->name);
    sentence_figure(s, than, figure);
    sentence_add(s, ")");
}

/* claims_arm_fits without its sentence. */
static bool fits_quietly(const struct arm *arm)
{
    struct sentence words;
    sentence_begin(&words, "");
    bool fits = claims_arm_fits(&words, arm, WINDOW_ANY, "");
    sentence_drop(&words);
    return fits;
}

const struct arm *ruling_other(const struct ruling *r, const char *name)
{
    const struct arm *arm = claims_arm(r->all, name);
    return arm != NULL && fits_quietly(arm) ? arm : NULL;
}

void ruling_add_beside(struct ruling *r, const char *name, const char *words,
                       const struct arm_figure *figure)
{
    const struct arm *arm = ruling_other(r, name);
    if (arm == NULL || isnan(arm_figure_value(arm, figure)))
        return;
    sentence_add(&r->words, "; with %s %s ", name, words);
    sentence_figure(&r->words, arm, figure);
}
