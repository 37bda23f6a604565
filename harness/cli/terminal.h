/* terminal: what the output stream can show.
 *
 * Source  NO_COLOR (any value that is not empty turns colour off). The locale is UTF-8 if the first
 *         of LC_ALL, LC_CTYPE and LANG that is set says so. TERM: "dumb" is a terminal that shows
 *         escapes as they are.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "report/style.h"

/* Sets utf8, colour and width for the stream; the caller sets the optional tables. */
struct report_style terminal_style(FILE *stream);
size_t terminal_width(FILE *stream); /* columns; 80 when unknown */
size_t terminal_rows(FILE *stream);  /* 24 when unknown */
/* Lines can be drawn in place: it is a terminal, and it can move its cursor. */
bool terminal_is_drawable(FILE *stream);

#endif
