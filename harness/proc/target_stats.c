#include "proc/target_stats.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/result.h"
#include "proc/threads.h"
#include "stat/hist_codec.h"

/* One number of the text, and where it goes. */
struct field {
    const char *group, *name; /* in the object `group` of the top; NULL: at the top itself */
    const char *subgroup;     /* in an object of the group; NULL: in the group itself */
    size_t at;
    bool real; /* a double, else an int64_t */
};

#define AT(member) offsetof(struct target_stats, member)
/* clang-format off */
static const struct field fields[] = {
    {NULL,          "pid",                  NULL,    AT(pid),                  false},
    {"requests",    "begun",                "heavy", AT(heavy.begun),          false},
    {"requests",    "completed",            "heavy", AT(heavy.completed),      false},
    {"requests",    "rejected",             "heavy", AT(heavy.rejected),       false},
    {"requests",    "aborted",              "heavy", AT(heavy.aborted),        false},
    {"requests",    "failed",               "heavy", AT(heavy.failed),         false},
    {"requests",    "ping",                 NULL,    AT(ping),                 false},
    {"requests",    "other",                NULL,    AT(other),                false},
    {NULL,          "queue_depth",          NULL,    AT(queue_depth),          false},
    {"threads",     "live",                 NULL,    AT(threads_live),         false},
    {"threads",     "started",              NULL,    AT(threads_started),      false},
    {"threads",     "peak",                 NULL,    AT(threads_peak),         false},
    {"usage",       "user_s",               NULL,    AT(user_s),               true},
    {"usage",       "system_s",             NULL,    AT(system_s),             true},
    {"usage",       "rss_peak_bytes",       NULL,    AT(rss_peak_bytes),       false},
    {"usage",       "switches_voluntary",   NULL,    AT(switches_voluntary),   false},
    {"usage",       "switches_involuntary", NULL,    AT(switches_involuntary), false},
    {NULL,          "run_wait_ended_s",     NULL,    AT(run_wait_ended_s),     true},
    {"connections", "open",                 NULL,    AT(connections_open),     false},
    {"connections", "accepted",             NULL,    AT(connections_accepted), false},
    {"queue",       "accepted",             NULL,    AT(queue.accepted),       false},
    {"queue",       "waiting",              NULL,    AT(queue.waiting),        false},
    {"queue",       "delayed",              NULL,    AT(queue.delayed),        false},
    {"queue",       "active",               NULL,    AT(queue.active),         false},
    {"queue",       "completed",            NULL,    AT(queue.completed),      false},
    {"queue",       "failed",               NULL,    AT(queue.failed),         false},
};
/* clang-format on */

/* jansson answers NULL for a member of what is NULL or not an object. */
static const json_t *find(const json_t *root, const struct field *f)
{
    const json_t *at = f->group == NULL ? root : json_object_get(root, f->group);
    if (f->subgroup != NULL)
        at = json_object_get(at, f->subgroup);
    return json_object_get(at, f->name);
}

#define COUNT_MAX INT64_C(9007199254740991) /* 2^53 - 1: sums of a few cannot overflow */

/* No figure here can be negative; one that is counts as not measured. */
static void take_field(const json_t *root, const struct field *f, struct target_stats *out)
{
    const json_t *value = find(root, f);
    void *into = (char *)out + f->at;
    if (f->real) {
        double number = json_is_number(value) ? json_number_value(value) : NAN;
        *(double *)into = number >= 0 ? number : NAN;
    } else {
        int64_t number = json_is_integer(value) ? json_integer_value(value) : MISSING;
        *(int64_t *)into = number >= 0 && number <= COUNT_MAX ? number : MISSING;
    }
}

static int take_hist(const json_t *root, const char *name, struct hist **out, struct err *err)
{
    const json_t *value = json_object_get(json_object_get(root, "histograms"), name);
    if (!json_is_string(value))
        return 0;
    *out = hist_decode(json_string_value(value), err);
    if (*out != NULL && hist_is_latency_shape(*out))
        return 0;
    if (*out != NULL)
        (void)err_set(err, ERR_INVALID, "its digits or its range differ from those of a result");
    err->kind = ERR_INVALID;
    return err_wrap(err, "the target's /stats: histogram '%s'", name);
}

/* An entry without pid and port is skipped. */
static void take_workers(const json_t *queue, struct queue_stats *out)
{
    const json_t *list = json_object_get(queue, "workers");
    out->workers_ready = json_array_size(list); /* 0 unless it is an array */
    size_t most = out->workers_ready < TARGET_WORKERS_MAX ? out->workers_ready : TARGET_WORKERS_MAX;
    out->workers = mem_array(most, sizeof *out->workers);
    for (size_t i = 0; i < most; i++) {
        const json_t *entry = json_array_get(list, i);
        json_int_t pid =
            json_integer_value(json_object_get(entry, "pid")); /* 0 unless it is an integer */
        json_int_t port = json_integer_value(json_object_get(entry, "port"));
        if (pid > 0 && port > 0 && port <= 65535)
            out->workers[out->nworkers++] = (struct worker_place){.pid = pid, .port = (int)port};
    }
}

static void take_health(const json_t *health, struct queue_stats *q)
{
    const json_t *lost = json_object_get(health, "lost");
    const char *eviction = json_string_value(json_object_get(health, "eviction"));
    q->broker_lost = json_is_integer(lost) ? json_integer_value(lost) : MISSING;
    q->broker_is_away = json_is_true(json_object_get(health, "away"));
    q->broker_has_no_log = json_is_true(json_object_get(health, "no_log"));
    if (eviction != NULL && eviction[0] != '\0')
        q->broker_eviction = mem_strdup(eviction);
}

static void take_queue(const json_t *root, struct target_stats *out)
{
    const json_t *queue = json_object_get(root, "queue");
    out->has_queue = json_is_object(queue);
    if (!out->has_queue)
        return;
    out->queue.broker = mem_strdup_or_null(json_string_value(json_object_get(queue, "broker")));
    take_health(json_object_get(queue, "health"), &out->queue);
    take_workers(queue, &out->queue);
}

int64_t queue_stats_backlog(const struct queue_stats *q)
{
    if (q->waiting == MISSING || q->delayed == MISSING || q->active == MISSING)
        return MISSING;
    return q->waiting + q->delayed + q->active;
}

int target_stats_parse(const char *text, size_t len, struct target_stats *out, struct err *err)
{
    json_error_t why;
    *out = (struct target_stats){0};
    if (len > TARGET_STATS_MAX_BYTES)
        return err_set(err, ERR_INVALID, "the target's /stats: more than %zu bytes",
                       TARGET_STATS_MAX_BYTES);
    json_t *root = json_loadb(text, len, 0, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, ERR_INVALID, "the target's /stats is not a JSON object%s%s",
                       root == NULL ? ": " : "", root == NULL ? why.text : "");
    }
    for (size_t i = 0; i < LEN(fields); i++)
        take_field(root, &fields[i], out);
    out->strategy = mem_strdup_or_null(json_string_value(json_object_get(root, "strategy")));
    take_queue(root, out);
    int failed = take_hist(root, "wait", &out->wait, err) < 0 ||
                 take_hist(root, "work", &out->work, err) < 0 ||
                 take_hist(root, "job", &out->job, err) < 0;
    json_decref(root);
    if (failed) {
        target_stats_fini(out);
        return -1;
    }
    return 0;
}

/* There may be hundreds of threads: they are not read where none ended, and samples suffice. */
void target_stats_look(struct target_stats *s)
{
    bool has_ended = s->run_wait_ended_s > 0 && s->pid > 0 && s->pid <= INT_MAX;
    s->run_wait_live_s =
        has_ended ? (double)threads_run_wait_ns((pid_t)s->pid) / (double)NS_PER_S : 0;
}

void target_stats_fini(struct target_stats *s)
{
    free(s->strategy);
    hist_free(s->wait);
    hist_free(s->work);
    hist_free(s->job);
    free(s->queue.broker);
    free(s->queue.broker_eviction);
    free(s->queue.workers);
    *s = (struct target_stats){0};
}
