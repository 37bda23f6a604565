/* compute: a pool of threads works on one request together (fork and join).
 *
 * A request is split into as many parts as there are threads, or fewer if they would be so small
 * that handing them over takes longer than counting. A free thread takes the next part of the
 * oldest request, and the thread that ends a request's last part gives it back to the loop:
 *
 *     loop       [read A][read B]                  [write A]      [write B]
 *     thread 1        [ count A 1/2 ][ count B 1/2 ]
 *     thread 2        [ count A 2/2  ][ count B 2/2 ]
 *
 * What it costs: the threads, once; per request a lock for each part, and the join: a request takes
 * as long as its slowest part.
 *
 * What breaks: nothing. When --max-queue requests wait, the next is answered 503.
 *
 * What to look at: `wait` lasts until the first part begins, `work` until the last part is done:
 * n/threads on idle cores. A sleep is one part.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/strategy.h"
#include "targets/work/work.h"

#define PART_LEAST INT64_C(50000) /* counts: some 15 us, about what it takes to wake a thread */

struct compute {
    struct strategy_env *env;
    int64_t size, made;
    pthread_t *threads;
    int wake_fd;         /* an eventfd: some jobs are done */
    uv_poll_t wake;      /* of wake_fd */
    uv_check_t turn;     /* comes after all that a turn of the loop has read */
    struct job *arrived; /* in this turn, the newest first; the loop's own */
    int open_handles;
    atomic_int_fast64_t unbegun; /* jobs */
    pthread_mutex_t lock;        /* for all below, and the jobs */
    pthread_cond_t work_came;
    bool quit;
    struct job *first, *last; /* with parts that no thread has taken */
    struct job *done;
};

struct job {
    struct request *request;
    struct work work;
    int64_t parts, taken, ended;
    int64_t reached, began_ns, ended_ns;
    struct job *next;
};

/* ---- the work, on the threads; with the lock held ---- */

static int64_t take_part(struct compute *c, struct job *job)
{
    int64_t part = job->taken++;
    if (part == 0) {
        job->began_ns = clock_now_ns();
        atomic_fetch_sub(&c->unbegun, 1);
    }
    if (job->taken == job->parts) {
        c->first = job->next;
        if (c->first == NULL)
            c->last = NULL;
    }
    return part;
}

/* Returns true if the loop must be woken: for the last part of a job, unless others are done that
 * the loop has not taken yet; then it has been woken. */
static bool end_part(struct compute *c, struct job *job, int64_t reached)
{
    job->reached += reached;
    if (++job->ended < job->parts)
        return false;
    job->ended_ns = clock_now_ns();
    job->next = c->done;
    c->done = job;
    return job->next == NULL;
}

/* Releases the lock first: the woken loop may get this core, and then no thread could take a part
 * until this one runs again. uv_async_send is not used for the same reason: its receiver spins
 * until the sender, which has lost its core, has returned from it. */
static void wake_loop(struct compute *c)
{
    (void)pthread_mutex_unlock(&c->lock);
    (void)eventfd_write(c->wake_fd, 1); /* it cannot be full */
    (void)pthread_mutex_lock(&c->lock);
}

static void *on_thread(void *argument)
{
    struct compute *c = argument;
    (void)pthread_mutex_lock(&c->lock);
    for (;;) {
        while (c->first == NULL && !c->quit)
            (void)pthread_cond_wait(&c->work_came, &c->lock);
        if (c->first == NULL)
            break;
        struct job *job = c->first;
        struct work part = work_part(&job->work, take_part(c, job), job->parts);
        (void)pthread_mutex_unlock(&c->lock);
        int64_t reached = work_run(&part, &c->env->stop);
        (void)pthread_mutex_lock(&c->lock);
        if (end_part(c, job, reached))
            wake_loop(c);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- the work, on the loop ---- */

static void on_wake(uv_poll_t *wake, int status, int events)
{
    struct compute *c = wake->data;
    eventfd_t count = 0;
    (void)status;
    (void)events;
    (void)eventfd_read(c->wake_fd, &count);
    (void)pthread_mutex_lock(&c->lock);
    struct job *job = c->done;
    c->done = NULL;
    (void)pthread_mutex_unlock(&c->lock);
    while (job != NULL) {
        struct job *next = job->next;
        request_reply_work(job->request, job->reached, job->began_ns, job->ended_ns);
        free(job);
        job = next;
    }
}

/* ---- requests ---- */

static int64_t parts_of(const struct compute *c, const struct work *work)
{
    int64_t most = work->kind == WORK_COUNT ? work->n / PART_LEAST : 1;
    if (most < 1)
        return 1;
    return most < c->size ? most : c->size;
}

static void compute_handle(void *state, struct request *request)
{
    struct compute *c = state;
    if (atomic_load(&c->unbegun) >= c->env->options->max_queue) {
        request_reject(request, "the queue is full");
        return;
    }
    struct job *job = mem_zalloc(sizeof *job);
    job->request = request;
    job->work = request_work(request);
    job->parts = parts_of(c, &job->work);
    job->next = c->arrived;
    c->arrived = job;
    atomic_fetch_add(&c->unbegun, 1);
}

/* All requests of a turn go to the threads together: one lock, and no thread is woken twice. */
static void hand_over(struct compute *c)
{
    struct job *oldest = NULL;
    struct job *newest = c->arrived;
    int64_t parts = 0;
    if (newest == NULL)
        return;
    for (struct job *job = newest; job != NULL;) {
        struct job *next = job->next;
        parts += job->parts;
        job->next = oldest;
        oldest = job;
        job = next;
    }
    c->arrived = NULL;
    (void)pthread_mutex_lock(&c->lock);
    if (c->last == NULL)
        c->first = oldest;
    else
        c->last->next = oldest;
    c->last = newest;
    (void)pthread_mutex_unlock(&c->lock); /* which the woken threads need first */
    for (int64_t i = 0; i < parts && i < c->size; i++)
        (void)pthread_cond_signal(&c->work_came);
}

static void on_turn(uv_check_t *turn)
{
    hand_over(turn->data);
}

/* ---- stats ---- */

static void compute_stats(const void *state, struct strategy_stats *out)
{
    const struct compute *c = state;
    out->queue_depth = (int64_t)atomic_load(&c->unbegun);
    out->threads_live = out->threads_started = out->threads_peak = c->size;
}

/* ---- the stop ---- */

/* Rejects the jobs that have not begun. In the list only the first can have begun. */
static void compute_stop(void *state)
{
    struct compute *c = state;
    hand_over(c);
    (void)pthread_mutex_lock(&c->lock);
    struct job *job = c->first;
    if (job != NULL && job->taken > 0) {
        struct job *begun = job;
        job = begun->next;
        begun->next = NULL;
        c->last = begun;
    } else {
        c->first = c->last = NULL;
    }
    (void)pthread_mutex_unlock(&c->lock);
    while (job != NULL) {
        struct job *next = job->next;
        atomic_fetch_sub(&c->unbegun, 1);
        request_reject(job->request, "the server is stopping");
        free(job);
        job = next;
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct compute *c = handle->data;
    if (--c->open_handles > 0)
        return;
    (void)close(c->wake_fd);
    (void)pthread_cond_destroy(&c->work_came);
    (void)pthread_mutex_destroy(&c->lock);
    free(c->threads);
    free(c);
}

/* Every request is answered, so the threads are idle. */
static void compute_close(void *state)
{
    struct compute *c = state;
    (void)pthread_mutex_lock(&c->lock);
    c->quit = true;
    (void)pthread_cond_broadcast(&c->work_came);
    (void)pthread_mutex_unlock(&c->lock);
    for (int64_t i = 0; i < c->made; i++)
        (void)pthread_join(c->threads[i], NULL);
    c->open_handles = 2;
    uv_close((uv_handle_t *)&c->wake, on_closed);
    uv_close((uv_handle_t *)&c->turn, on_closed);
}

/* ---- the start ---- */

static int compute_start(struct strategy_env *env, void **state, struct err *err)
{
    char reason[80];
    int failed = 0;
    int64_t size = env->options->compute_threads;
    struct compute *c = mem_zalloc(sizeof *c);
    c->env = env;
    c->size = size > 0 ? size : (int64_t)uv_available_parallelism();
    c->threads = mem_array((size_t)c->size, sizeof *c->threads);
    c->wake.data = c;
    c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->wake_fd < 0 || uv_poll_init(env->loop, &c->wake, c->wake_fd) < 0) {
        if (c->wake_fd >= 0)
            (void)close(c->wake_fd);
        free(c->threads);
        free(c);
        return err_set(err, ERR_USAGE, "no descriptor is left; raise ulimit -n");
    }
    (void)uv_poll_start(&c->wake, UV_READABLE, on_wake);
    (void)uv_check_init(env->loop, &c->turn); /* these two cannot fail */
    (void)uv_check_start(&c->turn, on_turn);
    c->turn.data = c;
    (void)pthread_mutex_init(&c->lock, NULL); /* with the defaults neither can fail */
    (void)pthread_cond_init(&c->work_came, NULL);
    while (c->made < c->size && failed == 0) {
        failed = pthread_create(&c->threads[c->made], NULL, on_thread, c);
        c->made += failed == 0 ? 1 : 0;
    }
    if (failed != 0) {
        compute_close(c);
        return err_set(err, ERR_USAGE, "no %lld threads can be made: %s", (long long)c->size,
                       strerror_r(failed, reason, sizeof reason));
    }
    *state = c;
    return 0;
}

const struct strategy strategy_compute = {
    .name = "compute",
    .summary = "A pool of threads works on one request together.",
    .start = compute_start,
    .handle = compute_handle,
    .stats = compute_stats,
    .stop = compute_stop,
    .close = compute_close,
};
