/* bar: how much of something is done, as a bar in a line of the live view.
 *
 * Errors  none. NAN, for what is not known, and a bar without room are no bar.
 */
#ifndef REPORT_LIVE_BAR_H
#define REPORT_LIVE_BAR_H

#include "report/live/fields.h"

/* `done` of 1, in what the line leaves when `reserved` columns stay free. */
void bar_add(struct fields *f, double done, size_t reserved);
/* Rounded, as an estimate needs no more: "34 s", "12 min", "1.5 h". Returns text. */
char *bar_time(int64_t ns, char *text, size_t size);

#endif
