/* style: what the place that a report goes to can show, and what its reader asked for. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>

#define REPORT_WIDTH 100 /* columns that no line of ours passes */

struct report_style {
    bool utf8;          /* boxes and signs; else plain ASCII */
    bool colour;        /* ANSI escapes */
    bool latency_table; /* all percentiles */
    bool status_codes;  /* one row a status */
};

#endif
