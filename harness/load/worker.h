/* worker: one thread of the generator: a loop, its connections, its tally. Nothing is shared on
 * the request path.
 *
 * Shape   worker_run is the thread's whole life: connect, warm up, measure, count what is open,
 *         close. load.c reads the struct after the thread is joined.
 * Units   nanoseconds of clock_now_ns.
 * Owner   load.c allocates and frees; everything a run needs is allocated before it starts.
 *         worker_fini follows each worker_init, also one that failed or whose thread never ran.
 * Errors  only worker_init can fail (a loop that cannot be made). Losses are counted.
 */
#ifndef LOAD_WORKER_H
#define LOAD_WORKER_H

#include <stdatomic.h>
#include <uv.h>

#include "base/err.h"
#include "load/board.h"
#include "load/conn.h"
#include "load/spec.h"

struct worker {
    const struct load_spec *spec;
    struct board *board;
    int64_t start_ns; /* the same for all workers */
    int index;

    uv_loop_t loop;
    bool has_loop; /* and the handles on it */
    uv_thread_t thread;
    uv_async_t wake; /* to stop early */
    uv_timer_t phase_timer, second_timer, deadline_timer, retry_timer;
    struct conn_env env;
    struct conn *conns;
    int nconns;
    struct slot *slots;
    struct conn *waiting; /* conns in their back-off */

    int64_t end_ns;
    bool measuring, gave_up;
    int open_at_end;  /* connections */
    atomic_bool stop; /* asked to end early */

    struct hist *seen; /* the latencies that the board has */
    size_t nposted;
    int64_t second_ns, posted_errors, posted_non_2xx, posted_bytes;
    /* Of this thread, in the window. */
    double cpu_at_window_s, cpu_s;
    double run_wait_at_window_s, run_wait_s;
    void (*on_done)(void *ctx); /* called from this thread, last */
    void *done_ctx;
    void (*on_second)(void *ctx); /* called from this thread when a second was posted */
};

int worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board,
                struct err *err);
void worker_fini(struct worker *w);
void worker_run(void *worker); /* uv_thread_cb */
/* From any thread: end now and count what is open. */
void worker_stop(struct worker *w);

#endif
