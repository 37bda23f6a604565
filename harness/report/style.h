/* style: what the place that a report goes to can show, and what its reader asked for. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#define REPORT_WIDTH     100 /* columns where the place has no width of its own: a pipe, a file */
#define REPORT_WIDTH_MAX 120 /* of a wider place no more is used: longer lines are hard to read */

struct report_style {
    bool utf8;          /* boxes and signs; else plain ASCII */
    bool colour;        /* ANSI escapes */
    bool latency_table; /* all percentiles */
    bool status_codes;  /* one row a status */
    size_t width;       /* columns that no line of ours passes; 0: REPORT_WIDTH */
};

#endif
