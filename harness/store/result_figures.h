/* result_figures: what a bench.result/1 document derives from its histogram, seconds and counts.
 *
 * Shape   the "latency", "requests" and "throughput" of a document, with autocannon's keys.
 * Units   of latency ms; of the others per second, total and sent as counts.
 * Owner   a new object belongs to the caller.
 * Errors  none. What is not known is null.
 */
#ifndef STORE_RESULT_FIGURES_H
#define STORE_RESULT_FIGURES_H

#include <jansson.h>

#include "model/result.h"

/* Of completed requests; NULL: there is no histogram. */
json_t *latency_figures(const struct hist *h);
json_t *result_request_figures(const struct result *r);
json_t *result_throughput_figures(const struct result *r);

#endif
