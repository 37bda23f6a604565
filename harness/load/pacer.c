#include "load/pacer.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

#define SPIN_MOST_NS INT64_C(60000)
/* A wake-up that is late by more is an accident, not what the next one will be like. */
#define LATE_MOST_NS (10 * SPIN_MOST_NS)
#define LEARN        16 /* part of a new wake-up in what is known of them: 1/16 */

/* Moves towards the lateness quickly when it was more than expected, and slowly back. */
static void learn(struct pacer *p, int64_t late_ns)
{
    if (!p->may_spin || late_ns < 0 || late_ns > LATE_MOST_NS)
        return;
    p->early_ns +=
        late_ns > p->early_ns ? (late_ns - p->early_ns) / 2 : (late_ns - p->early_ns) / LEARN;
    if (p->early_ns > SPIN_MOST_NS)
        p->early_ns = SPIN_MOST_NS;
}

static int64_t absolute(const struct pacer *p, int64_t at_ns)
{
    if (at_ns == SCHEDULE_END || at_ns >= p->end_ns - p->start_ns)
        return SCHEDULE_END;
    return p->start_ns + at_ns;
}

/* The one after those that are due. */
static int64_t next_coming(struct pacer *p)
{
    return p->ndue < p->most ? absolute(p, schedule_next(&p->coming)) : SCHEDULE_END;
}

void pacer_look(struct pacer *p, int64_t now_ns)
{
    while (p->next_ns <= now_ns) {
        if (p->lag != NULL)
            hist_record(p->lag, now_ns - p->next_ns);
        p->ndue++;
        p->next_ns = next_coming(p);
    }
}

/* Setting the timer also takes back that it has rung, so it need not be read. */
static void arm(struct pacer *p, int64_t now_ns)
{
    struct itimerspec at = {0}; /* never */
    if (p->next_ns != SCHEDULE_END) {
        /* Where arrivals follow each other so closely that the thread would not sleep at all,
         * replies would wait for the end of each spin. */
        p->is_early = p->early_ns > 0 && p->next_ns - now_ns > 2 * SPIN_MOST_NS;
        p->armed_ns = p->next_ns - (p->is_early ? p->early_ns : 0);
        at.it_value.tv_sec = p->armed_ns / NS_PER_S;
        at.it_value.tv_nsec = p->armed_ns % NS_PER_S;
    }
    (void)timerfd_settime(p->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static int64_t spin(struct pacer *p, int64_t now_ns)
{
    int64_t from_ns = now_ns;
    while (now_ns < p->next_ns)
        now_ns = clock_now_ns();
    p->spun_ns += now_ns - from_ns;
    return now_ns;
}

static void on_timer(uv_poll_t *timer, int status, int events)
{
    struct pacer *p = timer->data;
    (void)status;
    (void)events;
    int64_t now_ns = clock_now_ns();
    learn(p, now_ns - p->armed_ns);
    if (p->is_early && p->next_ns - now_ns <= SPIN_MOST_NS)
        now_ns = spin(p, now_ns);
    pacer_look(p, now_ns);
    arm(p, now_ns);
    if (pacer_waiting(p) > 0)
        p->on_due(p->ctx, now_ns);
}

int pacer_init(struct pacer *p, uv_loop_t *loop, struct err *err)
{
    p->next_ns = p->oldest_ns = SCHEDULE_END;
    char reason[80];
    p->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (p->fd < 0)
        return err_set(err, ERR_USAGE, "cannot make a timer: %s; raise ulimit -n",
                       strerror_r(errno, reason, sizeof reason));
    int error = uv_poll_init(loop, &p->timer, p->fd);
    if (error < 0) {
        (void)close(p->fd);
        p->fd = -1;
        return err_set(err, ERR_USAGE, "cannot wait for a timer: %s", uv_strerror(error));
    }
    p->timer.data = p;
    return 0;
}

void pacer_close(struct pacer *p)
{
    uv_close((uv_handle_t *)&p->timer, NULL);
}

void pacer_fini(struct pacer *p)
{
    if (p->fd >= 0)
        (void)close(p->fd);
    p->fd = -1;
}

void pacer_start(struct pacer *p, const struct schedule *s, int64_t start_ns, int64_t end_ns,
                 int64_t most)
{
    p->most = most;
    p->start_ns = start_ns;
    p->end_ns = end_ns;
    p->ndue = p->ntaken = 0;
    p->spun_ns = 0;
    schedule_start(&p->coming, s, p->thread, p->threads);
    schedule_start(&p->waiting, s, p->thread, p->threads);
    p->next_ns = next_coming(p);
    p->oldest_ns = absolute(p, schedule_next(&p->waiting));
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    (void)uv_poll_start(&p->timer, UV_READABLE, on_timer);
    arm(p, clock_now_ns());
}

int64_t pacer_take(struct pacer *p, int64_t n)
{
    int64_t due_ns = p->oldest_ns;
    p->ntaken += n;
    p->waiting.k += (n - 1) * p->threads;
    p->oldest_ns = absolute(p, schedule_next(&p->waiting));
    return due_ns;
}
