/* visit: how a connection sends the requests of a list.
 *
 * Shape   visit_next makes the next request, or has the connection wait when none can be sent;
 *         visit_replied follows a whole reply. A request with a value that is missing is counted
 *         and passed over. In an open loop it takes its arrival with it; in a closed one the next
 *         entry is tried at once, until all of them were.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the conn's; a conn without visitor has none of this.
 */
#ifndef LOAD_VISIT_H
#define LOAD_VISIT_H

#include "load/conn.h"

/* Adds its bytes to `out`. NULL: there is none now. */
const struct source_entry *visit_next(struct conn *c, struct buf *out, int64_t now_ns);
/* What visit_next made cannot be sent after all: its values make it too large. */
void visit_refuse(struct conn *c, const struct source_entry *entry, int64_t now_ns);
/* Its matching is at its end. */
/* Its pause is over. */
void visit_resume(struct conn *c, int64_t now_ns);
void visit_replied(struct conn *c, const struct source_entry *entry,
                   const struct matching *matching, int64_t now_ns);

#endif
