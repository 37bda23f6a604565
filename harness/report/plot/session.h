/* plot/session: the data files of the pictures of a session: how the latency shifted, and the
 * change in each block, a panel a gate.
 *
 * Shape   as in report/plot/data.h; what is written is a struct session_picture.
 * Units   a change as a user reads it: percent, percentage points, or the unit in the title.
 * Owner   a picture borrows everything.
 */
#ifndef REPORT_PLOT_SESSION_H
#define REPORT_PLOT_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "report/plot/data.h"
#include "report/plot/shift.h"

#define SESSION_PANELS_MAX 12

struct session_panel {
    char *title;         /* "p99, %" */
    const char *name;    /* "p99" */
    const char *verdict; /* "pass"; stable */
    double limit;        /* drawn as a line */
    bool is_below;       /* the bad case lies below it */
    double *changes;     /* one a block; NAN where it is not known */
};

struct session_picture {
    struct shift_picture shift;
    const struct session_panel *panels;
    size_t npanels; /* at most SESSION_PANELS_MAX */
    size_t nblocks;
    const size_t *redone; /* how often each block was measured before */
};

extern const struct plot_file session_files[]; /* ends with one without a name */

#endif
