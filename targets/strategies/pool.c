/* pool: a fixed number of threads do the work; requests that find none free wait in memory.
 *
 * The loop only reads and writes. A request becomes a job for libuv's thread pool, which has one
 * thread per core:
 *
 *     loop      [read A][read B][read C]      [ping]      [write A][write B]..
 *     thread 1          [ count A 5.7 ms        ][ count C ..
 *     thread 2                  [ count B 5.7 ms        ][ count D ..
 *
 * What it costs: the threads, once (a stack each), and some microseconds of hand-over per request.
 *
 * What breaks: nothing at once. With 100 clients on 8 cores 8 requests run and 92 wait, and /ping
 * is answered meanwhile. But when more work comes than the cores can do, the queue grows. So it is
 * bounded: when --max-queue requests wait, the next is answered 503 with Retry-After, at once and
 * cheaply, instead of much too late.
 *
 * What to look at: `wait` is the time in the queue, `work` the time on a thread. When only wait
 * grows, there are more requests than the pool can do. When work grows too, the cores are shared
 * with other programs.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/strategy.h"
#include "targets/work/work.h"

struct pool {
    struct strategy_env *env;
    int64_t size, in_flight;
    struct job *jobs; /* all that are in flight, newest first */
    bool used;        /* libuv makes its threads when the first job comes */
};

struct job {
    uv_work_t req;
    struct pool *pool;
    struct request *request;
    struct work work;
    int64_t reached, began_ns, ended_ns;
    struct job *prev, *next;
};

/* ---- the work ---- */

/* On a thread of the pool. */
static void on_thread(uv_work_t *req)
{
    struct job *job = req->data;
    job->began_ns = clock_now_ns();
    job->reached = work_run(&job->work, &job->pool->env->stop);
    job->ended_ns = clock_now_ns();
}

/* Back on the loop. */
static void on_done(uv_work_t *req, int status)
{
    struct job *job = req->data;
    struct pool *p = job->pool;
    p->in_flight--;
    if (job->prev != NULL)
        job->prev->next = job->next;
    else
        p->jobs = job->next;
    if (job->next != NULL)
        job->next->prev = job->prev;
    if (status == UV_ECANCELED)
        request_reject(job->request, "the server is stopping");
    else
        request_reply_work(job->request, job->reached, job->began_ns, job->ended_ns);
    free(job);
}

/* ---- requests ---- */

static void pool_handle(void *state, struct request *request)
{
    struct pool *p = state;
    if (p->in_flight >= p->size + p->env->options->max_queue) {
        request_reject(request, "the queue is full");
        return;
    }
    struct job *job = mem_zalloc(sizeof *job);
    job->req.data = job;
    job->pool = p;
    job->request = request;
    job->work = request_work(request);
    job->next = p->jobs;
    if (p->jobs != NULL)
        p->jobs->prev = job;
    p->jobs = job;
    p->in_flight++;
    p->used = true;
    (void)uv_queue_work(p->env->loop, &job->req, on_thread, on_done); /* fails for NULL only */
}

/* ---- stats ---- */

static void pool_stats(const void *state, struct strategy_stats *out)
{
    const struct pool *p = state;
    out->queue_depth = p->in_flight > p->size ? p->in_flight - p->size : 0;
    out->threads_live = out->threads_started = out->threads_peak = p->used ? p->size : 0;
}

/* ---- the stop ---- */

/* Jobs that wait are cancelled and rejected in on_done. Those that run cannot be, and may end. */
static void pool_stop(void *state)
{
    struct pool *p = state;
    for (struct job *job = p->jobs; job != NULL; job = job->next)
        (void)uv_cancel((uv_req_t *)&job->req);
}

/* ---- the start ---- */

static int pool_start(struct strategy_env *env, void **state, struct err *err)
{
    struct pool *p = mem_zalloc(sizeof *p);
    int64_t size = env->options->pool_size;
    p->env = env;
    p->size = size > 0 ? size : (int64_t)uv_available_parallelism();
    /* libuv reads this once, when the first job comes. */
    char *text = mem_printf("%lld", (long long)p->size);
    int failed = uv_os_setenv("UV_THREADPOOL_SIZE", text);
    free(text);
    if (failed < 0) {
        free(p);
        return err_set(err, ERR_USAGE, "pool size: %s", uv_strerror(failed));
    }
    *state = p;
    return 0;
}

const struct strategy strategy_pool = {
    .name = "pool",
    .summary = "A fixed pool of threads works, the rest waits in a bounded queue.",
    .start = pool_start,
    .handle = pool_handle,
    .stats = pool_stats,
    .stop = pool_stop,
    .close = free,
};
