/* terminal: what the output stream can show.
 *
 * Source  NO_COLOR (any value that is not empty turns colour off). The locale is UTF-8 if the first
 *         of LC_ALL, LC_CTYPE and LANG that is set says so.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdio.h>

#include "report/style.h"

/* Sets utf8, colour and width for the stream; the caller sets the optional tables. */
struct report_style terminal_style(FILE *stream);
size_t terminal_width(FILE *stream); /* columns; 80 when unknown */

#endif
