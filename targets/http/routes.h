/* routes: the paths of every target.
 *
 * Shape   /heavy is the strategy's, /ping, /healthz and /stats are answered here; any other path is
 *         offered to the strategy's `route`. Refused requests are answered 4xx and counted as
 *         `other`.
 * Owner   routes_serve answers the request or gives it to the strategy.
 */
#ifndef TARGETS_HTTP_ROUTES_H
#define TARGETS_HTTP_ROUTES_H

#include "targets/http/host_rule.h"
#include "targets/http/request.h"
#include "targets/http/stats.h"
#include "targets/http/strategy.h"

struct routes {
    const struct strategy *strategy;
    void *state; /* of the strategy */
    const struct target_options *options;
    struct stats *stats;
    struct host_rule rule;
};

/* These fit conn_list's `check` and `route`; ctx is a struct routes. */
int routes_check(void *ctx, struct message *message, struct err *err);
void routes_serve(void *ctx, struct request *r, struct message *message);

#endif
