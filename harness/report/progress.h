/* progress: the live line shown while a run is in progress.
 *
 * Shape   a pure function of what is known so far; the caller owns the terminal and draws it.
 * Units   in the names; width is in terminal columns.
 * Owner   the caller frees the line.
 * Errors  none: parts that do not fit are left out.
 */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "model/comparison.h"
#include "report/style.h"

struct progress {
    const struct trial_place *place; /* in a comparison; NULL: a single run */
    const char *phase;               /* "warm-up", "draining"; NULL for the run itself */
    int64_t elapsed_ns;              /* since the phase began */
    int64_t total_ns;                /* 0: no time limit */
    int64_t completed;               /* responses */
    int64_t amount;                  /* 0: no limit on the number of requests */
    double requests_per_second;      /* in the last second; NAN during the first one */
    int64_t p50_ns, p99_ns;          /* of the last second; MISSING if nothing completed in it */
    int64_t errors;                  /* timed out and failed, so far */
    int64_t non_2xx;                 /* non-2xx responses so far */
    int64_t jobs_left;               /* of a draining queue; 0 otherwise */
    double jobs_per_second;          /* drain rate; <= 0 or NAN: unknown so far */
};

char *report_progress(const struct progress *p, size_t width, const struct report_style *style);

#endif
