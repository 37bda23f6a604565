#include "selftest/bystander.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"

struct bystander {
    int64_t gap_ns;
    atomic_bool stop;
    struct hist *late; /* the thread's; read when it has ended */
    uv_thread_t thread;
};

/* Signals are held back in this process, and one that comes ends the sleep of another thread. */
static void sleep_until(int64_t at_ns)
{
    struct timespec at = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        continue;
}

/* A wake-up that was due while an earlier one was late is late, too: like an arrival, it is not
 * skipped. */
static void stand_by(void *ctx)
{
    struct bystander *b = ctx;
    int64_t next_ns = clock_now_ns();
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    while (!atomic_load(&b->stop)) {
        next_ns += b->gap_ns;
        sleep_until(next_ns);
        hist_record(b->late, clock_now_ns() - next_ns);
    }
}

struct bystander *bystander_start(int64_t gap_ns, struct err *err)
{
    struct bystander *b = mem_zalloc(sizeof *b);
    b->gap_ns = gap_ns;
    b->late = hist_new_latency();
    int error = uv_thread_create(&b->thread, stand_by, b);
    if (error == 0)
        return b;
    (void)err_set(err, ERR_INVALID, "no thread to compare wake-ups with: %s", uv_strerror(error));
    hist_free(b->late);
    free(b);
    return NULL;
}

struct hist *bystander_stop(struct bystander *b)
{
    if (b == NULL)
        return NULL;
    atomic_store(&b->stop, true);
    (void)uv_thread_join(&b->thread);
    struct hist *late = b->late;
    free(b);
    return late;
}
