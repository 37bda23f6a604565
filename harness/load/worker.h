/* worker: one thread of the generator: a loop, its connections, its tally. Nothing is shared on
 * the request path.
 *
 * Shape   worker_run is the thread's whole life: connect, warm up, measure, count what is open,
 * wait for that if it is told to, close. load.c reads the struct after the thread is joined. Units
 * nanoseconds of clock_now_ns. Owner   load.c allocates and frees; everything a run needs is
 * allocated before it starts. worker_fini follows each worker_init, also one that failed or whose
 * thread never ran. Errors  only worker_init can fail (a loop that cannot be made). Losses are
 * counted.
 */
#ifndef LOAD_WORKER_H
#define LOAD_WORKER_H

#include <stdatomic.h>
#include <uv.h>

#include "base/err.h"
#include "load/conn.h"
#include "load/open_loop.h"
#include "load/posting.h"
#include "load/retries.h"
#include "load/spec.h"
#include "load/thread_use.h"

struct worker {
    const struct load_spec *spec;
    int64_t start_ns; /* the same for all workers */
    int index;

    uv_loop_t loop;
    bool has_loop; /* and the handles on it */
    bool has_starter;
    uv_thread_t thread;
    uv_async_t wake; /* to stop early */
    uv_timer_t phase_timer, second_timer, deadline_timer;
    struct pacer starter; /* of a closed loop that begins at a time */
    struct retries retries;
    struct conn_env env;
    struct open_loop *open_loop; /* NULL: a closed loop */
    struct conn *conns;
    int nconns; /* that may be open at the same time */
    struct slot *slots;

    int64_t warm_ns;        /* when the warm-up began */
    int64_t at_ns;          /* when the window is to open; 0: that is not known, or not given */
    int64_t window_ns;      /* when the window was opened */
    int64_t planned_end_ns; /* INT64_MAX: when its requests are over */
    int64_t end_ns;
    bool measuring, gave_up;
    bool is_over;              /* its handles are closed, or closing */
    struct accounting counted; /* when the window was closed */
    struct tally warmup;       /* of the requests before the window; empty without a warm-up */
    struct bailout *bailout;   /* for the window, during a warm-up */
    int open_at_end;           /* connections */
    int64_t stuck;             /* requests sent before the window and open at the end */
    _Atomic int64_t told_ns;   /* when to begin; 0: not told yet */
    atomic_bool stop;          /* asked to end early */

    struct posting posting;
    struct thread_use used_before, used; /* of this thread; in the window */
    double spun_s;                       /* of it, waiting for arrivals without sleeping */
    /* Opens the window and sees to its end: what comes before it calls this. */
    void (*begin)(struct worker *w, int64_t window_ns);
    void (*on_done)(void *ctx);  /* called from this thread, last */
    void (*on_ready)(void *ctx); /* the same, once it can be told when to begin, if it is to be */
    void *done_ctx;
    void (*on_second)(void *ctx);        /* called from this thread when a second was posted */
    void (*on_window_closed)(void *ctx); /* the same, when what follows is not measured any more */
    void (*on_bailout)(void *ctx);       /* the same: all threads are to end */
};

int worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board,
                struct err *err);
void worker_fini(struct worker *w);
void worker_run(void *worker); /* uv_thread_cb */
/* From any thread, once: the time that it waits for. */
void worker_open_at(struct worker *w, int64_t at_ns);
/* From any thread: end now and count what is open. */
void worker_stop(struct worker *w);

#endif
