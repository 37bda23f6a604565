/* The rows of metric.h: every figure is one line of a table and the few words that read it. */
#include <math.h>
#include <string.h>

#include "model/lateness.h"
#include "model/metric_internal.h"

static double count_of(int64_t n)
{
    return n == MISSING ? NAN : (double)n;
}

static double rps(const struct result *r)
{
    return result_requests_per_second(r);
}

static double throughput(const struct result *r)
{
    return r->duration_s > 0 ? (double)r->accounting.bytes_received / r->duration_s : NAN;
}

static double completed(const struct result *r)
{
    return (double)r->accounting.completed;
}

static double sent(const struct result *r)
{
    return (double)r->accounting.sent;
}

/* As autocannon counts them: one for each attempt that led to nothing. */
static double errors(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (double)(a->timed_out + accounting_failed(a) + a->connect_failed);
}

static double attempts(const struct result *r)
{
    return (double)(r->accounting.sent + r->accounting.connect_failed);
}

static double timeouts(const struct result *r)
{
    return (double)r->accounting.timed_out;
}

static double failed(const struct result *r)
{
    return (double)accounting_failed(&r->accounting);
}

static double connect_failed(const struct result *r)
{
    return (double)r->accounting.connect_failed;
}

static double connects(const struct result *r)
{
    return (double)(r->accounting.connected + r->accounting.connect_failed);
}

static double in_flight(const struct result *r)
{
    return (double)r->accounting.in_flight_at_end;
}

static double non2xx(const struct result *r)
{
    return (double)r->accounting.non_2xx;
}

static double unbound(const struct result *r)
{
    return (double)r->accounting.unbound;
}

static double tried(const struct result *r)
{
    return (double)(r->accounting.sent + r->accounting.unbound);
}

static double status_class(const struct result *r, int digit)
{
    int64_t sum = 0;
    for (int status = digit * 100; status < digit * 100 + 100; status++)
        sum += r->accounting.statuses[status];
    return (double)sum;
}

static double status_4xx(const struct result *r)
{
    return status_class(r, 4);
}

static double status_5xx(const struct result *r)
{
    return status_class(r, 5);
}

/* Where nothing is expected nothing is compared, which must not count as "none differs". */
static bool has_compared(const struct result *r)
{
    return r->accounting.mismatches > 0 || settings_expect(r->config, r->nconfig);
}

static double mismatches(const struct result *r)
{
    return has_compared(r) ? (double)r->accounting.mismatches : NAN;
}

static double starved(const struct result *r)
{
    return count_of(r->fairness.starved);
}

static double connections(const struct result *r)
{
    return (double)r->connections;
}

static double jain(const struct result *r)
{
    return r->fairness.jain;
}

static double cpu_per_request(const struct result *r)
{
    return r->server.total.cpu_per_request_us * 1e3;
}

static double rss(const struct result *r)
{
    return count_of(r->server.total.rss_peak_bytes);
}

static double threads(const struct result *r)
{
    return count_of(r->server.total.threads_peak);
}

static double threads_started(const struct result *r)
{
    return count_of(r->server.total.threads_started);
}

static double switches_per_request(const struct result *r)
{
    const struct process_cost *c = &r->server.total;
    double switches = count_of(c->switches_voluntary) + count_of(c->switches_involuntary);
    int64_t replies = accounting_replies(&r->accounting);
    return replies > 0 ? switches / (double)replies : NAN;
}

static double run_wait(const struct result *r)
{
    return r->server.total.run_wait_s * 1e9;
}

static double saturated(const struct result *r)
{
    return r->client.saturated ? 1 : 0;
}

static double due(const struct result *r)
{
    return count_of(r->accounting.due);
}

static double achieved(const struct result *r)
{
    return r->accounting.due == MISSING ? NAN : sent(r);
}

static double unsent(const struct result *r)
{
    return count_of(r->accounting.unsent);
}

static double late(const struct result *r)
{
    struct lateness l = lateness_of(r);
    return l.limit_ns == MISSING ? NAN : l.own;
}

static double probe_errors(const struct result *r)
{
    const struct probe_fate *all = &r->probe_counts.all;
    return r->has_probe ? (double)(all->timed_out + probe_fate_failed(all)) : NAN;
}

static double probes(const struct result *r)
{
    return r->has_probe ? (double)r->probe_counts.all.due : NAN;
}

static double queue_count(const struct result *r, int64_t n)
{
    return r->has_queue ? count_of(n) : NAN;
}

static double accepted(const struct result *r)
{
    return queue_count(r, r->queue.accepted);
}

static double jobs(const struct result *r)
{
    return queue_count(r, r->queue.completed);
}

static double jobs_per_second(const struct result *r)
{
    return r->has_queue ? r->queue.completed_per_s : NAN;
}

static double jobs_failed(const struct result *r)
{
    return queue_count(r, r->queue.failed);
}

static double backlog(const struct result *r)
{
    return queue_count(r, r->queue.backlog_end);
}

static double backlog_left(const struct result *r)
{
    return queue_count(r, queue_account_left(&r->queue));
}

static double drain_time(const struct result *r)
{
    const struct queue_account *q = &r->queue;
    if (!r->has_queue || q->drain == DRAIN_UNKNOWN || q->drain == DRAIN_CUT)
        return NAN;
    return q->drain == DRAIN_PROJECTED && isnan(q->drain_s) ? INFINITY : q->drain_s * 1e9;
}

/* No run has one: see model/capacity.h. */
static double capacity(const struct result *r)
{
    (void)r;
    return NAN;
}

/* clang-format off */
const struct metric_row metric_rows[] = {
    {.name = "rps", .read = rps, .needs = &metric_need_length, .unit = METRIC_NUMBER, .trait = METRIC_THROUGHPUT, .by_request = true},
    {.name = "throughput", .read = throughput, .needs = &metric_need_length, .unit = METRIC_SIZE, .trait = METRIC_THROUGHPUT},
    {.name = "completed", .read = completed, .whole = sent, .needs = &metric_need_requests, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT, .by_request = true},
    {.name = "errors", .read = errors, .whole = attempts, .needs = &metric_need_requests, .unit = METRIC_COUNT, .by_request = true},
    {.name = "timeouts", .read = timeouts, .whole = sent, .needs = &metric_need_requests, .unit = METRIC_COUNT, .by_request = true},
    {.name = "failed", .read = failed, .whole = sent, .needs = &metric_need_requests, .unit = METRIC_COUNT, .by_request = true},
    {.name = "connect_failed", .read = connect_failed, .whole = connects, .needs = &metric_need_connects, .unit = METRIC_COUNT},
    {.name = "in_flight", .read = in_flight, .whole = sent, .needs = &metric_need_requests, .unit = METRIC_COUNT, .by_request = true},
    {.name = "non2xx", .read = non2xx, .whole = completed, .needs = &metric_need_replies, .unit = METRIC_COUNT, .by_request = true},
    {.name = "4xx", .read = status_4xx, .whole = completed, .needs = &metric_need_replies, .unit = METRIC_COUNT},
    {.name = "5xx", .read = status_5xx, .whole = completed, .needs = &metric_need_replies, .unit = METRIC_COUNT},
    {.name = "mismatches", .read = mismatches, .whole = completed, .needs = &metric_need_expected, .unit = METRIC_COUNT, .by_request = true},
    {.name = "unbound", .read = unbound, .whole = tried, .needs = &metric_need_requests, .unit = METRIC_COUNT, .by_request = true},
    {.name = "starved", .read = starved, .whole = connections, .needs = &metric_need_requests, .unit = METRIC_COUNT},
    {.name = "jain", .read = jain, .needs = &metric_need_replies, .unit = METRIC_NUMBER},
    {.name = "cpu_per_request", .read = cpu_per_request, .needs = &metric_need_work, .unit = METRIC_TIME, .trait = METRIC_CPU},
    {.name = "rss", .read = rss, .needs = &metric_need_server, .unit = METRIC_SIZE},
    {.name = "threads", .read = threads, .needs = &metric_need_server, .unit = METRIC_COUNT},
    {.name = "threads_started", .read = threads_started, .needs = &metric_need_bundled, .unit = METRIC_COUNT},
    {.name = "switches_per_request", .read = switches_per_request, .needs = &metric_need_work, .unit = METRIC_NUMBER, .trait = METRIC_LIVE_THREADS},
    {.name = "run_wait", .read = run_wait, .needs = &metric_need_server, .unit = METRIC_TIME, .trait = METRIC_LIVE_THREADS},
    {.name = "saturated", .read = saturated, .needs = &metric_need_requests, .unit = METRIC_COUNT},
    {.name = "achieved", .read = achieved, .whole = due, .needs = &metric_need_rate, .unit = METRIC_COUNT},
    {.name = "late", .read = late, .whole = due, .needs = &metric_need_rate, .unit = METRIC_COUNT},
    {.name = "unsent", .read = unsent, .whole = due, .needs = &metric_need_rate, .unit = METRIC_COUNT},
    {.name = "probe_errors", .read = probe_errors, .whole = probes, .needs = &metric_need_probes, .unit = METRIC_COUNT},
    {.name = "accepted", .read = accepted, .whole = sent, .needs = &metric_need_queue, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT},
    {.name = "jobs", .read = jobs, .whole = accepted, .needs = &metric_need_queue, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT},
    {.name = "jobs_per_second", .read = jobs_per_second, .needs = &metric_need_queue, .unit = METRIC_NUMBER, .trait = METRIC_THROUGHPUT},
    {.name = "jobs_failed", .read = jobs_failed, .whole = accepted, .needs = &metric_need_queue, .unit = METRIC_COUNT},
    {.name = "backlog", .read = backlog, .whole = accepted, .needs = &metric_need_queue, .unit = METRIC_COUNT},
    {.name = "backlog_left", .read = backlog_left, .whole = accepted, .needs = &metric_need_queue, .unit = METRIC_COUNT},
    {.name = "drain_time", .read = drain_time, .needs = &metric_need_drain, .unit = METRIC_TIME},
    {.name = METRIC_CAPACITY, .read = capacity, .needs = &metric_need_capacity, .unit = METRIC_NUMBER, .trait = METRIC_THROUGHPUT},
    {.name = NULL},
};
/* clang-format on */
