#include "load/worker.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/procfs.h"

#define RETRY_TICK_MS    10
#define SECOND_LEAST_NS  (50 * NS_PER_MS)
#define GIVE_UP_LEAST_NS (10 * NS_PER_S)

int64_t load_share(int64_t total, int parts, int index)
{
    return total / parts + (index < total % parts ? 1 : 0);
}

static double thread_cpu_s(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_THREAD, &usage);
    return clock_timeval_s(&usage.ru_utime) + clock_timeval_s(&usage.ru_stime);
}

/* How long this thread was ready to run while no core was free; NAN if the kernel does not say. */
static double thread_run_wait_s(void)
{
    struct procfs_schedstat own;
    if (procfs_schedstat_read(AT_FDCWD, "/proc/thread-self/schedstat", &own) < 0)
        return NAN;
    return (double)own.run_wait_ns / (double)NS_PER_S;
}

/* Whole milliseconds until then, rounded up. */
static uint64_t ms_until(struct worker *w, int64_t then_ns, int64_t now_ns)
{
    uv_update_time(&w->loop);
    return then_ns <= now_ns ? 0 : (uint64_t)((then_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}

static void count_in_flight(struct worker *w, int64_t now_ns)
{
    struct accounting *counts = &w->env.tally.counts;
    for (struct deadline *d = w->env.deadlines.list.next; d != &w->env.deadlines.list;
         d = d->next) {
        const struct slot *s = (const struct slot *)d;
        int64_t age_ns = now_ns - d->since_ns;
        if (s->conn->state != CONN_OPEN || d->since_ns < w->env.window_ns)
            continue; /* a connect, or a request that was sent too early to count */
        counts->in_flight_at_end++;
        hist_record(w->env.tally.unfinished, age_ns);
        if (age_ns > counts->oldest_in_flight_ns)
            counts->oldest_in_flight_ns = age_ns;
    }
}

/* Summed once per second, so that the request path need not count it. */
static int64_t non_2xx(const struct accounting *counts)
{
    int64_t sum = 0;
    for (size_t status = 0; status < LEN(counts->statuses); status++)
        sum += status / 100 == 2 ? 0 : counts->statuses[status];
    return sum;
}

static void post_second(struct worker *w, bool is_last, int64_t now_ns)
{
    const struct tally *t = &w->env.tally;
    int64_t errors = tally_errors(t);
    int64_t refused = non_2xx(&t->counts);
    w->nposted++;
    board_post(w->board, w->index,
               &(struct board_post){.length_ns = now_ns - w->second_ns,
                                    .is_last = is_last,
                                    .errors = errors - w->posted_errors,
                                    .non_2xx = refused - w->posted_non_2xx,
                                    .bytes = t->counts.bytes_received - w->posted_bytes,
                                    .latency = t->latency,
                                    .seen = w->seen});
    w->posted_errors = errors;
    w->posted_non_2xx = refused;
    w->posted_bytes = t->counts.bytes_received;
    w->second_ns = now_ns;
    if (w->on_second != NULL)
        w->on_second(w->done_ctx);
}

/* True if something was counted since the last post, or there was no post. */
static bool has_news(const struct worker *w)
{
    return w->nposted == 0 || tally_errors(&w->env.tally) != w->posted_errors ||
           hist_count(w->env.tally.latency) != hist_count(w->seen);
}

static void close_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

static void close_handles(struct worker *w)
{
    close_timer(&w->phase_timer);
    close_timer(&w->second_timer);
    close_timer(&w->deadline_timer);
    close_timer(&w->retry_timer);
    uv_close((uv_handle_t *)&w->wake, NULL);
}

static void end_run(struct worker *w, int64_t now_ns)
{
    if (w->env.ending)
        return;
    w->env.ending = true;
    w->end_ns = now_ns;
    if (w->measuring) {
        w->cpu_s = thread_cpu_s() - w->cpu_at_window_s;
        w->run_wait_s = thread_run_wait_s() - w->run_wait_at_window_s;
        count_in_flight(w, now_ns);
        /* A run that ends just after a second may have nothing more to post. */
        if (now_ns - w->second_ns > SECOND_LEAST_NS || has_news(w))
            post_second(w, true, now_ns);
    }
    for (int i = 0; i < w->nconns; i++) {
        w->open_at_end += w->conns[i].state == CONN_OPEN;
        conn_shut(&w->conns[i]);
    }
    close_handles(w);
}

static void on_end(uv_timer_t *timer)
{
    end_run(timer->data, clock_now_ns());
}

static void on_wake(uv_async_t *async)
{
    struct worker *w = async->data;
    if (atomic_load(&w->stop))
        end_run(w, clock_now_ns());
}

static void on_second_timer(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    const struct load_spec *spec = w->spec;
    if (spec->duration_ns > 0 && w->env.window_ns + spec->duration_ns - now_ns < SECOND_LEAST_NS)
        return; /* the end posts it, so that it leaves no sliver of a second behind */
    post_second(w, false, now_ns);
    int64_t next_ns = w->env.window_ns + (int64_t)(w->nposted + 1) * NS_PER_S;
    (void)uv_timer_start(timer, on_second_timer, ms_until(w, next_ns, now_ns), 0);
}

/* Requests that are sent from here on count. Connections stay open with the requests on them, which
 * do not count. */
static void open_window(struct worker *w, int64_t window_ns)
{
    int64_t now_ns = clock_now_ns();
    int64_t early = w->env.tally.counts.sent;
    tally_reset(&w->env.tally);
    w->env.tally.counts.warmup_discarded = early;
    w->measuring = true;
    w->env.window_ns = w->second_ns = window_ns;
    w->cpu_at_window_s = thread_cpu_s();
    w->run_wait_at_window_s = thread_run_wait_s();
    w->env.quota =
        w->spec->amount == 0 ? INT64_MAX : load_share(w->spec->amount, w->spec->workers, w->index);
    (void)uv_timer_start(&w->second_timer, on_second_timer,
                         ms_until(w, window_ns + NS_PER_S, now_ns), 0);
    if (w->spec->duration_ns > 0)
        (void)uv_timer_start(&w->phase_timer, on_end,
                             ms_until(w, window_ns + w->spec->duration_ns, now_ns), 0);
    for (int i = 0; i < w->nconns; i++) {
        w->conns[i].completed = 0;
        w->env.tally.counts.connected += w->conns[i].state == CONN_OPEN;
        if (w->conns[i].state == CONN_IDLE)
            conn_connect(&w->conns[i], clock_now_ns());
    }
}

static void on_window(uv_timer_t *timer)
{
    open_window(timer->data, clock_now_ns());
}

static void on_deadline(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    for (;;) {
        struct deadline *expired = deadlines_expired(&w->env.deadlines, now_ns);
        if (w->env.ending || expired == NULL)
            break;
        conn_expire(((struct slot *)expired)->conn, now_ns);
    }
    if (w->env.ending)
        return;
    /* What is opened from now on times out after the oldest, so one timer is enough. */
    const struct deadline *oldest = deadlines_oldest(&w->env.deadlines);
    int64_t next_ns = (oldest != NULL ? oldest->since_ns : now_ns) + w->spec->timeout_ns;
    (void)uv_timer_start(timer, on_deadline, ms_until(w, next_ns, now_ns), 0);
}

/* Ends a run with -a and without -d when the server no longer replies: nothing else would. */
static void check_hopeless(struct worker *w, int64_t now_ns)
{
    int64_t patience_ns = 2 * w->spec->timeout_ns;
    if (patience_ns < GIVE_UP_LEAST_NS)
        patience_ns = GIVE_UP_LEAST_NS;
    if (w->spec->duration_ns > 0 || now_ns - w->env.last_reply_ns < patience_ns)
        return;
    w->gave_up = true;
    end_run(w, now_ns);
}

static void on_retry(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    struct conn *c = w->waiting;
    w->waiting = NULL;
    while (c != NULL) {
        struct conn *next = c->next_waiting;
        if (c->retry_ns <= now_ns) {
            conn_connect(c, now_ns);
        } else {
            c->next_waiting = w->waiting;
            w->waiting = c;
        }
        c = next;
    }
    check_hopeless(w, now_ns);
    if (!w->env.ending && w->waiting == NULL)
        (void)uv_timer_stop(timer);
}

static void on_retry_later(void *ctx, struct conn *c)
{
    struct worker *w = ctx;
    c->next_waiting = w->waiting;
    w->waiting = c;
    if (!uv_is_active((const uv_handle_t *)&w->retry_timer))
        (void)uv_timer_start(&w->retry_timer, on_retry, RETRY_TICK_MS, RETRY_TICK_MS);
}

static void on_quota_done(void *ctx, int64_t now_ns)
{
    end_run(ctx, now_ns);
}

static void init_timer(struct worker *w, uv_timer_t *timer)
{
    (void)uv_timer_init(&w->loop, timer);
    timer->data = w;
}

static void init_env(struct worker *w)
{
    const struct load_spec *spec = w->spec;
    size_t pipelining = (size_t)spec->pipelining;
    struct conn_env *env = &w->env;
    *env = (struct conn_env){
        .loop = &w->loop,
        .spec = spec,
        .buffer = mem_zalloc(CONN_BUFFER_BYTES),
        .requests = mem_array(pipelining, spec->request_len),
        .quota = INT64_MAX,
        .window_ns = INT64_MAX, /* nothing counts before the window opens */
        .on_retry_later = on_retry_later,
        .on_quota_done = on_quota_done,
        .ctx = w,
    };
    for (size_t i = 0; i < pipelining; i++)
        memcpy(env->requests + i * spec->request_len, spec->request, spec->request_len);
    tally_init(&env->tally);
    deadlines_init(&env->deadlines, spec->timeout_ns);
    rng_init(&env->rng, spec->seed + (uint64_t)w->index);
}

static void init_conns(struct worker *w)
{
    size_t pipelining = (size_t)w->spec->pipelining;
    w->nconns = (int)load_share(w->spec->connections, w->spec->workers, w->index);
    w->conns = mem_array((size_t)w->nconns, sizeof *w->conns);
    w->slots = mem_array((size_t)w->nconns * pipelining, sizeof *w->slots);
    for (int i = 0; i < w->nconns; i++)
        conn_init(&w->conns[i], &w->env, w->slots + (size_t)i * pipelining);
}

/* Once the loop has its descriptors, initialising the handles cannot fail. */
static int init_loop(struct worker *w, struct err *err)
{
    int error = uv_loop_init(&w->loop);
    if (error < 0)
        return err_set(err, ERR_USAGE,
                       "cannot make the event loop of worker thread %d: %s; raise ulimit -n, or "
                       "use fewer with -w",
                       w->index + 1, uv_strerror(error));
    w->has_loop = true;
    (void)uv_async_init(&w->loop, &w->wake, on_wake);
    w->wake.data = w;
    init_timer(w, &w->phase_timer);
    init_timer(w, &w->second_timer);
    init_timer(w, &w->deadline_timer);
    init_timer(w, &w->retry_timer);
    return 0;
}

int worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board,
                struct err *err)
{
    *w = (struct worker){.spec = spec, .board = board, .index = index};
    w->seen = hist_new_latency();
    init_env(w);
    init_conns(w);
    return init_loop(w, err);
}

/* A thread that ran has closed the handles; a loop with open handles cannot be closed. */
static void fini_loop(struct worker *w)
{
    if (!w->env.ending) {
        close_handles(w);
        (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    }
    (void)uv_loop_close(&w->loop);
}

void worker_fini(struct worker *w)
{
    if (w->has_loop)
        fini_loop(w);
    free(w->conns);
    free(w->slots);
    free(w->env.buffer);
    free(w->env.requests);
    tally_fini(&w->env.tally);
    hist_free(w->seen);
}

void worker_run(void *worker)
{
    struct worker *w = worker;
    const struct load_spec *spec = w->spec;
    int64_t now_ns = clock_now_ns();
    w->env.last_reply_ns = now_ns;
    (void)uv_timer_start(&w->deadline_timer, on_deadline,
                         ms_until(w, now_ns + spec->timeout_ns, now_ns), 0);
    if (spec->warmup_ns > 0) {
        int64_t warm = spec->warmup_connections > 0
                           ? load_share(spec->warmup_connections, spec->workers, w->index)
                           : w->nconns;
        (void)uv_timer_start(&w->phase_timer, on_window,
                             ms_until(w, w->start_ns + spec->warmup_ns, now_ns), 0);
        for (int i = 0; i < w->nconns && i < warm; i++)
            conn_connect(&w->conns[i], clock_now_ns());
    } else {
        open_window(w, w->start_ns);
    }
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    board_leave(w->board, w->index);
    w->on_done(w->done_ctx);
}

void worker_stop(struct worker *w)
{
    atomic_store(&w->stop, true);
    (void)uv_async_send(&w->wake);
}
