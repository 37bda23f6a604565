/* delay_log: what the delay server did with each request, written when it stops.
 *
 * Shape   one line per request, in the order of arrival: when it was read, its service time, when
 *         that began and when the reply was written (-1: never), with blanks between.
 * Units   nanoseconds of clock_now_ns.
 * Owner   delay_log_open fills caller's storage; delay_log_close writes the file, frees, and may be
 *         called for a log that was never opened.
 * Errors  delay_log_open: kind USAGE, when the file cannot be written. delay_log_close: -1 with
 *         errno when it was not written whole. Past DELAY_LOG_MAX requests nothing is added.
 */
#ifndef TARGETS_STRATEGIES_DELAY_LOG_H
#define TARGETS_STRATEGIES_DELAY_LOG_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define DELAY_LOG_MAX 4000000

struct delay_log_line {
    int64_t arrival_ns, service_ns, start_ns, finish_ns;
};

struct delay_log {
    FILE *file; /* NULL: nothing is kept */
    struct delay_log_line *lines;
    size_t count, room;
};

int delay_log_open(struct delay_log *log, const char *path, struct err *err);
int delay_log_close(struct delay_log *log);
void delay_log_add(struct delay_log *log, const struct delay_log_line *line);
/* Of the request that was added as this number, from 0. */
void delay_log_finish(struct delay_log *log, size_t number, int64_t finish_ns);

#endif
