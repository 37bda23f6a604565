/* The histograms of metric.h, and which of their samples are not known. */
#include "model/metric_internal.h"
#include "model/protocol.h"

#define GIVEN_UP "were given up or still open"
#define LONGER   "check the errors, and set -t above the threshold"

static struct metric_ages latency(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (struct metric_ages){.finished = r->latency,
                                .unfinished = r->unfinished,
                                .in_flight = accounting_waiting(a),
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

static struct metric_ages service(const struct result *r)
{
    return part(r, r->service);
}

/* Every request that was sent has one, whatever became of it; what was never sent waits still. */
static struct metric_ages slip(const struct result *r)
{
    int64_t unsent = r->accounting.unsent;
    return (struct metric_ages){
        .finished = r->slip, .unfinished = r->unsent, .in_flight = unsent == MISSING ? 0 : unsent};
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

static struct metric_ages handshake(const struct result *r)
{
    return (struct metric_ages){.finished = r->handshake,
                                .failed = accounting_tls_failed(&r->accounting)};
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
    {.name = "latency", .ages = latency, .needs = &metric_need_requests, .by_load = true,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "first_byte", .ages = first_byte, .needs = &metric_need_replies, .by_load = true,
     .samples = "responses", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "service", .ages = service, .needs = &metric_need_rate, .by_load = true,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "slip", .ages = slip, .needs = &metric_need_rate,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "wait", .ages = wait_time, .needs = &metric_need_bundled,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "work", .ages = work, .needs = &metric_need_bundled,
     .samples = "requests", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "job", .ages = job, .needs = &metric_need_jobs,
     .samples = "jobs", .gone = "failed or were not done", .remedy = "wait for them with --drain wait, or lower the load"},
    {.name = "connect", .ages = connect_time, .needs = &metric_need_connects, .by_load = true,
     .samples = "connections", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "handshake", .ages = handshake, .needs = &metric_need_handshakes, .by_load = true,
     .samples = "connections", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "probe", .ages = probe, .needs = &metric_need_probe,
     .samples = "probes", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = "probe_new", .ages = probe_new, .needs = &metric_need_probe_new,
     .samples = "probes", .gone = GIVEN_UP, .remedy = LONGER},
    {.name = NULL},
};
/* clang-format on */
