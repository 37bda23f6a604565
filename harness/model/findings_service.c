/* How the arms treated those who asked: what got no reply, what was refused. */
#include <math.h>
#include <string.h>

#include "model/findings_parts.h"
#include "model/findings_sentence.h"

#define PART 0.01 /* what is more is worth telling */

struct replies {
    int64_t sent, completed, timed_out, failed, open, non_2xx, mismatches;
};

/* Over all rounds. */
static struct replies replies_of(const struct arm *arm)
{
    struct replies sum = {0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct accounting *a = &arm->results[i].accounting;
        sum.sent += a->sent;
        sum.completed += a->completed;
        sum.timed_out += a->timed_out;
        sum.failed += accounting_failed(a);
        sum.open += a->in_flight_at_end;
        sum.non_2xx += a->non_2xx;
        sum.mismatches += a->mismatches;
    }
    return sum;
}

/* Than half: what is open at the end of every closed loop is the most of it. */
static bool answers_less(const struct replies *r)
{
    return r->sent > 0 && r->completed < r->sent / 2;
}

bool arm_loses(const struct arm *arm)
{
    struct replies r = replies_of(arm);
    return answers_less(&r) || (double)(r.timed_out + r.failed) > PART * (double)r.sent;
}

bool arm_refuses(const struct arm *arm)
{
    struct replies r = replies_of(arm);
    return (double)(r.non_2xx + r.mismatches) > PART * (double)r.completed;
}

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
    if (answers_less(r))
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
    add_count(&s, arm, r->open, "unfinished",
              r->open == 1 ? "was open at the end" : "were open at the end", &first);
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
        struct replies r = replies_of(&c->arms[i]);
        bool left = answers_less(&r) || r.timed_out + r.failed > 0;
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
    sentence_add(&s, "%s did no work for %lld of %lld replies (", arm->name, (long long)idle,
                 (long long)r->completed);
    sentence_cite(&s, arm, "completed", (double)r->completed);
    sentence_cite(&s, arm, "non2xx", (double)r->non_2xx);
    sentence_cite(&s, arm, "mismatches", (double)r->mismatches);
    if (r->non_2xx > 0)
        sentence_add(&s, "%lld no 2xx", (long long)r->non_2xx);
    if (r->mismatches > 0)
        sentence_add(&s, "%s%lld not with the expected body", r->non_2xx > 0 ? ", " : "",
                     (long long)r->mismatches);
    sentence_add(&s, "): they are in its req/s, p50 and p99, not in its work/s");
    sentence_end(&s, c);
}

void find_refusals(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        struct replies r = replies_of(&c->arms[i]);
        if (arm_refuses(&c->arms[i]))
            tell_refusals(c, &c->arms[i], &r);
    }
}
