/* date_line: the Date header of replies, formatted once per second.
 *
 * Shape   one per thread; a zeroed struct is ready.
 * Source  RFC 9110, sections 5.6.7 and 6.6.1.
 */
#ifndef TARGETS_HTTP_DATE_LINE_H
#define TARGETS_HTTP_DATE_LINE_H

#include <stdint.h>

struct date_line {
    int64_t second; /* since 1970, of the text */
    char text[48];
};

/* "Date: Sun, 06 Nov 1994 08:49:37 GMT" and CRLF; good until the next call. */
const char *date_line_at(struct date_line *line, int64_t wall_ms);

#endif
