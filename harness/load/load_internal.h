/* load_internal: what load.c runs, and load_collect.c reads when it is over. */
#ifndef LOAD_LOAD_INTERNAL_H
#define LOAD_LOAD_INTERNAL_H

#include "load/load.h"
#include "load/worker.h"

struct load {
    struct load_spec spec;
    struct load_events events;
    struct board *board;
    struct worker *workers;
    int nworkers, nstarted;
    struct bailout bailout;
    atomic_int nready, nclosed, ndone; /* threads, windows, threads */
    bool is_ready;                     /* on_ready was called */
    bool is_closed;                    /* all windows; on_window_end was called */
    bool joined;
    bool failed; /* to start: the caller does not get the load, which frees itself */
    uv_async_t notify;
    uv_timer_t window_timer;
};

#endif
