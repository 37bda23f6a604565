/* style: what the output can show (a terminal, a file), and what the user asked for. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#define REPORT_WIDTH     100 /* columns for output without a width: a pipe, a file */
#define REPORT_WIDTH_MAX 120 /* used of a wider terminal: longer lines are hard to read */

struct report_style {
    bool utf8;          /* box drawing and symbols; else plain ASCII */
    bool colour;        /* ANSI escapes */
    bool latency_table; /* add the table of all percentiles */
    bool status_codes;  /* add the table with one row per status */
    bool brief;         /* a summary of one line instead of tables */
    size_t width;       /* maximum columns of a line; 0: REPORT_WIDTH */
};

#endif
