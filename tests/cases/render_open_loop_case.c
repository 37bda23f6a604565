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

void render_case_late(struct result *r)
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
    warnings_add(r);
}
