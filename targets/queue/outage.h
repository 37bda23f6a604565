/* outage: logs once that the broker fails and once that it works again.
 *
 * Shape   open; zeroed is the start. A gateway and a worker each have one, and tell it everything.
 *         A request that fails within QUIET after another belongs to the same outage, also when
 *         others succeed in between, as on a server without memory.
 * Units   ns of base/clock.
 * Errors  none.
 */
#ifndef TARGETS_QUEUE_OUTAGE_H
#define TARGETS_QUEUE_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

struct outage {
    bool is_on;
    bool is_away;       /* the connection is lost now */
    int64_t times_away; /* how often it was lost */
    int64_t failed_ns;  /* the last request that failed */
};

void outage_away(struct outage *o, const char *reason);   /* the connection is lost */
void outage_back(struct outage *o);                       /* and made again */
void outage_failed(struct outage *o, const char *reason); /* a request */
void outage_worked(struct outage *o);

#endif
