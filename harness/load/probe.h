/* probe: a light request at a steady rate beside the load, to see whether the server still serves
 * its other paths.
 *
 * Shape   a thread and a connection of its own, so that neither the load nor the sampling delays
 *         it. An open loop: request k is due at start + k/rate, whatever became of those before
 *         it; one that is late because the last reply is late counts from when it was due.
 *         At the end what is open, and what was due and could not be sent, is counted at its age.
 * Units   nanoseconds; rate in requests a second.
 * Owner   probe_start gives the probe to the caller; probe_stop ends the thread and joins it (at
 *         most some milliseconds); then probe_collect, then probe_free. The spec is borrowed.
 * Errors  only probe_start can fail (a thread that cannot be made). Losses are counted.
 */
#ifndef LOAD_PROBE_H
#define LOAD_PROBE_H

#include <sys/socket.h>

#include "base/err.h"
#include "model/result.h"

struct probe;

struct probe_spec {
    const struct sockaddr_storage *address;
    const char *path;
    const char *request; /* the bytes of a GET of that path */
    size_t request_len;
    double rate_rps;
    int64_t timeout_ns;
};

struct probe *probe_start(const struct probe_spec *spec, struct err *err);
void probe_stop(struct probe *p);
/* Fills r->probe and its histograms, in a result that has none. After probe_stop. */
void probe_collect(struct probe *p, struct result *r);
void probe_free(struct probe *p); /* NULL is fine */

#endif
