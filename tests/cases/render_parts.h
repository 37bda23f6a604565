/* render_parts: what the runs of render_cases are made of.
 *
 * Shape   each part sets fields of a result that render_run began; render_seconds comes after the
 *         accounting and the server.
 * Units   as in a result.
 * Owner   the result owns all that is set. The caller owns a histogram until a result has it.
 */
#ifndef TESTS_RENDER_PARTS_H
#define TESTS_RENDER_PARTS_H

#include "model/result.h"

/* A spread of samples, the same for each seed. */
struct render_shape {
    uint64_t seed, count;
    double low_ms, spread_ms, tail; /* tail: how far the slowest reach, as a power */
};

struct hist *render_spread(const struct render_shape *shape);

void render_run(struct result *r, double duration_s);
void render_target(struct result *r, const char *strategy);
/* The completed requests, spread over the seconds by their length, with a wobble. */
void render_seconds(struct result *r, int64_t bytes_each);
/* Makes the figures that follow from others: the losses and the latencies of the seconds, and what
 * bench itself needed. */
void render_settle(struct result *r);
void render_cost(struct process_cost *c, double user_s, double system_s, int64_t completed);

/* An open loop that did not keep to its times; with the warnings that bench gives it. */
void render_case_late(struct result *r);
/* The same by three hosts, of which one was saturated and one was lost. */
void render_case_merged(struct result *r);
/* Over TLS and HTTP/2; with the warnings that bench gives them. */
void render_case_https(struct result *r);
void render_case_http2(struct result *r);
void render_case_untrusted(struct result *r);
/* The cases of a queue. */
void render_case_queue(struct result *r);
void render_case_drained(struct result *r);
void render_case_burst(struct result *r);
void render_case_undone(struct result *r);

#endif
