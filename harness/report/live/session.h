/* live/session: the live view of a session: two arms side by side, in blocks.
 *
 * Shape   a pure function of what is known so far; whoever owns the terminal draws what it gives.
 *         The lines are: the block and its slice, how far the session is at least, the change so
 *         far of the gate that is nearest to failing, a line for each arm (in 80 columns with the
 *         cost of its server), and the generator. When there are not enough rows for them, there is
 *         one line.
 * Units   in the names; the style's width is in terminal columns.
 * Owner   the caller frees the text, in which each line has its end.
 * Errors  none: what does not fit is left out.
 */
#ifndef REPORT_LIVE_SESSION_H
#define REPORT_LIVE_SESSION_H

#include <stdint.h>

#include "report/live/history.h"
#include "report/style.h"

struct live_arm {
    const char *name;
    struct history load; /* its slices */
};

struct live_session {
    size_t block;         /* the first is 0 */
    int64_t blocks;       /* at most */
    int64_t look;         /* the block after which the gates are judged next; 0: after none */
    size_t slice, slices; /* the first is 1; both 0 outside of slices */
    double left_s;        /* at most; NAN: not known */
    const char *change;   /* of the nearest gate, in words; empty: none yet */
    const struct live_arm *arms;
    size_t narms;
    size_t arm; /* the one that is measured */
};

char *live_session(const struct live_session *s, const struct report_style *style, size_t rows);

#endif
