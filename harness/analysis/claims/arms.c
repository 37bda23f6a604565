#include "analysis/claims/arms.h"

#include <math.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "base/mem.h"
#include "base/str.h"

#define ORIGINALS "express-"
/* A run may end slightly early; one that was cut short is shorter than this. */
#define WINDOW_LEAST_S (ARTICLE_DURATION_S - 0.5)

struct article_arm {
    const char *name;
    const char *strategy, *original; /* of its results; one of them is NULL */
    const char *isolate;             /* of its threads; NULL: any */
    const char *service;             /* that offload starts; NULL: bench-compute */
    const char *setting;             /* a setting that only this arm has; NULL: none */
    const char *setting_words;
    int64_t setting_is;
    int64_t times; /* multiple of the published work */
};

/* clang-format off */
static const struct article_arm rows[] = {
    {.name = "inline", .strategy = "inline", .times = 1},
    {.name = "threads", .strategy = "threads", .setting = "fanout", .setting_words = "threads per request", .setting_is = ARTICLE_FANOUT, .times = 1},
    {.name = ARM_THREADS_V8, .strategy = "threads", .isolate = "v8", .setting = "fanout", .setting_words = "threads per request", .setting_is = ARTICLE_FANOUT, .times = 1},
    {.name = "pool", .strategy = "pool", .setting = "pool_size", .setting_words = "threads in the pool", .setting_is = ARTICLE_POOL, .times = 1},
    {.name = "offload", .strategy = "offload", .times = 1},
    {.name = ARM_OFFLOAD_RUST, .strategy = "offload", .service = "rust-compute", .times = 1},
    {.name = "queue", .strategy = "queue", .times = 1},
    {.name = ARM_QUEUE_LARGER, .strategy = "queue", .times = ARTICLE_LARGER},
    {.name = ARM_EXPRESS_INLINE, .original = ARM_EXPRESS_INLINE, .times = 1},
    {.name = ARM_EXPRESS_THREADS, .original = ARM_EXPRESS_THREADS, .setting = "fanout", .setting_words = "threads per request", .setting_is = ARTICLE_FANOUT, .times = 1},
    {.name = ARM_EXPRESS_PISCINA, .original = ARM_EXPRESS_PISCINA, .setting = "pool_size", .setting_words = "threads in the pool", .setting_is = ARTICLE_POOL, .times = 1},
    {.name = ARM_EXPRESS_COMPUTE, .original = ARM_EXPRESS_COMPUTE, .times = 1},
    {.name = ARM_EXPRESS_RUST, .original = ARM_EXPRESS_RUST, .times = 1},
    {.name = ARM_EXPRESS_QUEUE, .original = ARM_EXPRESS_QUEUE, .times = 1},
    {.name = ARM_EXPRESS_QUEUE_X10, .original = ARM_EXPRESS_QUEUE, .times = ARTICLE_LARGER},
};
/* clang-format on */

static const struct article_arm *row_of(const char *name)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

static const struct setting *setting_of(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    return NULL;
}

static bool same(const char *is, const char *want)
{
    return is == NULL || want == NULL ? is == want : strcmp(is, want) == 0;
}

/* The name of the program that offload was told to start; NULL: it started its own. */
static const char *service_of(const struct result *r)
{
    const struct setting *program = setting_of(r, "compute_program");
    const char *path = program == NULL ? NULL : program->text;
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool has_service(const struct article_arm *row, const struct result *r)
{
    return !same(row->strategy, "offload") || same(service_of(r), row->service);
}

static bool is_of(const struct article_arm *row, const struct result *r)
{
    const struct setting *isolate = setting_of(r, "isolate");
    return same(r->strategy, row->strategy) && same(r->original, row->original) &&
           has_service(row, r) &&
           (row->isolate == NULL || (isolate != NULL && same(isolate->text, row->isolate)));
}

const struct arm *claims_arm(const struct comparison *c, const char *name)
{
    const struct article_arm *row = row_of(name);
    for (size_t i = 0; i < c->narms && row != NULL; i++) {
        const struct arm *arm = &c->arms[i];
        bool fits = strcmp(arm->name, name) == 0;
        for (size_t k = 0; k < arm->nresults; k++)
            fits = fits && is_of(row, &arm->results[k]);
        if (fits)
            return arm;
    }
    return NULL;
}

bool claims_is_original(const struct arm *arm)
{
    return str_starts(arm->name, ORIGINALS);
}

const char *claims_pool_of(const struct arm *arm)
{
    return claims_is_original(arm) ? ARM_EXPRESS_PISCINA : "pool";
}

const char *claims_larger_of(const struct arm *arm)
{
    return claims_is_original(arm) ? ARM_EXPRESS_QUEUE_X10 : ARM_QUEUE_LARGER;
}

/* --- as published --- */

struct check {
    const char *metric, *words; /* words: its name, in the plural */
    double is, want, least;     /* least: the minimum that is accepted */
};

static double work_of(const struct result *r)
{
    return r->work_kind == NULL || r->work_n == MISSING ? NAN : (double)r->work_n;
}

double claims_number(const struct result *r, const char *name)
{
    const struct setting *s = setting_of(r, name);
    return s != NULL && s->kind == SETTING_NUMBER ? s->number : NAN;
}

static size_t checks_of(const struct article_arm *row, const struct result *r,
                        enum claims_window window, struct check *out)
{
    double work = (double)row->times * ARTICLE_COUNTS;
    size_t n = 0;
    out[n++] = (struct check){"connections", "connections", (double)r->connections,
                              ARTICLE_CONNECTIONS, ARTICLE_CONNECTIONS};
    out[n++] = (struct check){"pipelining", "requests in flight per connection",
                              (double)r->pipelining, 1, 1};
    out[n++] = (struct check){"work_n", "counts", work_of(r), work, work};
    if (row->setting != NULL)
        out[n++] = (struct check){row->setting, row->setting_words, claims_number(r, row->setting),
                                  (double)row->setting_is, (double)row->setting_is};
    if (window == WINDOW_WHOLE)
        out[n++] = (struct check){"duration", "seconds", r->duration_s, ARTICLE_DURATION_S,
                                  WINDOW_LEAST_S};
    return n;
}

/* The window may be longer than published; everything else must be equal. */
static bool is_met(const struct check *check)
{
    return check->least < check->want ? check->is >= check->least : check->is == check->want;
}

static void add_check(struct sentence *s, const struct arm *arm, const struct check *check)
{
    if (isnan(check->is))
        sentence_add(s, "an unknown number of");
    else
        sentence_value(s, check->is, METRIC_NUMBER);
    sentence_add(s, " %s instead of ", check->words);
    sentence_value(s, check->want, METRIC_NUMBER);
    sentence_cite(s, arm, check->metric, check->is);
}

/* Adds all differences in one round; true if there are none. */
static bool add_differences(struct sentence *s, const struct arm *arm, const struct result *r,
                            enum claims_window window, const char *who)
{
    struct check checks[5];
    size_t n = checks_of(row_of(arm->name), r, window, checks);
    bool fits = true;
    for (size_t i = 0; i < n; i++) {
        if (is_met(&checks[i]))
            continue;
        if (fits)
            sentence_add(s, "%s differs from the published setup: ", who);
        else
            sentence_add(s, ", ");
        add_check(s, arm, &checks[i]);
        fits = false;
    }
    return fits;
}

static bool is_sleep(const struct result *r)
{
    return r->work_kind != NULL && strcmp(r->work_kind, "sleep") == 0;
}

static bool can_be_used(struct sentence *s, const struct arm *arm, const char *who)
{
    const char *why = arm_why_unsound(arm);
    if (why == NULL && arm_is_disturbed(arm)) {
        sentence_add(s, "disturbed: other programs or steal took the cores in every round of %s",
                     who);
        sentence_cite(s, arm, "results", (double)arm->nresults);
        return false;
    }
    if (arm->nresults == 0 && arm->nproblems > 0) {
        sentence_add(s, "%s has no result: %s", who, arm->problems[0].text);
    } else if (why != NULL) {
        sentence_add(s, "%s%s %s", arm->nresults > 0 ? "one run of " : "", who, why);
        if (arm->nresults > 0)
            sentence_cite(s, arm, "results", (double)arm->nresults);
    }
    return why == NULL;
}

bool claims_arm_fits(struct sentence *s, const struct arm *arm, enum claims_window window,
                     const char *who)
{
    if (!can_be_used(s, arm, who))
        return false;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        if (is_sleep(r)) {
            sentence_add(s, "the work was sleeping, not computing");
            sentence_cite(s, arm, "results", (double)arm->nresults);
            return false;
        }
        if (!add_differences(s, arm, r, window, who))
            return false;
    }
    return true;
}

double claims_cores(const struct arm *arm)
{
    double least = NAN;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct environment *e = &arm->results[i].environment;
        double cores = e->cores_allowed == MISSING ? NAN : (double)e->cores_allowed;
        if (isnan(cores))
            return NAN;
        if (e->cpu_quota_cores < cores)
            cores = e->cpu_quota_cores;
        least = fmin(least, cores);
    }
    return least > 0 ? least : NAN;
}
