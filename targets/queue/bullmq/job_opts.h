/* job_opts: the opts of a BullMQ job about its attempts and about how long it is kept. Pure.
 *
 * Shape   open. The text is untrusted: where something is missing or makes no sense, the library's
 *         default applies, which is one attempt and no pause.
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
    JOB_BACKOFF_UNKNOWN,     /* a kind that another worker defines: no further attempt is made */
};

struct job_opts {
    int64_t attempts; /* at least 1 */
    enum job_backoff backoff;
    double delay_ms, jitter; /* jitter 0.25: shortened at random by up to a quarter */
    /* JSON text for finish.lua; "": the worker's own rule applies. */
    char *keep_completed, *keep_failed;
};

/* text NULL: there are no opts. */
void job_opts_parse(const char *text, struct job_opts *out);
void job_opts_fini(struct job_opts *o);

#define JOB_PAUSE_NEVER (-1)
/* The pause before the next attempt, when `made` attempts have been made and the last one failed;
 * JOB_PAUSE_NEVER: there is no next attempt. */
int64_t job_opts_pause_ms(const struct job_opts *o, int64_t made, struct rng *rng);

/* The opts of the jobs that we add: at most `attempts` attempts, with a pause that doubles. */
#define JOB_OPTS_MAX 128
void job_opts_format(int64_t attempts, int64_t backoff_ns, char text[JOB_OPTS_MAX]);

#endif
