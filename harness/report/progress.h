/* progress: the one line that lives while a run is on.
 *
 * Shape   a pure function of what is known so far; the caller owns the terminal and draws it.
 * Units   in the names; width is the terminal's columns.
 * Owner   the line is the caller's to free.
 * Errors  none: what does not fit is left out, the least important first.
 */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "model/comparison.h"
#include "report/style.h"

struct progress {
    const struct trial_place *place; /* in a comparison; NULL: a run alone */
    const char *phase;               /* "warm-up", "draining"; NULL for the run itself */
    int64_t elapsed_ns;              /* since the phase began */
    int64_t total_ns;                /* 0: no limit in time */
    int64_t completed;               /* replies */
    int64_t amount;                  /* 0: no limit in number */
    double requests_per_second;      /* of the last second; NAN before the first has passed */
    int64_t p50_ns, p99_ns;          /* of the last second; MISSING when nothing completed in it */
    int64_t errors;                  /* timed out and failed, so far */
    int64_t non_2xx;                 /* replies that are no 2xx, so far */
    int64_t jobs_left;               /* of a queue that drains; 0 while none does */
    double jobs_per_second;          /* of the drain; <= 0 or NAN: not known yet */
};

char *report_progress(const struct progress *p, size_t width, const struct report_style *style);

#endif
