/* compute_client: HTTP requests to a compute service over a bounded number of kept connections.
 *
 * Shape   closed. Each slot has one exchange at a time. There are never more connections than
 *         slots, and libcurl keeps them open between exchanges. A GET that was lost on a kept
 *         connection before a byte came back is sent once more on a new one, as browsers do.
 * Units   ns.
 * Owner   compute_client_close frees what compute_client_open gives, some turns of the loop later;
 *         then on_closed is called. `job` is the caller's own and comes back in the exchange's end.
 * Errors  compute_client_open, compute_client_base: kind USAGE. A lost exchange ends as LOST.
 * Source  RFC 9112, section 9.3.1, for what is sent once more.
 */
#ifndef TARGETS_COMPUTE_CLIENT_H
#define TARGETS_COMPUTE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

enum exchange_how { EXCHANGE_ANSWERED, EXCHANGE_TIMED_OUT, EXCHANGE_LOST };

/* Texts are borrowed for the call. */
struct exchange_end {
    void *job;
    enum exchange_how how;
    const char *why; /* LOST */
    int64_t sent_ns, ended_ns;
    long status;               /* ANSWERED, like the rest */
    const char *body, *timing; /* timing: Server-Timing, or NULL */
    size_t body_len;
};

struct compute_client_events {
    void *ctx;
    void (*on_end)(void *ctx, const struct exchange_end *end); /* may send the next */
    void (*on_closed)(void *ctx);
};

struct compute_client;

struct compute_client *compute_client_open(uv_loop_t *loop, int64_t slots,
                                           const struct compute_client_events *events,
                                           struct err *err);
bool compute_client_has_room(const struct compute_client *c);
/* Only when there is room. on_end is called later, exactly once. */
void compute_client_send(struct compute_client *c, const char *url, int64_t timeout_ns, void *job);
/* Ends every exchange now, as LOST. */
void compute_client_cut(struct compute_client *c);
/* Only when no exchange is under way. */
void compute_client_close(struct compute_client *c);

/* The URL of a service up to where "n=5" is appended; one without a path means /heavy. The caller
 * frees it. NULL with err set when it is not an http:// or https:// URL. */
char *compute_client_base(const char *url, struct err *err);

#endif
