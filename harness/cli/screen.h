/* screen: a few lines on stderr that are drawn again in place, below what is written meanwhile.
 *
 * Shape   the lines are the last ones on the terminal, and the cursor is in the empty one below
 *         them, visible: what the terminal echoes ("^C"), and the prompt of a shell after a sudden
 *         end, do not touch them. A message of base/log takes them away and brings them back. Each
 *         drawing is one write(2). The terminal may be resized at any time: the lines are found
 *         again where it has wrapped them. In the background nothing is drawn, and after a stop the
 *         lines begin anew.
 * Owner   caller's storage, of which there is one at a time; it stays where it is until
 *         screen_close.
 * Errors  none: write errors are ignored.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "report/style.h"

struct screen {
    bool on;
    struct report_style style;
    struct log_view view;
    char *lines;     /* the last ones, each with its end; NULL: none */
    bool is_shown;   /* they are on the terminal */
    int64_t when_ns; /* drawn last */
};

/* Nothing will be drawn unless it is wanted, and stderr is a terminal that can. */
void screen_open(struct screen *s, bool is_wanted);
/* Enough time has passed since the last drawing. */
bool screen_is_due(const struct screen *s);
/* The style with the width as it is now; the rows that may be used. */
const struct report_style *screen_style(struct screen *s);
size_t screen_rows(void);
void screen_draw(struct screen *s, char *lines); /* takes the lines */
void screen_close(struct screen *s);             /* leaves nothing of them */

#endif
