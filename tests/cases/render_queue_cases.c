#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/render_parts.h"

/* The queue accepts thousands of jobs a second and completes a few hundred. */
static void queue_run(struct result *r)
{
    render_run(r, 10.0008);
    render_target(r, "queue");
    struct accounting *a = &r->accounting;
    a->sent = 150220;
    a->completed = 150120;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 11 * NS_PER_MS;
    a->statuses[202] = 150120;
    a->bytes_received = INT64_C(150120) * 190;
    a->bytes_sent = INT64_C(150220) * 57;
    a->connected = 100;
    r->latency = render_spread(&(struct render_shape){71, 150120, 4.1, 30, 9});
    r->unfinished = render_spread(&(struct render_shape){72, 100, 0, 11, 1});
    r->wait = render_spread(&(struct render_shape){73, 1748, 3, 9900, 1});
    r->work = render_spread(&(struct render_shape){74, 1748, 5.7, 4.2, 3});
    r->job = render_spread(&(struct render_shape){75, 1748, 9, 9905, 1});
    render_cost(&r->server.total, 14.92, 4.61, 150120);
    r->server.total.rss_peak_bytes = 61003776;
    r->server.total.threads_peak = 9;
    r->server.total.threads_started = 5;
    r->server.total.switches_voluntary = 301200;
    r->server.total.switches_involuntary = 22070;
    r->server.total.run_wait_s = 6.81;
    static const char *const roles[] = {"target", "worker"};
    for (size_t i = 0; i < LEN(roles); i++) {
        struct process_cost *c = result_add_process(r, roles[i], 4242 + (int64_t)i);
        render_cost(c, 4.6 + 5.72 * (double)i, 3.05 - 1.49 * (double)i, 150120);
        c->rss_peak_bytes = 30501888;
        c->threads_peak = 5 - (int64_t)i;
        c->threads_started = 3 - (int64_t)i;
        c->switches_voluntary = 150600;
        c->switches_involuntary = 11035;
        c->run_wait_s = 3.405;
    }
    r->client.busiest_worker = 0.412;
    r->fairness = (struct fairness){1488, 1501, 1513, 0, 0.99999};
    r->has_queue = true;
    r->queue.broker = mem_strdup("sqlite");
    r->queue.accepted = 150158;
    r->queue.completed = 1748;
    r->queue.failed = 3;
    r->queue.backlog_start = 0;
    r->queue.backlog_end = 148407;
    r->queue.completed_per_s = 174.786;
    r->queue.workers = 1;
    r->queue.workers_lost = 0;
}

static void queue_seconds(struct result *r)
{
    int64_t backlog = r->queue.backlog_start;
    int64_t grown = r->queue.backlog_end - backlog;
    render_seconds(r, 190);
    int64_t count = (int64_t)r->nseconds;
    for (int64_t i = 0; i < count; i++) {
        struct second *s = &r->seconds[i];
        s->queue_backlog = backlog + grown * (i + 1) / count;
        s->jobs_completed = r->queue.completed * (i + 1) / count - r->queue.completed * i / count;
    }
}

void render_case_queue(struct result *r)
{
    queue_run(r);
    queue_seconds(r);
    r->queue.drain = DRAIN_PROJECTED;
    r->queue.drain_s = 849.078;
    result_warn(r, "backlog-grows",
                "the queue accepts faster than it completes: 15014 jobs a second in, 175 done, "
                "14840 more in the backlog",
                "judge it by completed jobs; add workers or cores (--queue-workers), or let it "
                "refuse what it cannot do (--max-backlog)");
}

/* So many responses instead, in the same time each. */
static void answer(struct result *r, int64_t completed, int64_t in_flight)
{
    struct accounting *a = &r->accounting;
    a->completed = a->statuses[202] = completed;
    a->in_flight_at_end = in_flight;
    a->sent = completed + in_flight;
    a->bytes_received = completed * 190;
    hist_free(r->latency);
    hist_free(r->unfinished);
    r->latency = render_spread(&(struct render_shape){71, (uint64_t)completed, 4.1, 30, 9});
    r->unfinished = render_spread(&(struct render_shape){72, (uint64_t)in_flight, 0, 11, 1});
}

/* A queue that keeps up, and is waited for. */
void render_case_drained(struct result *r)
{
    queue_run(r);
    r->queue.accepted = 1801;
    r->queue.backlog_start = 12;
    r->queue.backlog_end = 62;
    answer(r, 1800, 3);
    render_cost(&r->server.total, 14.92, 4.61, 1800);
    for (size_t i = 0; i < r->server.nprocesses; i++) {
        struct process_cost *c = &r->server.processes[i];
        render_cost(c, c->cpu_user_s, c->cpu_system_s, 1800);
    }
    queue_seconds(r);
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 0.3551;
    r->queue.drain_left = 0;
    r->queue.drain_completed = 61; /* and one failed */
}

/* A thousand jobs in an instant: nearly all of the work is done in the drain. */
void render_case_burst(struct result *r)
{
    queue_run(r);
    r->duration_s = 0.0402;
    answer(r, 1000, 0);
    r->accounting.oldest_in_flight_ns = MISSING;
    r->queue.accepted = 1000;
    r->queue.completed = 3;
    r->queue.failed = 0;
    r->queue.backlog_end = 997;
    render_cost(&r->server.total, 0.04, 0.02, 1000);
    for (size_t i = 0; i < r->server.nprocesses; i++)
        render_cost(&r->server.processes[i], 0.02, 0.01, 1000);
    r->queue.completed_per_s = 3 / 0.0402;
    queue_seconds(r);
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 3.6298;
    r->queue.drain_left = 0;
    r->queue.drain_completed = 997;
}

/* No worker, and some replies other than 202. */
void render_case_undone(struct result *r)
{
    queue_run(r);
    hist_free(r->wait);
    hist_free(r->work);
    hist_free(r->job);
    r->wait = r->work = r->job = NULL;
    r->accounting.statuses[202] = 150000;
    r->accounting.statuses[503] = r->accounting.non_2xx = 120;
    r->queue.accepted = r->queue.backlog_end = 150000;
    r->queue.completed = r->queue.failed = r->queue.workers = 0;
    r->queue.completed_per_s = 0;
    queue_seconds(r);
    r->queue.drain = DRAIN_CUT;
    r->queue.drain_s = 5.0012;
    r->queue.drain_left = 150000;
    r->queue.drain_completed = 0;
    r->queue.drain_cut = DRAIN_CUT_NO_WORKER;
}
