/* job_opts: what a job of BullMQ's says of its own attempts and of how long it is kept. Pure.
 *
 * Shape   open. The text may be anybody's: what is missing or makes no sense in it is as the
 *         library has it without, which is one attempt and no pause.
 * Units   *_ms.
 * Owner   job_opts_parse fills caller's storage; job_opts_fini frees the rules.
 * Errors  none.
 * Source  docs.bullmq.io, "Retrying failing jobs" and "Auto-removal of jobs".
 */
#ifndef TARGETS_QUEUE_BULLMQ_JOB_OPTS_H
#define TARGETS_QUEUE_BULLMQ_JOB_OPTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum job_backoff {
    JOB_BACKOFF_NONE,
    JOB_BACKOFF_FIXED,
    JOB_BACKOFF_EXPONENTIAL, /* the delay, twice as long before each further attempt */
    JOB_BACKOFF_UNKNOWN,     /* of a kind that its own worker defines: the job is not tried again */
};

struct job_opts {
    int64_t attempts; /* at least 1 */
    enum job_backoff backoff;
    double delay_ms, jitter; /* jitter 0.25: up to a quarter less, by chance */
    /* JSON text, as finish.lua takes it; "" is the worker's own rule. */
    char *keep_completed, *keep_failed;
};

/* NULL is no opts. */
void job_opts_parse(const char *text, struct job_opts *out);
void job_opts_fini(struct job_opts *o);

#define JOB_PAUSE_NEVER (-1)
/* Before another attempt when `made` have been made and the last has failed: 0 or more, or
 * JOB_PAUSE_NEVER. */
int64_t job_opts_pause_ms(const struct job_opts *o, int64_t made, struct rng *rng);

/* For jobs of our own: at most that many attempts, the pause doubles. */
#define JOB_OPTS_MAX 128
void job_opts_format(int64_t attempts, int64_t backoff_ns, char text[JOB_OPTS_MAX]);

#endif
