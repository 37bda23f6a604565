#include "load/probe.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/pacer.h"
#include "load/probe_pool.h"

#define LEAST_CONNECTIONS 20
#define MOST_CONNECTIONS  10000
#define OPEN_MOST_NS      (3 * NS_PER_S)

struct probe {
    struct probe_spec spec;
    void (*on_open)(void *ctx);
    void *ctx;
    uv_async_t opened; /* on the caller's loop */
    bool has_told;     /* the caller that it is open */

    uv_thread_t thread;
    bool is_running;
    atomic_bool stop;
    atomic_int_fast64_t begin_ns; /* 0: not yet */

    /* Only used by the thread. */
    uv_loop_t loop;
    uv_async_t wake;
    uv_prepare_t turn;
    uv_timer_t timer; /* of everything but what becomes due: milliseconds are enough */
    int64_t opened_at_most_ns;
    struct schedule_stage stage;
    struct schedule schedule;
    struct pacer pacer;
    struct source source;
    struct probe_pool pool;
    struct probe_counts counts;
    struct hist *latency, *unfinished, *new_latency, *new_unfinished;
};

int64_t probe_connections(double rate_rps)
{
    return rate_rps > LEAST_CONNECTIONS ? (int64_t)ceil(rate_rps) : LEAST_CONNECTIONS;
}

int64_t probe_most_connections(double rate_rps, int64_t timeout_ns)
{
    double due = ceil(rate_rps * (double)timeout_ns / (double)NS_PER_S) + 1;
    int64_t most = (int64_t)fmin(due, MOST_CONNECTIONS);
    int64_t least = probe_connections(rate_rps);
    return most > least ? most : least;
}

/* --- counts --- */

static void count_in(struct probe_fate *f, const struct probe_request *request)
{
    int64_t *const counts[] = {[PROBE_ANSWERED] =
                                   request->status / 100 == 2 ? &f->completed : &f->non_2xx,
                               [PROBE_TIMED_OUT] = &f->timed_out,
                               [PROBE_LOST] = &f->failed,
                               [PROBE_OPEN] = &f->open_at_end};
    f->due++;
    (*counts[request->end])++;
}

static void on_end(void *ctx, const struct probe_request *request, int64_t now_ns)
{
    struct probe *p = ctx;
    int64_t age_ns = now_ns - request->due_ns;
    count_in(&p->counts.all, request);
    if (request->is_new)
        count_in(&p->counts.opened, request);
    if (request->end == PROBE_TIMED_OUT || request->end == PROBE_OPEN)
        hist_record(request->is_new ? p->new_unfinished : p->unfinished, age_ns);
    else if (request->end == PROBE_ANSWERED && request->status / 100 == 2)
        hist_record(request->is_new ? p->new_latency : p->latency, age_ns);
    else if (request->end == PROBE_ANSWERED)
        p->counts.statuses[request->status]++;
}

static void end_unsent(struct probe *p, enum probe_end end, int64_t now_ns)
{
    on_end(p, &(struct probe_request){.due_ns = pacer_take(&p->pacer, 1), .end = end}, now_ns);
}

/* --- the thread --- */

/* probe_begin gives the time from which probes are due; before it both are 0, and nothing is. */
static void look_for_begin(struct probe *p)
{
    int64_t begin_ns = atomic_load(&p->begin_ns);
    if (p->pacer.start_ns != begin_ns)
        pacer_start(&p->pacer, &p->schedule, begin_ns, SCHEDULE_END, INT64_MAX);
}

/* Sends the probes that are due. One without a connection waits for the next turn, until it times
 * out. */
static void send_due(struct probe *p, int64_t now_ns)
{
    while (pacer_waiting(&p->pacer) > 0) {
        int64_t due_ns = p->pacer.oldest_ns;
        if (now_ns - due_ns >= p->spec.timeout_ns)
            end_unsent(p, PROBE_TIMED_OUT, now_ns);
        else if (probe_pool_send(&p->pool, due_ns, now_ns))
            (void)pacer_take(&p->pacer, 1);
        else
            break;
    }
}

static void end(struct probe *p, int64_t now_ns)
{
    probe_pool_close(&p->pool, now_ns);
    pacer_look(&p->pacer, now_ns);
    while (pacer_waiting(&p->pacer) > 0)
        end_unsent(p, PROBE_OPEN, now_ns);
    pacer_close(&p->pacer);
    uv_close((uv_handle_t *)&p->wake, NULL);
    uv_close((uv_handle_t *)&p->turn, NULL);
    uv_close((uv_handle_t *)&p->timer, NULL);
}

static void tell_open(struct probe *p, int64_t now_ns)
{
    if (p->has_told || (probe_pool_is_connecting(&p->pool) && now_ns < p->opened_at_most_ns))
        return;
    p->has_told = true;
    (void)uv_async_send(&p->opened);
}

/* When something is to be done that is not a probe becoming due; INT64_MAX: never. */
static int64_t next_ns(const struct probe *p)
{
    int64_t next = probe_pool_next_ns(&p->pool);
    if (!p->has_told && p->opened_at_most_ns < next)
        next = p->opened_at_most_ns;
    if (pacer_waiting(&p->pacer) > 0 && p->pacer.oldest_ns + p->spec.timeout_ns < next)
        next = p->pacer.oldest_ns + p->spec.timeout_ns;
    return next;
}

/* The timer and the pacer only wake the loop, and on_turn does what is to be done. A probe is sent
 * there because all that the server sent before has been read by then: a connection that it has
 * closed is not idle any more. */
static void on_timer(uv_timer_t *timer)
{
    (void)timer;
}

static void on_due(void *ctx, int64_t now_ns)
{
    (void)ctx;
    (void)now_ns;
}

static void arm(struct probe *p, int64_t now_ns)
{
    int64_t left_ns = next_ns(p) - now_ns;
    int64_t left_ms = left_ns <= 0 ? 0 : left_ns / NS_PER_MS + 1;
    uv_update_time(&p->loop);
    (void)uv_timer_start(&p->timer, on_timer, (uint64_t)left_ms, 0);
}

/* Runs before the thread sleeps again, whatever woke it. */
static void on_turn(uv_prepare_t *turn)
{
    struct probe *p = turn->data;
    int64_t now_ns = clock_now_ns();
    if (atomic_load(&p->stop)) {
        end(p, now_ns);
        return;
    }
    look_for_begin(p);
    probe_pool_turn(&p->pool, now_ns);
    tell_open(p, now_ns);
    send_due(p, now_ns);
    arm(p, now_ns);
}

static void run(void *probe)
{
    struct probe *p = probe;
    p->opened_at_most_ns = clock_now_ns() + OPEN_MOST_NS;
    (void)uv_run(&p->loop, UV_RUN_DEFAULT);
}

/* --- the caller's side --- */

static int init_pool(struct probe *p, struct err *err)
{
    const struct probe_spec *spec = &p->spec;
    struct stream_env streams = {.loop = &p->loop,
                                 .address = spec->address,
                                 .events = &probe_conn_stream_events,
                                 .tunnel = spec->tunnel};
    int64_t most = probe_most_connections(spec->rate_rps, spec->timeout_ns);
    int64_t size = probe_connections(spec->rate_rps);
    if (spec->most_connections > 0 && spec->most_connections < most)
        most = spec->most_connections;
    if (spec->tls != NULL) {
        streams.tls = tls_client_context(spec->tls, spec->host, err);
        if (streams.tls == NULL)
            return -1;
    }
    p->pool = (struct probe_pool){.env = {.source = &p->source},
                                  .size = (size_t)(size < most ? size : most),
                                  .most = (size_t)most,
                                  .on_end = on_end,
                                  .ctx = p};
    stream_env_init(&p->pool.env.streams, &streams);
    probe_pool_init(&p->pool, spec->timeout_ns);
    return 0;
}

static void init_pacer(struct probe *p)
{
    double rate_rps = p->spec.rate_rps;
    p->stage = (struct schedule_stage){SCHEDULE_ENDLESS_NS, rate_rps, rate_rps};
    p->schedule =
        (struct schedule){.arrivals = ARRIVALS_JITTERED, .stages = &p->stage, .nstages = 1};
    p->pacer = (struct pacer){.threads = 1, .on_due = on_due};
}

/* After a failure nothing is left open. */
static int init_loop(struct probe *p, struct err *err)
{
    int error = uv_loop_init(&p->loop);
    if (error < 0)
        return err_set(err, ERR_USAGE, "%s", uv_strerror(error));
    init_pacer(p);
    if (pacer_init(&p->pacer, &p->loop, err) < 0) {
        (void)uv_loop_close(&p->loop);
        return -1;
    }
    p->turn.data = p;
    (void)uv_async_init(&p->loop, &p->wake, NULL);
    (void)uv_prepare_init(&p->loop, &p->turn);
    (void)uv_prepare_start(&p->turn, on_turn);
    (void)uv_timer_init(&p->loop, &p->timer);
    return 0;
}

static void fini_pool(struct probe *p)
{
    probe_pool_fini(&p->pool);
    tls_context_free(p->pool.env.streams.tls);
    stream_env_fini(&p->pool.env.streams);
}

/* After the loop has closed everything that was on it. */
static void fini_loop(struct probe *p)
{
    (void)uv_loop_close(&p->loop);
    pacer_fini(&p->pacer);
    fini_pool(p);
}

static void free_parts(struct probe *p)
{
    hist_free(p->latency);
    hist_free(p->unfinished);
    hist_free(p->new_latency);
    hist_free(p->new_unfinished);
    source_fini(&p->source);
}

static void on_opened(uv_async_t *opened)
{
    struct probe *p = opened->data;
    uv_close((uv_handle_t *)opened, NULL);
    p->on_open(p->ctx);
}

static void on_unstarted_closed(uv_handle_t *opened)
{
    struct probe *p = opened->data;
    free_parts(p);
    free(p);
}

static struct probe *cannot_start(struct err *err)
{
    (void)err_wrap(err, "cannot start the probe");
    return NULL;
}

struct probe *probe_open(uv_loop_t *loop, const struct probe_spec *spec, void (*on_open)(void *ctx),
                         void *ctx, struct err *err)
{
    struct probe *p = mem_zalloc(sizeof *p);
    p->spec = *spec;
    p->on_open = on_open;
    p->ctx = ctx;
    if (init_pool(p, err) < 0) {
        free(p);
        return cannot_start(err);
    }
    if (init_loop(p, err) < 0) {
        fini_pool(p);
        free(p);
        return cannot_start(err);
    }
    source_init(&p->source, &spec->text, 1);
    p->latency = hist_new_latency();
    p->unfinished = hist_new_latency();
    p->new_latency = hist_new_latency();
    p->new_unfinished = hist_new_latency();
    (void)uv_async_init(loop, &p->opened, on_opened);
    p->opened.data = p;
    int error = uv_thread_create(&p->thread, run, p);
    p->is_running = error == 0;
    if (p->is_running)
        return p;
    end(p, clock_now_ns());
    run(p);
    fini_loop(p);
    uv_close((uv_handle_t *)&p->opened, on_unstarted_closed);
    (void)err_set(err, ERR_USAGE, "%s", uv_strerror(error));
    return cannot_start(err);
}

void probe_begin(struct probe *p)
{
    atomic_store(&p->begin_ns, clock_now_ns());
    (void)uv_async_send(&p->wake);
}

void probe_stop(struct probe *p)
{
    if (!p->is_running)
        return;
    p->is_running = false;
    atomic_store(&p->stop, true);
    (void)uv_async_send(&p->wake);
    (void)uv_thread_join(&p->thread);
    fini_loop(p);
    if (!uv_is_closing((uv_handle_t *)&p->opened))
        uv_close((uv_handle_t *)&p->opened, NULL);
}

void probe_collect(struct probe *p, struct result *r)
{
    r->has_probe = true;
    r->probe_counts = p->counts;
    r->probe_counts.rate_rps = p->spec.rate_rps;
    r->probe_counts.path = mem_strdup(p->spec.path);
    r->probe = p->latency;
    r->probe_unfinished = p->unfinished;
    r->probe_new = p->new_latency;
    r->probe_new_unfinished = p->new_unfinished;
    p->latency = p->unfinished = p->new_latency = p->new_unfinished = NULL;
}

void probe_free(struct probe *p)
{
    if (p == NULL)
        return;
    probe_stop(p);
    free_parts(p);
    free(p);
}
