#include "targets/queue/sqlite/lane.h"

#include <stdlib.h>

#include "base/mem.h"

struct lane {
    struct lane_events events;
    /* Only used by the loop. */
    struct lane_request *first, **end; /* gathered */
    struct lane_request *batch;        /* that the thread has */
    bool closing;
    int open_handles;
    uv_prepare_t before_poll; /* for requests of timers and closing handles */
    uv_check_t after_poll;    /* for requests of connections */
    uv_async_t done;
    /* Shared, under the mutex. */
    uv_thread_t thread;
    uv_mutex_t mutex;
    uv_cond_t changed;
    struct lane_request *to_do, *finished;
    bool leave, left;
};

/* ---- the thread ---- */

static struct lane_request *next_batch(struct lane *l)
{
    uv_mutex_lock(&l->mutex);
    while (l->to_do == NULL && !l->leave)
        uv_cond_wait(&l->changed, &l->mutex);
    struct lane_request *batch = l->to_do;
    l->to_do = NULL;
    uv_mutex_unlock(&l->mutex);
    return batch;
}

static void thread_main(void *arg)
{
    struct lane *l = arg;
    for (struct lane_request *batch = next_batch(l); batch != NULL; batch = next_batch(l)) {
        l->events.on_batch(l->events.ctx, batch);
        uv_mutex_lock(&l->mutex);
        l->finished = batch;
        uv_mutex_unlock(&l->mutex);
        (void)uv_async_send(&l->done);
    }
    l->events.on_last(l->events.ctx);
    uv_mutex_lock(&l->mutex);
    l->left = true;
    uv_mutex_unlock(&l->mutex);
    (void)uv_async_send(&l->done);
}

/* ---- the loop ---- */

static void on_handle_closed(uv_handle_t *handle)
{
    struct lane *l = handle->data;
    if (--l->open_handles > 0)
        return;
    struct lane_events events = l->events;
    uv_cond_destroy(&l->changed);
    uv_mutex_destroy(&l->mutex);
    free(l);
    if (events.on_closed != NULL)
        events.on_closed(events.ctx);
}

static void close_handles(struct lane *l)
{
    l->open_handles = 3;
    uv_close((uv_handle_t *)&l->before_poll, on_handle_closed);
    uv_close((uv_handle_t *)&l->after_poll, on_handle_closed);
    uv_close((uv_handle_t *)&l->done, on_handle_closed);
}

/* The thread must have no batch. */
static void tell_to_leave(struct lane *l)
{
    uv_mutex_lock(&l->mutex);
    l->leave = true;
    uv_cond_signal(&l->changed);
    uv_mutex_unlock(&l->mutex);
}

static void hand_over(struct lane *l)
{
    (void)uv_prepare_stop(&l->before_poll);
    (void)uv_check_stop(&l->after_poll);
    if (l->batch != NULL || l->first == NULL)
        return;
    l->batch = l->first;
    l->first = NULL;
    l->end = &l->first;
    uv_mutex_lock(&l->mutex);
    l->to_do = l->batch;
    uv_cond_signal(&l->changed);
    uv_mutex_unlock(&l->mutex);
}

static void on_before_poll(uv_prepare_t *prepare)
{
    hand_over(prepare->data);
}

static void on_after_poll(uv_check_t *check)
{
    hand_over(check->data);
}

static void wait_for_end_of_turn(struct lane *l)
{
    (void)uv_prepare_start(&l->before_poll, on_before_poll);
    (void)uv_check_start(&l->after_poll, on_after_poll);
}

static void take_back(struct lane *l, struct lane_request *batch)
{
    l->batch = NULL;
    l->events.on_done(l->events.ctx, batch);
    if (l->first != NULL)
        wait_for_end_of_turn(l);
    else if (l->closing)
        tell_to_leave(l);
}

static void on_thread_done(uv_async_t *async)
{
    struct lane *l = async->data;
    uv_mutex_lock(&l->mutex);
    struct lane_request *batch = l->finished;
    bool left = l->left;
    l->finished = NULL;
    uv_mutex_unlock(&l->mutex);
    if (batch != NULL)
        take_back(l, batch);
    if (left) {
        (void)uv_thread_join(&l->thread);
        close_handles(l);
    }
}

void lane_add(struct lane *l, struct lane_request *request)
{
    request->next = NULL;
    *l->end = request;
    l->end = &request->next;
    if (l->batch == NULL)
        wait_for_end_of_turn(l); /* otherwise it is sent when the thread is done with its batch */
}

bool lane_is_idle(const struct lane *l)
{
    return l->batch == NULL;
}

void lane_close(struct lane *l)
{
    l->closing = true;
    if (l->batch == NULL && l->first == NULL)
        tell_to_leave(l);
}

struct lane *lane_open(uv_loop_t *loop, const struct lane_events *events, struct err *err)
{
    struct lane *l = mem_zalloc(sizeof *l);
    l->events = *events;
    l->end = &l->first;
    int failed = uv_async_init(loop, &l->done, on_thread_done);
    if (failed < 0) {
        free(l);
        (void)err_set(err, ERR_USAGE, "the broker's thread: %s", uv_strerror(failed));
        return NULL;
    }
    (void)uv_prepare_init(loop, &l->before_poll);
    (void)uv_check_init(loop, &l->after_poll);
    l->before_poll.data = l->after_poll.data = l->done.data = l;
    (void)uv_mutex_init(&l->mutex);
    (void)uv_cond_init(&l->changed);
    failed = uv_thread_create(&l->thread, thread_main, l);
    if (failed == 0)
        return l;
    (void)err_set(err, ERR_USAGE, "the broker's thread: %s", uv_strerror(failed));
    l->events.on_closed = NULL; /* the caller does not get the lane */
    close_handles(l);
    return NULL;
}
