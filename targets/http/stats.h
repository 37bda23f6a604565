/* stats: the target's own counters, as GET /stats shows them.
 *
 * Shape   every heavy request that was handed to the strategy ends in exactly one of four counters:
 *           completed  answered with success, and the socket took the whole reply
 *           rejected   answered 503 for lack of room, or because the server stops; taken whole
 *           failed     answered with another failure of the strategy; taken whole
 *           aborted    the client was gone before the socket had taken the whole answer
 *         so begun = completed + rejected + failed + aborted + those still open.
 *         With TLS every accepted connection has opened (its handshake is over), has failed before
 *         that, or is at it; one that has opened can break later, when what comes is no record.
 * Units   histograms in ns: `wait` from parsed to work begun, `work` from begun to done. Both hold
 *         every request whose work was done, even if its client had gone.
 * Owner   stats_close frees the histograms that stats_open makes.
 */
#ifndef TARGETS_HTTP_STATS_H
#define TARGETS_HTTP_STATS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "stat/hist.h"
#include "targets/http/strategy.h"

struct stats {
    int64_t begun, completed, rejected, aborted, failed;
    int64_t ping, other; /* requests; `other` is every further path and every bad request */
    int64_t connections_open, connections_accepted;
    bool has_tls; /* only then the next are shown */
    int64_t tls_opened, tls_failed, tls_broken;
    struct hist *wait, *work;
};

enum stats_detail { STATS_BRIEF, STATS_FULL }; /* full: with the histograms */

void stats_open(struct stats *s);
void stats_close(struct stats *s);
/* Takes over from->more. The caller frees the result with json_decref. */
json_t *stats_to_json(const struct stats *s, const char *strategy, struct strategy_stats *from,
                      enum stats_detail detail);

#endif
