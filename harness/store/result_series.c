#include "store/result_series.h"

#include <math.h>

#include "base/mem.h"

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

/* Counts are added up, samples are taken from the later second, percentiles cannot be merged. */
static void merge(struct second *into, const struct second *next)
{
    struct second all = *next;
    all.length_s = into->length_s + next->length_s;
    all.server_cpu_cores = cores_of_both(into, next);
    all.requests = into->requests + next->requests;
    all.errors = into->errors + next->errors;
    all.non_2xx = into->non_2xx + next->non_2xx;
    all.bytes = into->bytes + next->bytes;
    all.p50_ns = MISSING;
    all.p99_ns = MISSING;
    all.max_ns = next->max_ns > into->max_ns ? next->max_ns : into->max_ns; /* MISSING is least */
    all.server_switches = sum(into->server_switches, next->server_switches);
    all.server_run_wait_s = into->server_run_wait_s + next->server_run_wait_s;
    all.jobs_completed = sum(into->jobs_completed, next->jobs_completed);
    *into = all;
}

struct second *result_series_within(const struct result *r, size_t most, size_t *out_count)
{
    size_t step = r->nseconds > most ? (r->nseconds + most - 1) / most : 1;
    struct second *seconds = mem_array(r->nseconds / step + 1, sizeof *seconds);
    size_t count = 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        if (i % step == 0)
            seconds[count++] = r->seconds[i];
        else
            merge(&seconds[count - 1], &r->seconds[i]);
    }
    *out_count = count;
    return seconds;
}
