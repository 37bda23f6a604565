#include "targets/http/stats.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/procfs.h"
#include "stat/hist_codec.h"

void stats_open(struct stats *s)
{
    *s = (struct stats){.wait = hist_new_latency(), .work = hist_new_latency()};
}

void stats_close(struct stats *s)
{
    hist_free(s->wait);
    hist_free(s->work);
}

/* Reads VmHWM, because ru_maxrss survives exec and can be the peak of the parent. -1: unknown. */
static int64_t rss_peak_bytes(void)
{
    struct procfs_status own;
    return procfs_status_read(AT_FDCWD, "/proc/self/status", &own) < 0 ? -1 : own.rss_peak_bytes;
}

static json_t *usage_json(void)
{
    struct rusage usage = {0};
    int64_t rss = rss_peak_bytes();
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail for SELF */
    return json_pack("{s:f, s:f, s:o, s:I, s:I}", "user_s", clock_timeval_s(&usage.ru_utime),
                     "system_s", clock_timeval_s(&usage.ru_stime), "rss_peak_bytes",
                     rss < 0 ? json_null() : json_integer(rss), "switches_voluntary",
                     (json_int_t)usage.ru_nvcsw, "switches_involuntary",
                     (json_int_t)usage.ru_nivcsw);
}

static json_t *requests_json(const struct stats *s)
{
    return json_pack("{s:{s:I, s:I, s:I, s:I, s:I}, s:I, s:I}", "heavy", "begun",
                     (json_int_t)s->begun, "completed", (json_int_t)s->completed, "rejected",
                     (json_int_t)s->rejected, "aborted", (json_int_t)s->aborted, "failed",
                     (json_int_t)s->failed, "ping", (json_int_t)s->ping, "other",
                     (json_int_t)s->other);
}

static json_t *connections_json(const struct stats *s)
{
    json_t *json = json_pack("{s:I, s:I}", "open", (json_int_t)s->connections_open, "accepted",
                             (json_int_t)s->connections_accepted);
    if (s->has_tls)
        (void)json_object_update_new(json, json_pack("{s:I, s:I, s:I}", "tls_opened",
                                                     (json_int_t)s->tls_opened, "tls_failed",
                                                     (json_int_t)s->tls_failed, "tls_broken",
                                                     (json_int_t)s->tls_broken));
    return json;
}

/* A NULL histogram is left out. */
static void add_histogram(json_t *json, const char *name, const struct hist *h)
{
    if (h == NULL)
        return;
    char *text = hist_encode(h);
    (void)json_object_set_new(json, name, json_string(text));
    free(text);
}

static json_t *histograms_json(const struct stats *s, const struct strategy_stats *from)
{
    json_t *json = json_object();
    add_histogram(json, "wait", from->wait != NULL ? from->wait : s->wait);
    add_histogram(json, "work", from->work != NULL ? from->work : s->work);
    add_histogram(json, "job", from->job);
    return json;
}

json_t *stats_to_json(const struct stats *s, const char *strategy, struct strategy_stats *from,
                      enum stats_detail detail)
{
    json_t *json =
        json_pack("{s:s, s:I, s:o, s:I, s:{s:I, s:I, s:I}, s:o, s:f, s:o}", "strategy", strategy,
                  "pid", (json_int_t)getpid(), "requests", requests_json(s), "queue_depth",
                  (json_int_t)from->queue_depth, "threads", "live", (json_int_t)from->threads_live,
                  "started", (json_int_t)from->threads_started, "peak",
                  (json_int_t)from->threads_peak, "usage", usage_json(), "run_wait_ended_s",
                  from->run_wait_ended_s, "connections", connections_json(s));
    if (detail == STATS_FULL)
        (void)json_object_set_new(json, "histograms", histograms_json(s, from));
    if (from->more != NULL)
        (void)json_object_update(json, from->more);
    json_decref(from->more);
    from->more = NULL;
    return json;
}
