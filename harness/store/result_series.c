#include "store/result_series.h"

#include <math.h>

#include "base/mem.h"
#include "model/second.h"
#include "stat/hist_text.h"

static int64_t sum(int64_t a, int64_t b)
{
    return a == MISSING || b == MISSING ? MISSING : a + b;
}

/* A second that was too short for it does not hide what the other had. */
static double cores_of_both(const struct second *a, const struct second *b)
{
    if (isnan(a->server_cpu_cores))
        return b->server_cpu_cores;
    if (isnan(b->server_cpu_cores))
        return a->server_cpu_cores;
    return (a->server_cpu_cores * a->length_s + b->server_cpu_cores * b->length_s) /
           (a->length_s + b->length_s);
}

/* Counts are added up, samples are taken from the later second. Percentiles cannot be merged: they
 * are of the histograms, see set_percentiles. */
static void merge(struct second *into, const struct second *next)
{
    struct second all = *next;
    all.length_s = into->length_s + next->length_s;
    all.server_cpu_cores = cores_of_both(into, next);
    all.requests = into->requests + next->requests;
    all.errors = into->errors + next->errors;
    all.non_2xx = into->non_2xx + next->non_2xx;
    all.bytes = into->bytes + next->bytes;
    all.due = sum(into->due, next->due);
    all.sent = sum(into->sent, next->sent);
    all.late = sum(into->late, next->late);
    all.p50_ns = MISSING;
    all.p99_ns = MISSING;
    all.max_ns = next->max_ns > into->max_ns ? next->max_ns : into->max_ns; /* MISSING is least */
    all.server_switches = sum(into->server_switches, next->server_switches);
    all.server_run_wait_s = into->server_run_wait_s + next->server_run_wait_s;
    all.jobs_completed = sum(into->jobs_completed, next->jobs_completed);
    *into = all;
}

/* How many seconds an entry has. A power of two, as the intervals of the histograms are, so that an
 * interval never begins within an entry. */
static size_t seconds_merged(const struct result *r, size_t most)
{
    size_t merged = 1;
    while ((r->nseconds + merged - 1) / merged > most)
        merged *= 2;
    return merged;
}

/* Of entry i, which has `merged` seconds; `h` is room for their histogram. */
static void set_percentiles(struct second *s, size_t i, size_t merged,
                            const struct hist_series *latency, struct hist *h)
{
    size_t intervals = merged / latency->step;
    hist_reset(h);
    hist_series_sum(latency, i * intervals, intervals, h);
    second_set_percentiles(s, h);
}

struct second *result_series_within(const struct result *r, size_t most, size_t *out_count)
{
    size_t merged = seconds_merged(r, most);
    struct second *seconds = mem_array(r->nseconds / merged + 1, sizeof *seconds);
    size_t count = 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        if (i % merged == 0)
            seconds[count++] = r->seconds[i];
        else
            merge(&seconds[count - 1], &r->seconds[i]);
    }
    *out_count = count;
    if (merged == 1 || r->series_latency == NULL || r->series_latency->step > merged)
        return seconds;
    struct hist *h = hist_text_new();
    for (size_t i = 0; i < count; i++)
        set_percentiles(&seconds[i], i, merged, r->series_latency, h);
    hist_free(h);
    return seconds;
}

struct hist_series *result_series_latency_within(const struct result *r, size_t most,
                                                 size_t bytes_max)
{
    if (r->series_latency == NULL)
        return NULL;
    return hist_series_regroup(r->series_latency, seconds_merged(r, most), bytes_max);
}
