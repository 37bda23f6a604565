#include "model/second.h"

#include <math.h>

void second_init(struct second *s)
{
    *s = (struct second){
        .due = MISSING,
        .sent = MISSING,
        .late = MISSING,
        .p50_ns = MISSING,
        .p99_ns = MISSING,
        .max_ns = MISSING,
        .server_cpu_cores = NAN,
        .server_rss_bytes = MISSING,
        .server_threads = MISSING,
        .server_switches = MISSING,
        .server_run_wait_s = NAN,
        .queue_backlog = MISSING,
        .jobs_completed = MISSING,
        .busiest_worker = NAN,
    };
}

/* One that is not known adds nothing. */
static void add(int64_t *sum, int64_t more)
{
    if (more != MISSING)
        *sum = *sum == MISSING ? more : *sum + more;
}

static void take(int64_t *into, int64_t value)
{
    if (*into == MISSING)
        *into = value;
}

static void take_samples(struct second *s, const struct second *more)
{
    if (isnan(s->server_cpu_cores))
        s->server_cpu_cores = more->server_cpu_cores;
    if (isnan(s->server_run_wait_s))
        s->server_run_wait_s = more->server_run_wait_s;
    take(&s->server_rss_bytes, more->server_rss_bytes);
    take(&s->server_threads, more->server_threads);
    take(&s->server_switches, more->server_switches);
    take(&s->queue_backlog, more->queue_backlog);
    take(&s->jobs_completed, more->jobs_completed);
}

void second_add(struct second *s, const struct second *more)
{
    s->requests += more->requests;
    s->errors += more->errors;
    s->non_2xx += more->non_2xx;
    s->bytes += more->bytes;
    add(&s->due, more->due);
    add(&s->sent, more->sent);
    add(&s->late, more->late);
    s->p50_ns = s->p99_ns = MISSING;
    s->max_ns = more->max_ns > s->max_ns ? more->max_ns : s->max_ns; /* MISSING is least */
    take_samples(s, more);
    faults_add(&s->faults, &more->faults);
    s->busiest_worker = fmax(s->busiest_worker, more->busiest_worker); /* fmax ignores a NAN */
}

/* No percentile is above the maximum, which has more digits. */
static int64_t percentile_ns(const struct hist *h, double q, int64_t max_ns)
{
    int64_t ns = hist_percentile_ns(h, q);
    return ns > max_ns ? max_ns : ns;
}

void second_set_percentiles(struct second *s, const struct hist *latency)
{
    if (hist_count(latency) + hist_over(latency) == 0)
        return;
    s->p50_ns = percentile_ns(latency, 0.50, s->max_ns);
    s->p99_ns = percentile_ns(latency, 0.99, s->max_ns);
}
