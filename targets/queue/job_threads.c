#include "targets/queue/job_threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct job_threads {
    struct job_threads_spec spec;
    pthread_t *threads;
    int64_t made;
    uv_async_t wake;      /* of the loop, when runs are done */
    pthread_mutex_t lock; /* for everything below */
    pthread_cond_t came;
    bool quit;
    struct job_run *first, **end; /* no thread has begun them */
    struct job_run *done, **done_end;
};

/* The caller holds the lock. */
static struct job_run *take_first(struct job_threads *t)
{
    struct job_run *run = t->first;
    t->first = run->next;
    if (t->first == NULL)
        t->end = &t->first;
    return run;
}

static void *on_thread(void *argument)
{
    struct job_threads *t = argument;
    (void)pthread_mutex_lock(&t->lock);
    for (;;) {
        while (t->first == NULL && !t->quit)
            (void)pthread_cond_wait(&t->came, &t->lock);
        if (t->quit)
            break;
        struct job_run *run = take_first(t);
        (void)pthread_mutex_unlock(&t->lock);
        run->began_ns = clock_now_ns();
        run->reached = work_run(&run->work, t->spec.stop);
        run->ended_ns = clock_now_ns();
        (void)pthread_mutex_lock(&t->lock);
        run->next = NULL;
        *t->done_end = run;
        t->done_end = &run->next;
        (void)uv_async_send(&t->wake);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* ---- on the loop ---- */

static void on_wake(uv_async_t *wake)
{
    struct job_threads *t = wake->data;
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

void job_threads_add(struct job_threads *t, struct job_run *run)
{
    run->next = NULL;
    (void)pthread_mutex_lock(&t->lock);
    *t->end = run;
    t->end = &run->next;
    (void)pthread_cond_signal(&t->came);
    (void)pthread_mutex_unlock(&t->lock);
}

struct job_run *job_threads_take_back(struct job_threads *t)
{
    (void)pthread_mutex_lock(&t->lock);
    struct job_run *run = t->first;
    t->first = NULL;
    t->end = &t->first;
    (void)pthread_mutex_unlock(&t->lock);
    return run;
}

static void on_closed(uv_handle_t *handle)
{
    struct job_threads *t = handle->data;
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
    t->wake.data = t;
    (void)uv_async_init(spec->loop, &t->wake, on_wake); /* the loop has a descriptor for it */
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
