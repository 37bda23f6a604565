#include <math.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/render_parts.h"

static void add(struct hist *h, const struct render_shape *shape)
{
    struct hist *more = render_spread(shape);
    hist_merge(h, more);
    hist_free(more);
}

/* From when requests were due: some were seen late, others had to wait for a connection. */
static void delays(struct result *r)
{
    r->lag = render_spread(&(struct render_shape){91, 2700, 0.01, 0.05, 2});
    add(r->lag, &(struct render_shape){92, 300, 8, 30, 1});
    r->slip = render_spread(&(struct render_shape){93, 2400, 0.02, 0.06, 2});
    add(r->slip, &(struct render_shape){94, 290, 8, 30, 1});
    add(r->slip, &(struct render_shape){95, 260, 20, 90, 1});
}

static void requests(struct result *r)
{
    struct accounting *a = &r->accounting;
    a->due = 3000;
    a->unsent = 50;
    a->held = 310;
    a->sent = 2950;
    a->completed = a->statuses[200] = 2940;
    a->in_flight_at_end = 10;
    a->oldest_in_flight_ns = 61 * NS_PER_MS;
    a->bytes_received = INT64_C(2940) * 150;
    a->bytes_sent = INT64_C(2950) * 57;
    a->connected = 10;
    r->latency = render_spread(&(struct render_shape){97, 2940, 12, 180, 6});
    r->service = render_spread(&(struct render_shape){98, 2940, 12, 90, 6});
    r->unsent = render_spread(&(struct render_shape){96, 50, 0, 110, 1});
    r->unfinished = render_spread(&(struct render_shape){99, 10, 1, 60, 1});
    hist_merge(r->unfinished, r->unsent);
}

static void threads(struct client_cost *c)
{
    c->spin_s = 0.41;
    c->nthreads = 2;
    c->threads = mem_array(2, sizeof *c->threads);
    c->threads[0] = (struct thread_cost){.cpu_s = 0.061, .run_wait_s = 2.41};
    c->threads[1] = (struct thread_cost){.cpu_s = 0.057, .run_wait_s = 0.32};
}

static void measured(struct result *r)
{
    render_run(r, 10.0);
    r->url = mem_strdup("http://localhost:3000/");
    r->address = mem_strdup("127.0.0.1:3000");
    r->connections = 10;
    r->workers = 2;
    requests(r);
    delays(r);
    threads(&r->client);
    r->offered.rate_rps = 300;
    r->offered.arrivals = mem_strdup("constant");
    r->offered.max_connections = 10;
    r->fairness = (struct fairness){281, 294, 301, 0, 0.9996};
    r->machine.suspended_s = 12.5;
    render_seconds(r, 150);
    for (size_t i = 0; i < r->nseconds; i++) { /* ten of them */
        r->seconds[i].due = 300;
        r->seconds[i].sent = 295;
        r->seconds[i].late = 55;
    }
    r->client.little_residual = NAN;
}

void render_case_late(struct result *r)
{
    measured(r);
    warnings_add(r);
}

/* --- the same, by three hosts --- */

static void host(struct merged_part *p, int64_t index, int64_t sent, const char *name)
{
    merged_part_init(p);
    p->share.index = index;
    p->share.count = 3;
    p->share.host = mem_strdup(name);
    p->share.start_us = INT64_C(1795381445123000) + 40 * index;
    p->share.start_skew_us = 12.5 + 40 * (double)index;
    p->share.clock_error_us = 31;
    p->cores = 8;
    p->connections = index == 0 ? 4 : 3;
    p->workers = index == 2 ? 0 : 1;
    p->start_s = 40e-6 * (double)index;
    p->duration_s = 9.9999;
    p->due = 1000;
    p->sent = sent;
    p->in_flight_at_end = p->connections;
    p->completed = sent - p->in_flight_at_end;
    p->late = 183 + index;
    p->slip_p50_ns = 31000 + 1000 * index;
    p->slip_p99_ns = 61 * NS_PER_MS;
    p->slip_max_ns = 109 * NS_PER_MS;
    p->cpu_s = 0.041;
    p->busiest_worker = 0.0119;
}

void render_case_merged(struct result *r)
{
    measured(r);
    struct merged *m = mem_zalloc(sizeof *m);
    m->nparts = 3;
    m->parts = mem_array(m->nparts, sizeof *m->parts);
    m->overlap = 0.983;
    m->lost_after_s = 10;
    host(&m->parts[0], 0, 1000, "gen-a");
    host(&m->parts[1], 1, 1000, "gen-b");
    host(&m->parts[2], 2, 950, "<b>|gen\033[31m-c.example.org");
    m->parts[1].busiest_worker = r->client.busiest_worker = 0.95;
    m->parts[1].saturated = true;
    m->parts[0].is_late = true;
    m->parts[2].state = PART_LOST;
    m->parts[2].why = mem_strdup("no word for 5 s");
    r->merged = m;
    r->interrupted = true;
    warnings_add(r);
}
