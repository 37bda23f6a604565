#include "load/alarm.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct alarm *a = poll->data;
    (void)status;
    (void)events;
    a->on_ring(a->ctx, clock_now_ns());
}

int alarm_init(struct alarm *a, uv_loop_t *loop, struct err *err)
{
    char reason[80];
    a->at_ns = ALARM_NEVER;
    a->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (a->fd < 0)
        return err_set(err, ERR_USAGE, "cannot make a timer: %s; raise ulimit -n",
                       strerror_r(errno, reason, sizeof reason));
    int error = uv_poll_init(loop, &a->poll, a->fd);
    if (error < 0) {
        (void)close(a->fd);
        return err_set(err, ERR_USAGE, "cannot wait for a timer: %s", uv_strerror(error));
    }
    a->poll.data = a;
    a->has_fd = true;
    return 0;
}

void alarm_set(struct alarm *a, int64_t at_ns)
{
    struct itimerspec at = {0}; /* never */
    a->at_ns = at_ns;
    if (!uv_is_active((const uv_handle_t *)&a->poll)) {
        (void)prctl(PR_SET_TIMERSLACK, 1UL);
        (void)uv_poll_start(&a->poll, UV_READABLE, on_poll);
    }
    if (at_ns != ALARM_NEVER) {
        at.it_value.tv_sec = at_ns / NS_PER_S;
        at.it_value.tv_nsec = at_ns % NS_PER_S;
    }
    (void)timerfd_settime(a->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void alarm_close(struct alarm *a)
{
    if (a->has_fd)
        uv_close((uv_handle_t *)&a->poll, NULL);
}

void alarm_fini(struct alarm *a)
{
    if (a->has_fd)
        (void)close(a->fd);
    a->has_fd = false;
}
