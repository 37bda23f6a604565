/* wire: when requests and replies of a server on this machine passed the kernel.
 *
 * Shape   a packet socket on the loopback interface, and a thread that reads it until wire_stop.
 *         Only packets with a payload, to or from the server's port, count: the first one of a
 *         request, and the first one of its reply on the same connection. Of a pipeline only the
 *         oldest request is known.
 * Units   nanoseconds; the times are the kernel's own stamps, of CLOCK_REALTIME, so only their
 *         differences are of use.
 * Owner   wire_stop frees the wire and fills caller's storage; wire_log_fini frees that.
 * Errors  wire_start: NULL without the privilege for it (CAP_NET_RAW), or without what it needs;
 *         then nothing is known. A packet that came when the socket was full is missing in the log,
 *         and counted.
 * Source  packet(7), "SOCK_DGRAM"; socket(7), "SO_TIMESTAMPNS".
 */
#ifndef SELFTEST_WIRE_H
#define SELFTEST_WIRE_H

#include <stddef.h>
#include <stdint.h>

struct wire;

struct wire_log {
    int64_t *requests_ns; /* in ascending order, but for packets that overtook each other */
    size_t count;
    int64_t nspans;  /* requests with a reply */
    double spans_ns; /* the sum of their times, from request to reply */
    int64_t missed;  /* packets */
};

struct wire *wire_start(int port);
/* NULL is fine, and gives an empty log. */
void wire_stop(struct wire *w, struct wire_log *out);
void wire_log_fini(struct wire_log *log);

/* From request to reply, on average; NAN when packets are missing or there are none. */
double wire_mean_span_ns(const struct wire_log *log);

/* One IPv4 packet of which `len` bytes are there, at this time; `open_ns` has a time for each port
 * of a client, 0 at first. Anything may be in it. */
void wire_packet(struct wire_log *log, int64_t *open_ns, int port, const uint8_t *packet,
                 size_t len, int64_t at_ns);

#endif
