/* watch_figures: what a watch has read so far, and the figures derived from it: data, no loop.
 *
 * Shape   plain data: the target's own counters at both ends of the window, and one moment per
 *         second.
 * Owner   caller's storage, initially zeroed; watch_figures_fini frees. begin and end take
 *         ownership of the stats.
 * Errors  none: what was not read is MISSING, NAN or NULL.
 */
#ifndef RUNNER_WATCH_FIGURES_H
#define RUNNER_WATCH_FIGURES_H

#include <stdbool.h>

#include "proc/sampler.h"
#include "proc/target_stats.h"
#include "runner/drain.h"
#include "runner/job_workers.h"

/* What the samples missed of the target's process by some moment, for its threads that ended. */
struct missed {
    bool is_told;
    int64_t switches;
    double run_wait_s;
};

/* The server at the end of one second. */
struct moment {
    struct sample sample;
    struct missed missed;
    int64_t jobs_completed; /* so far */
    int64_t backlog;
};

struct watch_figures {
    struct moment opened; /* at the window's start */
    struct moment *moments;
    size_t count;
    struct sample closed;              /* at its end */
    struct target_stats before, after; /* the window */
    bool has_before, has_after;
    struct missed missed;   /* by its end */
    struct drain_end drain; /* how is UNKNOWN: did not drain */
    int64_t drain_most_ns;  /* PLAN_DRAIN_ALL: no limit */
};

void watch_figures_open(struct watch_figures *f, struct sample now);
bool watch_figures_opened(const struct watch_figures *f);
void watch_figures_add(struct watch_figures *f, struct sample now);
void watch_figures_close(struct watch_figures *f, struct sample now);
/* Sets the server's figures of the last moment, with the backlog as it was last read. */
void watch_figures_show(const struct watch_figures *f, struct second *second);
/* Sets the target's counters for moment `at`, counted from 0. `seen` is what the last sample has of
 * its process, here and below. */
void watch_figures_refine(struct watch_figures *f, size_t at, const struct target_stats *stats,
                          const struct thread_figures *seen);
void watch_figures_begin(struct watch_figures *f, const struct target_stats *stats,
                         const struct thread_figures *seen);
void watch_figures_end(struct watch_figures *f, const struct target_stats *stats,
                       const struct thread_figures *seen);
void watch_figures_collect(const struct watch_figures *f, const struct job_workers *workers,
                           struct result *r);
void watch_figures_fini(struct watch_figures *f);

#endif
