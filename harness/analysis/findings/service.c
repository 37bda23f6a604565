/* Requests that got no response, and requests that were refused. */
#include <math.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"

/* "81 timed out", with a comma before all but the first. */
static void add_count(struct sentence *s, const struct arm *arm, int64_t n, const char *metric,
                      const char *words, bool *first)
{
    if (n == 0)
        return;
    sentence_add(s, "%s%lld %s", *first ? ": " : ", ", (long long)n, words);
    sentence_cite(s, arm, metric, (double)n);
    *first = false;
}

static void tell_unanswered(struct comparison *c, const struct arm *arm, const struct replies *r)
{
    struct sentence s;
    bool first = true;
    int64_t missing = r->sent - r->completed;
    sentence_begin(&s, "unanswered");
    if (r->completed == 0)
        sentence_add(&s, "%s answered none of %lld requests", arm->name, (long long)r->sent);
    else if (r->are_few)
        sentence_add(&s, "%s answered only %lld of %lld requests", arm->name,
                     (long long)r->completed, (long long)r->sent);
    else
        sentence_add(&s, "%s left %lld of %lld requests unanswered", arm->name, (long long)missing,
                     (long long)r->sent);
    if (arm->nresults > 1)
        sentence_add(&s, " in %zu rounds", arm->nresults);
    sentence_cite(&s, arm, "accounting.sent", (double)r->sent);
    sentence_cite(&s, arm, "completed", (double)r->completed);
    add_count(&s, arm, r->timed_out, "timeouts", "timed out", &first);
    add_count(&s, arm, r->failed, "failed", "failed", &first);
    add_count(&s, arm, r->in_flight, "unfinished",
              r->in_flight == 1 ? "was in flight at the end" : "were in flight at the end", &first);
    sentence_end(&s, c);
}

static bool was_stopped(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        const char *end = arm->results[i].target_end;
        if (end != NULL && strcmp(end, "max-rss") == 0)
            return true;
    }
    return false;
}

static void tell_stopped(struct comparison *c, const struct arm *arm)
{
    const struct arm_figure *rss = arm_figure_find("rss_peak");
    struct sentence s;
    sentence_begin(&s, "stopped");
    sentence_add(&s, "%s was stopped because it used more memory than --max-rss allows", arm->name);
    if (!isnan(arm_figure_value(arm, rss))) {
        sentence_add(&s, ": ");
        sentence_figure(&s, arm, rss);
    }
    sentence_end(&s, c);
}

void find_unanswered(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        struct replies r = arm_replies(&c->arms[i]);
        bool left = r.are_few || r.timed_out + r.failed > 0;
        if (left && arm_is_sound(&c->arms[i]))
            tell_unanswered(c, &c->arms[i], &r);
        if (was_stopped(&c->arms[i]))
            tell_stopped(c, &c->arms[i]);
    }
}

static void tell_refusals(struct comparison *c, const struct arm *arm, const struct replies *r)
{
    struct sentence s;
    int64_t idle = r->non_2xx + r->mismatches;
    sentence_begin(&s, "refusals");
    sentence_add(&s, "%s did no work for %lld of %lld responses (", arm->name, (long long)idle,
                 (long long)r->completed);
    sentence_cite(&s, arm, "completed", (double)r->completed);
    sentence_cite(&s, arm, "non2xx", (double)r->non_2xx);
    sentence_cite(&s, arm, "mismatches", (double)r->mismatches);
    if (r->non_2xx > 0)
        sentence_add(&s, "%lld non-2xx", (long long)r->non_2xx);
    if (r->mismatches > 0)
        sentence_add(&s, "%s%lld not as expected", r->non_2xx > 0 ? ", " : "",
                     (long long)r->mismatches);
    sentence_add(&s, "): they count in its req/s, p50 and p99, but not in its work/s");
    sentence_end(&s, c);
}

void find_refusals(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        struct replies r = arm_replies(&c->arms[i]);
        if (arm_refuses(&c->arms[i]))
            tell_refusals(c, &c->arms[i], &r);
    }
}
