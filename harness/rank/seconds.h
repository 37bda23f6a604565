/* seconds: the seconds of all members, put together as they come.
 *
 * Shape   each member gives its lines of bench.second/1 in order. A second of all is a line of the
 *         same shape, with "hosts": how many are in it. It can be taken when every member has given
 *         it, or has left. Counts are added up; percentiles are those of the latencies of all.
 * Owner   seconds_new gives it to the caller; it keeps what a second needs until it is taken.
 * Errors  seconds_add: kind USAGE, a line that is no such second; nothing is added then.
 */
#ifndef RANK_SECONDS_H
#define RANK_SECONDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct seconds;

struct seconds *seconds_new(int members);
void seconds_free(struct seconds *s); /* NULL is fine */
int seconds_add(struct seconds *s, int member, const char *line, struct err *err);
/* It will give no more: seconds do not wait for it. */
void seconds_leave(struct seconds *s, int member);
/* The next second, as a line, appended; false when there is none. */
bool seconds_take(struct seconds *s, struct buf *out);
/* The end of the last second that all members gave, by the shortest of them; 0: there was none. */
double seconds_of_all(const struct seconds *s);

#endif
