/* probe: a light request at a steady rate beside the load, to see whether the server still serves
 * its other paths.
 *
 * Shape   a thread and connections of its own, so that neither the load nor the sampling delays
 *         it. They are opened before the load begins: as many as probes are due in a second, and
 *         at least 20. Each probe goes on an idle one; when none is idle it has one opened for it,
 *         which takes longer if the server accepts late, and is counted apart (probe_new).
 *         There are at most as many connections as probes are due in one time-out, or as
 *         most_connections says; a probe beyond that waits for one.
 *         An open loop of jittered arrivals (load/schedule.h): probe k has the slot from
 *         start + k/rate to start + (k + 1)/rate, and is due at a place in it that differs from
 *         slot to slot, so that it does not keep step with something that the server does at a
 *         steady rate. Its time counts from when it was due, whatever became of those before it.
 *         The thread sleeps until then; it never spins.
 *         Non-2xx replies are counted by status, lost probes are counted; neither has a time.
 *         Probes that timed out, or were open or not sent at the end, are counted with their age.
 * Units   nanoseconds; rate in requests per second.
 * Owner   probe_open gives the probe to the caller. on_open follows on the caller's loop once each
 *         connection is open or has failed, and at the latest after 3 s, unless probe_stop comes
 *         first. Then probe_begin; probe_stop ends the thread and joins it (at most some
 *         milliseconds); then probe_collect. probe_free comes when the loop has ended. The spec is
 *         borrowed.
 * Errors  only probe_open can fail (descriptors, a thread or a TLS context that cannot be made).
 * Losses are counted. Source  that of load/schedule.h.
 */
#ifndef LOAD_PROBE_H
#define LOAD_PROBE_H

#include <sys/socket.h>
#include <uv.h>

#include "base/err.h"
#include "load/source/source.h"
#include "model/result.h"
#include "tls/client.h"

struct probe;

struct probe_spec {
    const struct sockaddr_storage *address;
    const struct tls_client *tls; /* NULL: plain */
    const char *host;             /* of the certificate */
    char *tunnel;                 /* asks the proxy at the address for one; NULL: none */
    const char *path;
    struct source_text text; /* a GET of that path */
    double rate_rps;
    int64_t timeout_ns;
    int64_t most_connections; /* 0: no limit but that of the time-out */
};

/* How many connections are opened before the load begins, and how many there are at most. */
int64_t probe_connections(double rate_rps);
int64_t probe_most_connections(double rate_rps, int64_t timeout_ns);

struct probe *probe_open(uv_loop_t *loop, const struct probe_spec *spec, void (*on_open)(void *ctx),
                         void *ctx, struct err *err);
void probe_begin(struct probe *p); /* the first probe is due soon after this */
void probe_stop(struct probe *p);
/* Fills r->probe_counts and the histograms, in a result that has none. After probe_stop. */
void probe_collect(struct probe *p, struct result *r);
void probe_free(struct probe *p); /* NULL is fine */

#endif
