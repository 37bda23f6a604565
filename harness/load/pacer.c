#include "load/pacer.h"

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

static void arm(struct pacer *p, int64_t now_ns)
{
    if (p->next_ns == SCHEDULE_END) {
        alarm_set(&p->alarm, ALARM_NEVER);
        return;
    }
    /* Where arrivals follow each other so closely that the thread would not sleep at all, replies
     * would wait for the end of each spin. */
    p->is_early = p->early_ns > 0 && p->next_ns - now_ns > 2 * SPIN_MOST_NS;
    alarm_set(&p->alarm, p->next_ns - (p->is_early ? p->early_ns : 0));
}

static int64_t spin(struct pacer *p, int64_t now_ns)
{
    int64_t from_ns = now_ns;
    while (now_ns < p->next_ns)
        now_ns = clock_now_ns();
    p->spun_ns += now_ns - from_ns;
    return now_ns;
}

static void on_ring(void *ctx, int64_t now_ns)
{
    struct pacer *p = ctx;
    learn(p, now_ns - p->alarm.at_ns);
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
    p->alarm = (struct alarm){.on_ring = on_ring, .ctx = p};
    return alarm_init(&p->alarm, loop, err);
}

void pacer_close(struct pacer *p)
{
    alarm_close(&p->alarm);
}

void pacer_fini(struct pacer *p)
{
    alarm_fini(&p->alarm);
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
