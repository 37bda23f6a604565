/* The rows of metric.h: every figure is one line of a table and the few words that read it. */
#include <math.h>

#include "model/metric.h"

#define NEEDS_REQUESTS "requests that were answered or failed"
#define NEEDS_REPLIES  "replies"
#define NEEDS_LENGTH   "a window of some length"
#define NEEDS_SERVER   "a server that bench starts (--strategy or --cmd)"
#define NEEDS_WORK     "a server that bench starts (--strategy or --cmd), and replies from it"
#define NEEDS_BUNDLED  "a bundled target (--strategy)"
#define NEEDS_CONNECTS "connections that come up in the window (not in the warm-up)"
#define NEEDS_PROBE    "a probe beside the load"

static double count_of(int64_t n)
{
    return n == MISSING ? NAN : (double)n;
}

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

static double mismatches(const struct result *r)
{
    return (double)r->accounting.mismatches;
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
    const struct probe_counts *c = &r->probe_counts;
    return r->has_probe ? (double)(c->timed_out + c->failed) : NAN;
}

static double probes(const struct result *r)
{
    return r->has_probe ? (double)r->probe_counts.due : NAN;
}

/* clang-format off */
const struct metric_row metric_rows[] = {
    {"rps", rps, NULL, NEEDS_LENGTH, METRIC_NUMBER, METRIC_THROUGHPUT},
    {"throughput", throughput, NULL, NEEDS_LENGTH, METRIC_SIZE, METRIC_THROUGHPUT},
    {"completed", completed, sent, NEEDS_REQUESTS, METRIC_COUNT, METRIC_THROUGHPUT},
    {"errors", errors, attempts, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"timeouts", timeouts, sent, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"failed", failed, sent, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"connect_failed", connect_failed, connects, NEEDS_CONNECTS, METRIC_COUNT, METRIC_PLAIN},
    {"in_flight", in_flight, sent, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"non2xx", non2xx, completed, NEEDS_REPLIES, METRIC_COUNT, METRIC_PLAIN},
    {"4xx", status_4xx, completed, NEEDS_REPLIES, METRIC_COUNT, METRIC_PLAIN},
    {"5xx", status_5xx, completed, NEEDS_REPLIES, METRIC_COUNT, METRIC_PLAIN},
    {"mismatches", mismatches, completed, NEEDS_REPLIES, METRIC_COUNT, METRIC_PLAIN},
    {"starved", starved, connections, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"jain", jain, NULL, NEEDS_REPLIES, METRIC_NUMBER, METRIC_PLAIN},
    {"cpu_per_request", cpu_per_request, NULL, NEEDS_WORK, METRIC_TIME, METRIC_PLAIN},
    {"rss", rss, NULL, NEEDS_SERVER, METRIC_SIZE, METRIC_PLAIN},
    {"threads", threads, NULL, NEEDS_SERVER, METRIC_COUNT, METRIC_PLAIN},
    {"threads_started", threads_started, NULL, NEEDS_BUNDLED, METRIC_COUNT, METRIC_PLAIN},
    {"switches_per_request", switches_per_request, NULL, NEEDS_WORK, METRIC_NUMBER, METRIC_LIVE_THREADS},
    {"run_wait", run_wait, NULL, NEEDS_SERVER, METRIC_TIME, METRIC_LIVE_THREADS},
    {"saturated", saturated, NULL, NEEDS_REQUESTS, METRIC_COUNT, METRIC_PLAIN},
    {"probe_errors", probe_errors, probes, NEEDS_PROBE, METRIC_COUNT, METRIC_PLAIN},
    {.name = NULL},
};
/* clang-format on */

/* --- histograms --- */

static struct metric_ages latency(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (struct metric_ages){.finished = r->latency,
                                .unfinished = r->unfinished,
                                .open = a->in_flight_at_end,
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

static struct metric_ages wait_time(const struct result *r)
{
    return part(r, r->wait);
}

static struct metric_ages work(const struct result *r)
{
    return part(r, r->work);
}

static struct metric_ages connect_time(const struct result *r)
{
    return (struct metric_ages){.finished = r->connect, .failed = r->accounting.connect_failed};
}

static struct metric_ages probe(const struct result *r)
{
    const struct probe_counts *c = &r->probe_counts;
    if (!r->has_probe)
        return (struct metric_ages){0};
    return (struct metric_ages){.finished = r->probe,
                                .unfinished = r->probe_unfinished,
                                .open = c->open_at_end,
                                .timed_out = c->timed_out,
                                .failed = c->failed};
}

const struct metric_hist metric_hists[] = {
    {"latency", latency, NEEDS_REQUESTS, "requests"},
    {"first_byte", first_byte, NEEDS_REPLIES, "replies"},
    {"wait", wait_time, NEEDS_BUNDLED, "requests"},
    {"work", work, NEEDS_BUNDLED, "requests"},
    {"connect", connect_time, NEEDS_CONNECTS, "connections"},
    {"probe", probe, NEEDS_PROBE, "probes"},
    {.name = NULL},
};
