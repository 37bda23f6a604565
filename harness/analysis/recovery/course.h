/* course: a run of an open loop, sample by sample: what became of the requests, and whether the
 * goal held.
 *
 * Shape   a sample is an interval of the latencies over time. Requests count in the sample in which
 *         they were over, what waits at the sample's end.
 * Units   s from the window's start; requests, jobs.
 * Owner   course_of fills the caller's storage; course_fini frees what it holds.
 * Errors  none: a result without latencies over time has no samples.
 */
#ifndef ANALYSIS_RECOVERY_COURSE_H
#define ANALYSIS_RECOVERY_COURSE_H

#include "model/recovery.h"
#include "model/result.h"

enum course_verdict {
    COURSE_EMPTY, /* nothing was over in it, and nothing had waited for too long */
    COURSE_FINE,
    COURSE_BAD,
};

struct course_sample {
    double from_s, to_s;
    double due, done, lost, refused; /* refused: responses that did no work */
    double waiting;
    int64_t jobs; /* of a queue; or MISSING */
    double good;  /* responses within the goal */
    enum course_verdict verdict;
};

struct course {
    struct course_sample *items;
    size_t count;
};

void course_of(const struct result *r, struct course *out);
void course_fini(struct course *c);
/* Fills `good` and the verdicts. */
void course_judge(struct course *c, const struct result *r, const struct recovery_goal *goal);
/* Adds the latencies of the sample to `into`, of the shape of hist_text_new. */
void course_latencies(const struct result *r, size_t sample, struct hist *into);

#endif
