#include "targets/queue/job_threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* Waking a thread or the loop takes longer than a short run. So the mean of the last runs decides
 * how many threads are woken, and short runs are handed over together. A timer finds runs that wait
 * behind an unexpectedly long one. */
#define WORTH_WAKING_NS (100 * NS_PER_US)
#define LOOK_MS         1
#define MEAN_OF_LAST    8 /* runs; a moving average */

struct job_threads {
    struct job_threads_spec spec;
    pthread_t *threads;
    int64_t made;
    uv_async_t wake;      /* of the loop, when runs are done */
    uv_prepare_t added;   /* before the loop waits: wakes threads for what was added in this turn */
    uv_timer_t look;      /* while short runs wait, or are done */
    int open;             /* handles that are not closed yet */
    pthread_mutex_t lock; /* for everything below */
    pthread_cond_t came;
    bool quit;
    bool looks;      /* the timer runs: threads may leave it to hand over what is done */
    int64_t idle;    /* threads that wait */
    int64_t mean_ns; /* of the last runs; 0: there were none */
    struct job_run *first, **end; /* runs that no thread has begun */
    int64_t waiting;              /* how many these are */
    struct job_run *done, **done_end;
    int64_t done_since_ns; /* of the first of them */
};

/* In all of these the caller holds the lock. */

static struct job_run *take_first(struct job_threads *t)
{
    struct job_run *run = t->first;
    t->first = run->next;
    if (t->first == NULL)
        t->end = &t->first;
    t->waiting--;
    return run;
}

static bool are_short(const struct job_threads *t)
{
    return t->mean_ns > 0 && t->mean_ns < WORTH_WAKING_NS;
}

static void add_done(struct job_threads *t, struct job_run *run)
{
    int64_t took_ns = run->ended_ns - run->began_ns;
    int64_t mean_ns =
        t->mean_ns == 0 ? took_ns : t->mean_ns + (took_ns - t->mean_ns) / MEAN_OF_LAST;
    t->mean_ns = mean_ns < 1 ? 1 : mean_ns;
    if (t->done == NULL)
        t->done_since_ns = run->ended_ns;
    run->next = NULL;
    *t->done_end = run;
    t->done_end = &run->next;
    if (!t->looks || run->ended_ns + t->mean_ns - t->done_since_ns >= WORTH_WAKING_NS)
        (void)uv_async_send(&t->wake);
}

static void wait_for_runs(struct job_threads *t)
{
    while (t->first == NULL && !t->quit) {
        if (t->done != NULL)
            (void)uv_async_send(&t->wake);
        t->idle++;
        (void)pthread_cond_wait(&t->came, &t->lock);
        t->idle--;
    }
}

static void wake_threads(struct job_threads *t, int64_t most)
{
    for (int64_t i = 0; i < most && i < t->idle; i++)
        (void)pthread_cond_signal(&t->came);
}

static void *on_thread(void *argument)
{
    struct job_threads *t = argument;
    (void)pthread_mutex_lock(&t->lock);
    for (;;) {
        wait_for_runs(t);
        if (t->quit)
            break;
        struct job_run *run = take_first(t);
        (void)pthread_mutex_unlock(&t->lock);
        run->began_ns = clock_now_ns();
        run->reached = work_run(&run->work, t->spec.stop);
        run->ended_ns = clock_now_ns();
        (void)pthread_mutex_lock(&t->lock);
        add_done(t, run);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* ---- on the loop ---- */

static void hand_over(struct job_threads *t)
{
    (void)pthread_mutex_lock(&t->lock);
    struct job_run *run = t->done;
    t->done = NULL;
    t->done_end = &t->done;
    (void)pthread_mutex_unlock(&t->lock);
    while (run != NULL) {
        struct job_run *next = run->next;
        t->spec.on_done(t->spec.ctx, run);
        run = next;
    }
}

static void on_wake(uv_async_t *wake)
{
    hand_over(wake->data);
}

/* Runs that were believed to be short have waited too long: every thread may take one. */
static void on_look(uv_timer_t *look)
{
    struct job_threads *t = look->data;
    (void)pthread_mutex_lock(&t->lock);
    wake_threads(t, t->waiting);
    t->looks = t->waiting > 0 && are_short(t);
    if (!t->looks)
        (void)uv_timer_stop(look);
    (void)pthread_mutex_unlock(&t->lock);
    hand_over(t);
}

static void on_added(uv_prepare_t *added)
{
    struct job_threads *t = added->data;
    (void)uv_prepare_stop(added);
    (void)pthread_mutex_lock(&t->lock);
    int64_t awake = t->made - t->idle;
    int64_t worth = 1 + t->waiting * t->mean_ns / WORTH_WAKING_NS;
    bool starts = !t->looks && are_short(t);
    t->looks = t->looks || starts;
    wake_threads(t, t->looks ? worth - awake : t->waiting);
    (void)pthread_mutex_unlock(&t->lock);
    if (starts)
        (void)uv_timer_start(&t->look, on_look, LOOK_MS, LOOK_MS);
}

void job_threads_add(struct job_threads *t, struct job_run *run)
{
    run->next = NULL;
    (void)pthread_mutex_lock(&t->lock);
    *t->end = run;
    t->end = &run->next;
    t->waiting++;
    (void)pthread_mutex_unlock(&t->lock);
    (void)uv_prepare_start(&t->added, on_added);
}

struct job_run *job_threads_take_back(struct job_threads *t)
{
    (void)pthread_mutex_lock(&t->lock);
    struct job_run *run = t->first;
    t->first = NULL;
    t->end = &t->first;
    t->waiting = 0;
    (void)pthread_mutex_unlock(&t->lock);
    return run;
}

static void on_closed(uv_handle_t *handle)
{
    struct job_threads *t = handle->data;
    if (--t->open > 0)
        return;
    struct job_threads_spec spec = t->spec;
    (void)pthread_cond_destroy(&t->came);
    (void)pthread_mutex_destroy(&t->lock);
    free(t->threads);
    free(t);
    if (spec.on_closed != NULL)
        spec.on_closed(spec.ctx);
}

void job_threads_close(struct job_threads *t)
{
    (void)pthread_mutex_lock(&t->lock);
    t->quit = true;
    (void)pthread_cond_broadcast(&t->came);
    (void)pthread_mutex_unlock(&t->lock);
    for (int64_t i = 0; i < t->made; i++)
        (void)pthread_join(t->threads[i], NULL);
    uv_close((uv_handle_t *)&t->wake, on_closed);
    uv_close((uv_handle_t *)&t->added, on_closed);
    uv_close((uv_handle_t *)&t->look, on_closed);
}

struct job_threads *job_threads_open(const struct job_threads_spec *spec, struct err *err)
{
    char reason[80];
    int failed = 0;
    struct job_threads *t = mem_zalloc(sizeof *t);
    t->spec = *spec;
    t->end = &t->first;
    t->done_end = &t->done;
    t->threads = mem_array((size_t)spec->count, sizeof *t->threads);
    t->wake.data = t->added.data = t->look.data = t;
    (void)uv_async_init(spec->loop, &t->wake, on_wake); /* the loop has a descriptor for it */
    (void)uv_prepare_init(spec->loop, &t->added);
    (void)uv_timer_init(spec->loop, &t->look);
    t->open = 3;
    (void)pthread_mutex_init(&t->lock, NULL); /* with default attributes neither can fail */
    (void)pthread_cond_init(&t->came, NULL);
    while (t->made < spec->count && failed == 0) {
        failed = pthread_create(&t->threads[t->made], NULL, on_thread, t);
        t->made += failed == 0 ? 1 : 0;
    }
    if (failed == 0)
        return t;
    (void)err_set(err, ERR_USAGE, "%lld threads cannot be started: %s", (long long)spec->count,
                  strerror_r(failed, reason, sizeof reason));
    t->spec.on_closed = NULL; /* the caller does not get the threads */
    job_threads_close(t);
    return NULL;
}
