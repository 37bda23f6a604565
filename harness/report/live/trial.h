/* trial: the live view of one run, alone or in a comparison.
 *
 * Shape   a pure function of what is known so far; whoever owns the terminal draws what it gives.
 *         The lines are: where a comparison is, how far the run is, and what its load does
 *         (load_lines). When there are not enough rows for them, one line says the most important.
 * Units   in the names; the style's width is in terminal columns.
 * Owner   the caller frees the text, in which each line has its end.
 * Errors  none: what does not fit is left out.
 */
#ifndef REPORT_LIVE_TRIAL_H
#define REPORT_LIVE_TRIAL_H

#include "model/comparison.h"
#include "report/live/history.h"

struct live_trial {
    const struct trial_place *place; /* in a comparison; NULL: a single run */
    const char *phase;               /* "warm-up", "draining"; NULL for the run itself */
    int64_t elapsed_ns;              /* since the phase began */
    int64_t total_ns;                /* 0: no time limit */
    int64_t amount;                  /* 0: no limit on the number of requests */
    int64_t jobs_left;               /* of a draining queue; 0 otherwise */
    double jobs_per_second;          /* drain rate; <= 0 or NAN: unknown so far */
    const struct history *load;
};

char *live_trial(const struct live_trial *t, const struct report_style *style, size_t rows);

#endif
