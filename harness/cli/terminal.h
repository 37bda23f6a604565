/* terminal: what the place that we write to can show.
 *
 * Source  NO_COLOR (any value, but not the empty one, turns colour off); the locale is UTF-8 when
 * LC_ALL, LC_CTYPE or LANG, the first of them that is set, says so.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdio.h>

#include "report/style.h"

/* Boxes, colour and width as the stream can show them; the tables that were asked for are the
 * caller's. */
struct report_style terminal_style(FILE *stream);
size_t terminal_width(FILE *stream); /* columns; 80 when unknown */

#endif
