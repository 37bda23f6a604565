/* The rows of metric.h: every figure is one line of a table and the few words that read it. */
#include <math.h>
#include <string.h>

#include "model/metric.h"

#define GIVEN_UP "were given up"
#define LONGER   "check the errors, and set -t above the threshold"

static double count_of(int64_t n)
{
    return n == MISSING ? NAN : (double)n;
}

/* --- what a run must have had --- */

static bool starts_server(const struct plan *plan)
{
    return plan->url == NULL;
}

static bool has_probe(const struct plan *plan)
{
    return plan->probe_path != NULL;
}

static bool compares_bodies(const struct plan *plan)
{
    return plan->expected_body != NULL;
}

/* clang-format off */
static const struct metric_need need_requests = {.text = "requests that completed or failed"};
static const struct metric_need need_replies = {.text = "responses"};
static const struct metric_need need_length = {.text = "a measurement window longer than zero"};
static const struct metric_need need_server = {"a server started by bench (--strategy or --cmd)", starts_server};
static const struct metric_need need_work = {"a server started by bench (--strategy or --cmd), and responses from it", starts_server};
static const struct metric_need need_bundled = {"a bundled target (--strategy)", plan_is_ours};
static const struct metric_need need_connects = {.text = "connections opened in the window (not in the warm-up)"};
static const struct metric_need need_expected = {"an expected body (--expect-body), or the /heavy of a bundled target", compares_bodies};
static const struct metric_need need_probes = {"a probe (--probe)", has_probe};
static const struct metric_need need_probe = {"a probe (--probe) that was answered with a 2xx", has_probe};
static const struct metric_need need_probe_new = {"a probe (--probe) that needed a new connection", has_probe};
static const struct metric_need need_queue = {"a queue (--strategy queue)", plan_has_queue};
static const struct metric_need need_jobs = {"a queue (--strategy queue) with completed jobs", plan_has_queue};
static const struct metric_need need_drain = {"a queue (--strategy queue) that drained completely, or was run without --drain", plan_has_queue};
/* clang-format on */

/* --- single figures --- */

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

/* Without an expected body nothing is compared, which must not count as "none differs". */
static bool has_compared(const struct result *r)
{
    return r->accounting.mismatches > 0 || settings_expect_body(r->config, r->nconfig);
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
    return r->accounting.completed > 0 ? switches / (double)r->accounting.completed : NAN;
}

static double run_wait(const struct result *r)
{
    return r->server.total.run_wait_s * 1e9;
}

static double saturated(const struct result *r)
{
    return r->client.saturated ? 1 : 0;
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

/* clang-format off */
const struct metric_row metric_rows[] = {
    {.name = "rps", .read = rps, .needs = &need_length, .unit = METRIC_NUMBER, .trait = METRIC_THROUGHPUT},
    {.name = "throughput", .read = throughput, .needs = &need_length, .unit = METRIC_SIZE, .trait = METRIC_THROUGHPUT},
    {.name = "completed", .read = completed, .whole = sent, .needs = &need_requests, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT},
    {.name = "errors", .read = errors, .whole = attempts, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "timeouts", .read = timeouts, .whole = sent, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "failed", .read = failed, .whole = sent, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "connect_failed", .read = connect_failed, .whole = connects, .needs = &need_connects, .unit = METRIC_COUNT},
    {.name = "in_flight", .read = in_flight, .whole = sent, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "non2xx", .read = non2xx, .whole = completed, .needs = &need_replies, .unit = METRIC_COUNT},
    {.name = "4xx", .read = status_4xx, .whole = completed, .needs = &need_replies, .unit = METRIC_COUNT},
    {.name = "5xx", .read = status_5xx, .whole = completed, .needs = &need_replies, .unit = METRIC_COUNT},
    {.name = "mismatches", .read = mismatches, .whole = completed, .needs = &need_expected, .unit = METRIC_COUNT},
    {.name = "starved", .read = starved, .whole = connections, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "jain", .read = jain, .needs = &need_replies, .unit = METRIC_NUMBER},
    {.name = "cpu_per_request", .read = cpu_per_request, .needs = &need_work, .unit = METRIC_TIME, .trait = METRIC_CPU},
    {.name = "rss", .read = rss, .needs = &need_server, .unit = METRIC_SIZE},
    {.name = "threads", .read = threads, .needs = &need_server, .unit = METRIC_COUNT},
    {.name = "threads_started", .read = threads_started, .needs = &need_bundled, .unit = METRIC_COUNT},
    {.name = "switches_per_request", .read = switches_per_request, .needs = &need_work, .unit = METRIC_NUMBER, .trait = METRIC_LIVE_THREADS},
    {.name = "run_wait", .read = run_wait, .needs = &need_server, .unit = METRIC_TIME, .trait = METRIC_LIVE_THREADS},
    {.name = "saturated", .read = saturated, .needs = &need_requests, .unit = METRIC_COUNT},
    {.name = "probe_errors", .read = probe_errors, .whole = probes, .needs = &need_probes, .unit = METRIC_COUNT},
    {.name = "accepted", .read = accepted, .whole = sent, .needs = &need_queue, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT},
    {.name = "jobs", .read = jobs, .whole = accepted, .needs = &need_queue, .unit = METRIC_COUNT, .trait = METRIC_THROUGHPUT},
    {.name = "jobs_per_second", .read = jobs_per_second, .needs = &need_queue, .unit = METRIC_NUMBER, .trait = METRIC_THROUGHPUT},
    {.name = "jobs_failed", .read = jobs_failed, .whole = accepted, .needs = &need_queue, .unit = METRIC_COUNT},
    {.name = "backlog", .read = backlog, .whole = accepted, .needs = &need_queue, .unit = METRIC_COUNT},
    {.name = "backlog_left", .read = backlog_left, .whole = accepted, .needs = &need_queue, .unit = METRIC_COUNT},
    {.name = "drain_time", .read = drain_time, .needs = &need_drain, .unit = METRIC_TIME},
    {.name = NULL},
};
/* clang-format on */

/* --- histograms --- */

static struct metric_ages latency(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (struct metric_ages){.finished = r->latency,
                                .unfinished = r->unfinished,
                                .in_flight = a->in_flight_at_end,
                                .timed_out = a->timed_out,
                                .failed = accounting_failed(a)};
}

/* Of these only what finished was measured: those given up may have had any value. */
static struct metric_ages part(const struct result *r, const struct hist *h)
{
    const struct accounting *a = &r->accounting;
    return (struct metric_ages){
        .finished = h, .timed_out = a->timed_out, .failed = accounting_failed(a)};
}

static struct metric_ages first_byte(const struct result *r)
{
    return part(r, r->first_byte);
}

/* Jobs that are not done, of which it is not known how long ago each was added. */
static int64_t jobs_not_done(const struct result *r)
{
    const struct queue_account *q = &r->queue;
    int64_t left = queue_account_left(q);
    return (left == MISSING ? 0 : left) + (q->failed == MISSING ? 0 : q->failed);
}

/* Of a queue it is jobs that wait and are worked on. */
static struct metric_ages job_part(const struct result *r, const struct hist *h)
{
    return (struct metric_ages){.finished = h, .failed = h == NULL ? 0 : jobs_not_done(r)};
}

static struct metric_ages job(const struct result *r)
{
    return job_part(r, r->job);
}

static struct metric_ages wait_time(const struct result *r)
{
    return r->has_queue ? job_part(r, r->wait) : part(r, r->wait);
}

static struct metric_ages work(const struct result *r)
{
    return r->has_queue ? job_part(r, r->work) : part(r, r->work);
}

static struct metric_ages connect_time(const struct result *r)
{
    return (struct metric_ages){.finished = r->connect, .failed = r->accounting.connect_failed};
}

/* A non-2xx reply is not a sample: it says nothing about how long a good one takes. */
static struct metric_ages probe_part(const struct probe_fate *f, const struct hist *finished,
                                     const struct hist *unfinished)
{
    return (struct metric_ages){.finished = finished,
                                .unfinished = probe_waiting(f, unfinished),
                                .in_flight = f->open_at_end,
                                .timed_out = f->timed_out,
                                .failed = f->failed};
}

static struct metric_ages probe(const struct result *r)
{
    struct probe_fate kept = probe_kept(&r->probe_counts);
    if (!r->has_probe)
        return (struct metric_ages){0};
    return probe_part(&kept, r->probe, r->probe_unfinished);
}

static struct metric_ages probe_new(const struct result *r)
{
    if (!r->has_probe)
        return (struct metric_ages){0};
    return probe_part(&r->probe_counts.opened, r->probe_new, r->probe_new_unfinished);
}

/* clang-format off */
const struct metric_hist metric_hists[] = {
    {.name = "latency", .ages = latency, .needs = &need_requests,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "first_byte", .ages = first_byte, .needs = &need_replies,
     .samples = "responses", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "wait", .ages = wait_time, .needs = &need_bundled,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "work", .ages = work, .needs = &need_bundled,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "job", .ages = job, .needs = &need_jobs,
     .samples = "jobs", .gone = "failed or were not done", .remedy = "wait for them with --drain wait, or lower the load"},
    {.name = "connect", .ages = connect_time, .needs = &need_connects,
     .samples = "connections", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "probe", .ages = probe, .needs = &need_probe,
     .samples = "probes", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "probe_new", .ages = probe_new, .needs = &need_probe_new,
     .samples = "probes", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = NULL},
};
/* clang-format on */
