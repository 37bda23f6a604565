/* block_internal: a block while it is measured: what its files share.
 *
 * Shape   block.c starts the servers, block_loads.c loads them, block_end.c ends all.
 */
#ifndef RUNNER_BLOCK_INTERNAL_H
#define RUNNER_BLOCK_INTERNAL_H

#include <uv.h>

#include "load/load.h"
#include "runner/aim.h"
#include "runner/block.h"
#include "runner/meter.h"
#include "runner/target.h"
#include "runner/trial_signals.h"

struct block;

struct block_arm {
    struct block *block;
    struct plan plan;
    struct aim aim;
    struct load_spec load;
    struct target *target; /* NULL: a URL */
    bool is_ready, is_gone;
};

/* What is loaded now. */
enum phase { PHASE_START, PHASE_WARMUP, PHASE_PILOT, PHASE_SLICES, PHASE_END };

struct block {
    const struct block_spec *spec;
    struct session_side *sides;
    struct block_outcome *out;
    uv_loop_t loop;
    struct trial_signals signals;
    struct block_arm arms[SESSION_ARMS_MAX];
    size_t narms;
    size_t started[SESSION_ARMS_MAX]; /* the order of the starts */
    size_t order[SESSION_ARMS_MAX * SESSION_SLICES_MOST];
    enum phase phase;
    size_t step; /* of the phase */
    struct load *load;
    size_t loaded;    /* the arm that is being loaded */
    int64_t pilot_ns; /* of the current try */
    struct meter meter;
    bool is_measuring, is_ending;
};

/* Ends all of it; called again when something of it has ended. */
void block_wind_up(struct block *b);
/* The same for a reason; what went wrong first counts. */
void block_give_up(struct block *b, enum block_how how, size_t arm);
/* Once all arms are ready. */
void block_begin_loads(struct block *b);

#endif
