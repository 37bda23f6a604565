#include "cases/article_cases.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims.h"
#include "base/mem.h"
#include "cases/compare_cases.h"

#define STEPS  1000 /* a histogram is as good with its samples in heaps */
#define DIGITS 2    /* of histograms: to 1 %, and ten times as quickly read */

const char *const article_case_names[ARTICLE_CASE_ARMS] = {
    "inline",
    "threads",
    ARM_THREADS_V8,
    "pool",
    "offload",
    "queue",
    ARM_QUEUE_LARGER,
    ARM_EXPRESS_INLINE,
    ARM_EXPRESS_THREADS,
    ARM_EXPRESS_PISCINA,
    ARM_EXPRESS_COMPUTE,
    ARM_EXPRESS_RUST,
    ARM_OFFLOAD_RUST,
    ARM_EXPRESS_QUEUE,
    ARM_EXPRESS_QUEUE_X10,
};

enum part { INLINE, THREADS, POOL, OFFLOAD, QUEUE, PARTS };
static const char *const strategies[PARTS] = {"inline", "threads", "pool", "offload", "queue"};

/* clang-format off */
static const struct trial_shape shapes[PARTS] = {
    [INLINE] = {.completed = 1000, .open = 100, .low_ms = 900, .high_ms = 1100,
                .probe_low_ms = 400, .probe_high_ms = 1000, .cpu_s = 9.9, .rss_mb = 10,
                .threads = 1, .switches = 900},
    [THREADS] = {.completed = 0, .open = 100, .low_ms = 900, .high_ms = 1100, .open_ms = 9800,
                 .probe_low_ms = 100, .probe_high_ms = 4000, .cpu_s = 20, .rss_mb = 1900,
                 .threads = 700, .switches = 1000000},
    [POOL] = {.completed = 5000, .open = 100, .low_ms = 195, .high_ms = 205,
              .probe_low_ms = 1, .probe_high_ms = 9, .cpu_s = 79, .rss_mb = 10,
              .threads = 12, .switches = 9000},
    [OFFLOAD] = {.completed = 5000, .open = 100, .low_ms = 38, .high_ms = 42,
                 .probe_low_ms = 1, .probe_high_ms = 9, .cpu_s = 72, .rss_mb = 20,
                 .threads = 12, .switches = 20000},
    [QUEUE] = {.completed = 150000, .open = 100, .low_ms = 4, .high_ms = 8,
               .probe_low_ms = 1, .probe_high_ms = 9, .cpu_s = 60, .rss_mb = 60,
               .threads = 12, .switches = 300000, .jobs = 5000},
};
/* clang-format on */

static bool is_original(const char *name)
{
    return strncmp(name, "express-", 8) == 0;
}

static bool is_larger(const char *name)
{
    return strcmp(name, ARM_QUEUE_LARGER) == 0 || strcmp(name, ARM_EXPRESS_QUEUE_X10) == 0;
}

static enum part part_of(const char *name)
{
    static const char *const words[PARTS][2] = {
        {"inline", "inline"},   {"threads", "threads"}, {"pool", "piscina"},
        {"offload", "compute"}, {"queue", "bullmq"},
    };
    size_t part = 0;
    if (strcmp(name, ARM_EXPRESS_RUST) == 0)
        return OFFLOAD;
    while (strstr(name, words[part][0]) == NULL && strstr(name, words[part][1]) == NULL)
        part++;
    return (enum part)part;
}

/* In place of what *h is. */
static void put_hist(struct hist **h, int64_t count, double low_ms, double high_ms)
{
    int64_t steps = count < STEPS ? count : STEPS;
    hist_free(*h);
    *h = count > 0 ? hist_new(HIST_MAX_NS, DIGITS) : NULL;
    for (int64_t i = 0; i < steps; i++) {
        double ms = low_ms + (high_ms - low_ms) * ((double)i + 0.5) / (double)steps;
        hist_record_n(*h, (int64_t)(ms * (double)NS_PER_MS), (uint64_t)(count / steps));
    }
}

static void set(struct result *r, char *name, double number, char *text)
{
    struct setting s = {.name = name,
                        .kind = text == NULL ? SETTING_NUMBER : SETTING_TEXT,
                        .number = number,
                        .text = text};
    result_add_setting(r, &s);
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_strdup_or_null(with);
}

void article_case_identify(struct result *r, const char *name)
{
    bool original = is_original(name);
    const char *program = strcmp(name, ARM_EXPRESS_QUEUE_X10) == 0 ? ARM_EXPRESS_QUEUE : name;
    char pool_size[] = "pool_size";
    char fanout[] = "fanout";
    char isolate[] = "isolate";
    char none[] = "none";
    char v8[] = "v8";
    char compute_program[] = "compute_program";
    char rust[] = "originals/rust-compute/rust-compute";
    replace(&r->strategy, original ? NULL : strategies[part_of(name)]);
    replace(&r->original, original ? program : NULL);
    replace(&r->work_kind, "count");
    r->work_n = (int64_t)ARTICLE_COUNTS * (is_larger(name) ? ARTICLE_LARGER : 1);
    r->connections = ARTICLE_CONNECTIONS;
    r->pipelining = 1;
    r->duration_s = ARTICLE_DURATION_S;
    set(r, pool_size, ARTICLE_POOL, NULL);
    set(r, fanout, ARTICLE_FANOUT, NULL);
    if (strcmp(name, ARM_OFFLOAD_RUST) == 0)
        set(r, compute_program, 0, rust);
    set(r, isolate, 0, strcmp(name, ARM_THREADS_V8) == 0 ? v8 : none);
}

static void add_process(struct result *r, const char *role, double cpu_s)
{
    struct process_cost *c = result_add_process(r, role, 100 + (int64_t)r->server.nprocesses);
    c->cpu_user_s = cpu_s;
    c->cpu_system_s = 0;
}

static void make_small(struct hist **h)
{
    if (*h == NULL)
        return;
    struct hist *small = hist_new(HIST_MAX_NS, DIGITS);
    hist_merge(small, *h);
    hist_free(*h);
    *h = small;
}

static void run_as_published(struct result *r, const char *name, int64_t round)
{
    enum part part = part_of(name);
    struct trial_shape shape = shapes[part];
    shape.strategy = strategies[part];
    shape.completed += shape.completed / 100 * (round - 1); /* so that there is a range */
    trial_of(&shape, r);
#define X(hist) make_small(&r->hist);
    RESULT_HISTS(X)
#undef X
    article_case_identify(r, name);
    r->environment.cores_allowed = ARTICLE_CORES;
    if (part == THREADS) {
        r->server.total.threads_started = (int64_t)ARTICLE_CONNECTIONS * ARTICLE_FANOUT;
        r->server.total.cpu_system_s = 60;
    } else if (part == POOL) {
        put_hist(&r->wait, 5000, 180, 188);
        put_hist(&r->work, 5000, 15, 17);
    } else if (part == OFFLOAD) {
        add_process(r, "target", 2);
        add_process(r, "compute", 70);
    }
}

void article_case(struct comparison *out, const char *const *names, size_t count)
{
    comparison_init(out);
    out->rounds = ARTICLE_CASE_ROUNDS;
    for (size_t i = 0; i < count; i++) {
        if (names[i] == NULL || article_case_arm(out, names[i]) != NULL)
            continue;
        (void)comparison_add_arm(out, names[i]);
        for (int64_t round = 1; round <= ARTICLE_CASE_ROUNDS; round++) {
            struct result r;
            run_as_published(&r, names[i], round);
            comparison_add_result(out, out->narms - 1, round, &r);
        }
    }
}

struct arm *article_case_arm(struct comparison *c, const char *name)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (strcmp(c->arms[i].name, name) == 0)
            return &c->arms[i];
    }
    return NULL;
}

static void answer(struct result *r, int64_t count)
{
    struct accounting *a = &r->accounting;
    a->completed = count;
    a->statuses[r->has_queue ? 202 : 200] = count;
    a->sent = count + a->in_flight_at_end;
}

void article_case_change(struct result *r, const struct change *change)
{
    char *at = (char *)r + change->at;
    switch (change->how) {
    case CHANGE_NOTHING:
        break;
    case CHANGE_COUNT:
        *(int64_t *)(void *)at = (int64_t)change->value;
        break;
    case CHANGE_NUMBER:
        *(double *)(void *)at = change->value;
        break;
    case CHANGE_HIST:
        put_hist((struct hist **)(void *)at, (int64_t)change->value, change->low_ms,
                 change->high_ms);
        break;
    case CHANGE_ANSWER:
        answer(r, (int64_t)change->value);
        break;
    case CHANGE_CALL:
        change->call(r);
        break;
    }
}

void article_case_change_arm(struct arm *arm, const struct change *change)
{
    for (size_t i = 0; i < arm->nresults; i++)
        article_case_change(&arm->results[i], change);
}
