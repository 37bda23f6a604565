/* worker: one thread of the generator: a loop, its connections, its tally. Nothing is shared on
 * the request path.
 *
 * Shape   worker_run is the thread's whole life: connect, warm up, measure, count what is open,
 *         close. The struct is open to conn.c, which is the other half of the same machine.
 * Units   nanoseconds of clock_now_ns.
 * Owner   load.c allocates and frees; everything a run needs is allocated before it starts.
 */
#ifndef LOAD_WORKER_H
#define LOAD_WORKER_H

#include <stdatomic.h>
#include <uv.h>

#include "base/rng.h"
#include "load/board.h"
#include "load/conn.h"
#include "load/deadlines.h"
#include "load/spec.h"
#include "load/tally.h"

#define WORKER_BUFFER_BYTES 65536

struct worker {
    const struct load_spec *spec;
    struct board *board;
    int64_t start_ns; /* the same for all workers */
    int index;

    uv_loop_t loop;
    uv_thread_t thread;
    uv_async_t wake; /* to stop early */
    uv_timer_t phase_timer, second_timer, deadline_timer, retry_timer;
    struct conn *conns;
    int nconns;
    struct slot *slots;
    struct conn *waiting; /* in their back-off */
    struct deadlines deadlines;
    struct rng rng;
    char *buffer;   /* one receive buffer for all: its bytes are used up in the callback */
    char *requests; /* `pipelining` copies of the request, so that any number is one write */

    struct tally tally;
    int64_t quota;   /* requests left to send; INT64_MAX without -a */
    int64_t pending; /* requests open in all connections */
    int64_t window_ns, end_ns;
    int64_t last_reply_ns; /* or the start */
    bool measuring, ending, gave_up;
    atomic_bool stop; /* asked to end early */

    struct hist *seen; /* for the board */
    size_t nposted;
    int64_t second_ns, posted_errors, posted_non_2xx, posted_bytes;
    /* This thread's, in the window. */
    double cpu_at_window_s, cpu_s;
    double run_wait_at_window_s, run_wait_s;
    void (*on_done)(void *ctx); /* called from this thread, last */
    void *done_ctx;
    void (*on_second)(void *ctx); /* called from this thread when a second was posted */
};

void worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board);
void worker_fini(struct worker *w);
void worker_run(void *worker); /* uv_thread_cb */
/* From any thread: end now and count what is open. */
void worker_stop(struct worker *w);

/* For conn.c. */
void worker_retry_later(struct worker *w, struct conn *c);
void worker_check_end(struct worker *w, int64_t now_ns); /* after the last request of -a */

#endif
