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
    atomic_int nclosed, ndone; /* windows, threads */
    bool is_closed;            /* all windows; on_window_end was called */
    bool joined;
    bool failed; /* to start: the caller does not get the load, which frees itself */
    uv_async_t notify;
    uv_timer_t window_timer;
};

#endif
