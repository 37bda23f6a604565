#include "load/probe.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/probe_pool.h"

#define LEAST_CONNECTIONS 20
#define MOST_CONNECTIONS  10000
#define OPEN_MOST_NS      (3 * NS_PER_S)
#define GOLDEN            0.61803398874989485

struct probe {
    struct probe_spec spec;
    char *request; /* libuv wants bytes that are not const */
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
    uv_poll_t timer; /* of a timerfd, because libuv's own timers only count milliseconds */
    int timer_fd;
    int64_t armed_ns;
    int64_t opened_at_most_ns;
    int64_t start_ns;
    int64_t next; /* number of the probe that is to be sent next */
    struct probe_pool pool;
    struct probe_counts counts;
    struct hist *latency, *unfinished, *new_latency, *new_unfinished;
    char buffer[16384];
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

static int64_t due_ns(const struct probe *p, int64_t k)
{
    double place = fmod((double)(k + 1) * GOLDEN, 1);
    return p->start_ns + (int64_t)(((double)k + place) * 1e9 / p->spec.rate_rps);
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
    on_end(p, &(struct probe_request){.due_ns = due_ns(p, p->next), .end = end}, now_ns);
    p->next++;
}

/* --- the thread --- */

/* Sends the probes that are due. One without a connection waits for the next turn, until it times
 * out. */
static void send_due(struct probe *p, int64_t now_ns)
{
    for (int64_t at_ns = due_ns(p, p->next); at_ns <= now_ns; at_ns = due_ns(p, p->next)) {
        if (now_ns - at_ns >= p->spec.timeout_ns)
            end_unsent(p, PROBE_TIMED_OUT, now_ns);
        else if (probe_pool_send(&p->pool, at_ns, now_ns))
            p->next++;
        else
            break;
    }
}

static void end(struct probe *p, int64_t now_ns)
{
    probe_pool_close(&p->pool, now_ns);
    while (p->start_ns != 0 && due_ns(p, p->next) <= now_ns)
        end_unsent(p, PROBE_OPEN, now_ns);
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

static int64_t next_ns(const struct probe *p, int64_t now_ns)
{
    int64_t next = probe_pool_next_ns(&p->pool);
    if (!p->has_told && p->opened_at_most_ns < next)
        next = p->opened_at_most_ns;
    if (p->start_ns == 0)
        return next;
    int64_t at_ns = due_ns(p, p->next);
    if (at_ns <= now_ns)
        at_ns += p->spec.timeout_ns; /* it waits for a connection */
    return at_ns < next ? at_ns : next;
}

static void arm(struct probe *p, int64_t at_ns)
{
    struct itimerspec at = {.it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
    if (at_ns == p->armed_ns)
        return;
    p->armed_ns = at_ns;
    (void)timerfd_settime(p->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
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
    p->start_ns = atomic_load(&p->begin_ns);
    probe_pool_turn(&p->pool, now_ns);
    tell_open(p, now_ns);
    if (p->start_ns != 0)
        send_due(p, now_ns);
    arm(p, next_ns(p, now_ns));
}

static void on_timer(uv_poll_t *timer, int status, int events)
{
    const struct probe *p = timer->data;
    uint64_t count = 0;
    (void)status;
    (void)events;
    (void)!read(p->timer_fd, &count, sizeof count);
}

static void on_wake(uv_async_t *wake)
{
    (void)wake; /* on_turn looks at what has changed */
}

static void run(void *probe)
{
    struct probe *p = probe;
    p->opened_at_most_ns = clock_now_ns() + OPEN_MOST_NS;
    (void)uv_run(&p->loop, UV_RUN_DEFAULT);
}

/* --- the caller's side --- */

static void init_pool(struct probe *p)
{
    const struct probe_spec *spec = &p->spec;
    int64_t most = probe_most_connections(spec->rate_rps, spec->timeout_ns);
    int64_t size = probe_connections(spec->rate_rps);
    if (spec->most_connections > 0 && spec->most_connections < most)
        most = spec->most_connections;
    p->pool = (struct probe_pool){.env = {.loop = &p->loop,
                                          .address = spec->address,
                                          .request = p->request,
                                          .request_len = spec->request_len,
                                          .is_one_shot = spec->is_one_shot,
                                          .buffer = p->buffer,
                                          .buffer_size = sizeof p->buffer},
                                  .size = (size_t)(size < most ? size : most),
                                  .most = (size_t)most,
                                  .on_end = on_end,
                                  .ctx = p};
    probe_pool_init(&p->pool, spec->timeout_ns);
}

/* Returns 0, or a libuv error; then nothing is left open. */
static int init_loop(struct probe *p)
{
    p->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (p->timer_fd < 0)
        return -errno;
    int error = uv_loop_init(&p->loop);
    if (error < 0) {
        (void)close(p->timer_fd);
        return error;
    }
    p->wake.data = p->turn.data = p->timer.data = p;
    (void)uv_async_init(&p->loop, &p->wake, on_wake);
    (void)uv_prepare_init(&p->loop, &p->turn);
    (void)uv_prepare_start(&p->turn, on_turn);
    (void)uv_poll_init(&p->loop, &p->timer, p->timer_fd);
    (void)uv_poll_start(&p->timer, UV_READABLE, on_timer);
    return 0;
}

/* After the loop has closed everything that was on it. */
static void fini_loop(struct probe *p)
{
    (void)uv_loop_close(&p->loop);
    (void)close(p->timer_fd);
    probe_pool_fini(&p->pool);
}

static void free_parts(struct probe *p)
{
    hist_free(p->latency);
    hist_free(p->unfinished);
    hist_free(p->new_latency);
    hist_free(p->new_unfinished);
    free(p->request);
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

static struct probe *cannot_start(int error, struct err *err)
{
    (void)err_set(err, ERR_USAGE, "cannot start the probe: %s", uv_strerror(error));
    return NULL;
}

struct probe *probe_open(uv_loop_t *loop, const struct probe_spec *spec, void (*on_open)(void *ctx),
                         void *ctx, struct err *err)
{
    struct probe *p = mem_zalloc(sizeof *p);
    p->spec = *spec;
    p->on_open = on_open;
    p->ctx = ctx;
    int error = init_loop(p);
    if (error < 0) {
        free(p);
        return cannot_start(error, err);
    }
    p->request = mem_array(spec->request_len, 1);
    memcpy(p->request, spec->request, spec->request_len);
    p->latency = hist_new_latency();
    p->unfinished = hist_new_latency();
    p->new_latency = hist_new_latency();
    p->new_unfinished = hist_new_latency();
    init_pool(p);
    (void)uv_async_init(loop, &p->opened, on_opened);
    p->opened.data = p;
    error = uv_thread_create(&p->thread, run, p);
    p->is_running = error == 0;
    if (p->is_running)
        return p;
    end(p, clock_now_ns());
    run(p);
    fini_loop(p);
    uv_close((uv_handle_t *)&p->opened, on_unstarted_closed);
    return cannot_start(error, err);
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
