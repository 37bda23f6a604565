/* metric_internal: what the tables of metric.h share.
 *
 * Owner   the needs are static.
 */
#ifndef MODEL_METRIC_INTERNAL_H
#define MODEL_METRIC_INTERNAL_H

#include "model/metric.h"

/* Whether a run of the plan sends a request of that name. */
bool metric_plans_request(const struct metric *m, const struct plan *plan);

extern const struct metric_need metric_need_request; /* one that has a name */
extern const struct metric_need metric_need_requests;
extern const struct metric_need metric_need_replies;
extern const struct metric_need metric_need_length;
extern const struct metric_need metric_need_server;
extern const struct metric_need metric_need_work;
extern const struct metric_need metric_need_bundled;
extern const struct metric_need metric_need_connects;
extern const struct metric_need metric_need_handshakes;
extern const struct metric_need metric_need_expected;
extern const struct metric_need metric_need_probes;
extern const struct metric_need metric_need_probe;
extern const struct metric_need metric_need_probe_new;
extern const struct metric_need metric_need_queue;
extern const struct metric_need metric_need_jobs;
extern const struct metric_need metric_need_rate;
extern const struct metric_need metric_need_drain;
extern const struct metric_need metric_need_capacity;

#endif
