#include "targets/queue/sqlite/watch.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define LOOK_NS          NS_PER_S
#define LOOK_BLIND_NS    (20 * NS_PER_MS)
#define BETWEEN_WAKES_NS (2 * NS_PER_MS)

struct job_watch {
    uv_loop_t *loop;
    struct job_watch_events events;
    char *path;
    bool asleep, watching;
    int64_t woken_ns;
    uv_fs_event_t log;
    uv_timer_t timer;
    int open_handles;
};

static void on_time(uv_timer_t *timer)
{
    struct job_watch *w = timer->data;
    w->asleep = false;
    w->woken_ns = clock_now_ns();
    w->events.on_wake(w->events.ctx);
}

static void wake_at(struct job_watch *w, int64_t at_ns, int64_t now_ns)
{
    int64_t soonest_ns = w->woken_ns + BETWEEN_WAKES_NS;
    int64_t left_ns = (at_ns > soonest_ns ? at_ns : soonest_ns) - now_ns;
    if (left_ns < 0)
        left_ns = 0;
    uv_update_time(w->loop);
    (void)uv_timer_start(&w->timer, on_time, (uint64_t)((left_ns + NS_PER_MS - 1) / NS_PER_MS), 0);
}

static void stop_watching(struct job_watch *w)
{
    w->watching = false;
    (void)uv_fs_event_stop(&w->log);
}

/* The first event is enough. It may be a write of this process. */
static void on_log(uv_fs_event_t *log, const char *name, int events, int status)
{
    struct job_watch *w = log->data;
    (void)name;
    (void)events;
    (void)status;
    stop_watching(w);
    if (w->asleep)
        wake_at(w, 0, clock_now_ns());
}

void job_watch_sleep(struct job_watch *w, int64_t until_ns)
{
    int64_t now_ns = clock_now_ns();
    int64_t latest_ns = now_ns + LOOK_NS;
    w->asleep = true;
    if (!w->watching) {
        w->watching = uv_fs_event_start(&w->log, on_log, w->path, 0) == 0;
        /* Something may have been written before the watch began. */
        latest_ns = now_ns + (w->watching ? 0 : LOOK_BLIND_NS);
    }
    wake_at(w, until_ns < latest_ns ? until_ns : latest_ns, now_ns);
}

void job_watch_pause(struct job_watch *w)
{
    int64_t now_ns = clock_now_ns();
    stop_watching(w);
    wake_at(w, now_ns + LOOK_NS, now_ns);
}

void job_watch_stay_awake(struct job_watch *w)
{
    w->asleep = false;
    (void)uv_timer_stop(&w->timer);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct job_watch *w = handle->data;
    if (--w->open_handles > 0)
        return;
    struct job_watch_events events = w->events;
    free(w->path);
    free(w);
    events.on_closed(events.ctx);
}

void job_watch_close(struct job_watch *w)
{
    uv_close((uv_handle_t *)&w->log, on_handle_closed);
    uv_close((uv_handle_t *)&w->timer, on_handle_closed);
}

struct job_watch *job_watch_open(uv_loop_t *loop, const char *path,
                                 const struct job_watch_events *events)
{
    struct job_watch *w = mem_zalloc(sizeof *w);
    w->loop = loop;
    w->events = *events;
    w->path = mem_strdup(path);
    (void)uv_fs_event_init(loop, &w->log);
    (void)uv_timer_init(loop, &w->timer);
    w->log.data = w->timer.data = w;
    w->open_handles = 2;
    return w;
}
