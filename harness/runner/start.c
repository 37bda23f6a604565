#include "runner/start.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "load/spec.h"

#define CONNECT_NS (2 * NS_PER_S)  /* to open connections, before the warm-up */
#define LOOK_NS    (10 * NS_PER_S) /* the wall clock may be set while a time is waited for */

/* --- a time --- */

static int64_t planned_ns(const struct plan_start *start)
{
    return start->kind == PLAN_START_WALL ? start->at_ns - clock_wall_offset_ns() : start->at_ns;
}

/* How long before the window the load is started. */
static int64_t before_ns(const struct plan *plan)
{
    double opening_s = plan->connect_rps > 0 ? (double)plan->connections / plan->connect_rps : 0;
    return CONNECT_NS + plan->warmup_ns + (int64_t)(opening_s * (double)NS_PER_S);
}

static void on_timer(uv_timer_t *timer);

static void look(struct start *s)
{
    int64_t left_ns = planned_ns(&s->plan->start) - before_ns(s->plan) - clock_now_ns();
    if (left_ns <= 0) {
        s->events.on_time(s->events.ctx);
        return;
    }
    if (left_ns > LOOK_NS)
        left_ns = LOOK_NS;
    uv_update_time(s->timer.loop);
    (void)uv_timer_start(&s->timer, on_timer, (uint64_t)(left_ns / NS_PER_MS) + 1, 0);
}

static void on_timer(uv_timer_t *timer)
{
    look(timer->data);
}

int start_time(struct start *s, int64_t *at_ns, struct err *err)
{
    const struct plan_start *start = &s->plan->start;
    *at_ns = start->kind == PLAN_START_NOW ? LOAD_START_NOW : LOAD_START_TOLD;
    if (start->kind == PLAN_START_NOW || start->kind == PLAN_START_TOLD)
        return 0;
    *at_ns = s->at_ns = planned_ns(start);
    if (*at_ns - s->plan->warmup_ns > clock_now_ns())
        return 0;
    return err_set(err, ERR_USAGE, "--start-at %s is past, or too near%s; give a later time",
                   start->text, s->plan->warmup_ns > 0 ? " for the warm-up of -W" : "");
}

/* --- a launcher --- */

static void fail(struct start *s, const char *problem)
{
    (void)err_set(s->events.err, ERR_USAGE, "--start-at %s: %s", s->plan->start.text, problem);
    start_stop(s);
    s->events.on_failed(s->events.ctx);
}

static void take_time(struct start *s, int64_t at_ns)
{
    s->at_ns = at_ns;
    s->events.on_told(s->events.ctx, at_ns);
}

/* A whole line was read. */
static void take_line(struct start *s)
{
    char *end = NULL;
    errno = 0;
    int64_t at_ns = strtoll(s->line, &end, 10);
    bool is_number = s->line[0] >= '0' && s->line[0] <= '9' && *end == '\0' && errno == 0;
    if (s->at_ns != 0)
        fail(s, "it was told a time twice");
    else if (!is_number)
        fail(s, "what it was told is not a time in nanoseconds");
    else if (!s->is_ready)
        fail(s, "it was told a time before it said that it is ready");
    else if (at_ns <= clock_now_ns())
        fail(s, "the time that it was told is past");
    else if (at_ns - clock_now_ns() > PLAN_LONGEST_NS)
        fail(s, "the time that it was told is more than 365 days away");
    else
        take_time(s, at_ns);
}

static void take_bytes(struct start *s, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && s->has_poll; i++) {
        s->line[s->len] = bytes[i];
        if (bytes[i] == '\n') {
            s->line[s->len] = '\0';
            s->len = 0;
            take_line(s);
        } else if (++s->len == sizeof s->line) {
            s->line[sizeof s->line - 1] = '\0';
            fail(s, "what it was told is not a time in nanoseconds");
        }
    }
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct start *s = poll->data;
    char bytes[64];
    (void)events;
    ssize_t n = status < 0 ? 0 : read(s->plan->start.fd, bytes, sizeof bytes);
    if (n > 0) {
        take_bytes(s, bytes, (size_t)n);
        return;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    start_stop(s);
    (void)raise(SIGINT); /* which ends it as any other */
}

void start_ready(struct start *s)
{
    static const char ready[] = "ready\n";
    s->is_ready = true;
    if (s->has_poll && write(s->plan->start.fd, ready, strlen(ready)) < 0 && errno != EPIPE)
        fail(s, strerrordesc_np(errno)); /* the end of the launcher is seen by reading */
}

static int listen_to_launcher(struct start *s, uv_loop_t *loop)
{
    int fd = s->plan->start.fd;
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC); /* no server that is started here holds it open */
    int error = uv_poll_init(loop, &s->poll, fd);
    if (error < 0)
        return err_set(s->events.err, ERR_USAGE, "--start-at %s: %s", s->plan->start.text,
                       uv_strerror(error));
    s->poll.data = s;
    s->has_poll = true;
    (void)uv_poll_start(&s->poll, UV_READABLE, on_readable);
    return 0;
}

/* --- both --- */

int start_wait(struct start *s, uv_loop_t *loop, const struct plan *plan,
               const struct start_events *events)
{
    *s = (struct start){.plan = plan, .events = *events};
    if (plan->start.kind == PLAN_START_TOLD && listen_to_launcher(s, loop) < 0)
        return -1;
    if (plan->start.kind == PLAN_START_NOW || plan->start.kind == PLAN_START_TOLD) {
        events->on_time(events->ctx);
        return 0;
    }
    (void)uv_timer_init(loop, &s->timer);
    s->timer.data = s;
    s->has_timer = true;
    log_debug("waiting for %s", plan->start.text);
    look(s);
    return 0;
}

void start_stop(struct start *s)
{
    if (s->has_timer)
        uv_close((uv_handle_t *)&s->timer, NULL);
    if (s->has_poll)
        uv_close((uv_handle_t *)&s->poll, NULL);
    s->has_timer = s->has_poll = false;
}

void start_opened(struct start *s)
{
    s->wall_offset_ns = clock_wall_offset_ns();
}

void start_collect(const struct start *s, int64_t window_ns, struct result *r)
{
    if (r->share == NULL)
        return;
    r->share->start_us = (window_ns + s->wall_offset_ns) / NS_PER_US;
    r->share->start_skew_us =
        s->at_ns == 0 ? NAN : (double)(window_ns - s->at_ns) / (double)NS_PER_US;
}
