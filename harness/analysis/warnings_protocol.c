/* What HTTP/2 kept from the load that was asked for, and what of TLS is not as it seems. */
#include "analysis/warnings_internal.h"

#define BLOCKED_PART 0.01 /* of the time of all connections */

static void check_stream_limit(struct result *r)
{
    const struct http2_use *h = &r->http2;
    if (h->max_streams == MISSING || h->max_streams >= r->pipelining)
        return;
    warn(r, "stream-limit",
         "raise the server's limit of streams, or use more connections with a smaller -p",
         "the server allows %lld stream%s on a connection: -p %lld asked for more, and was not "
         "reached",
         (long long)h->max_streams, h->max_streams == 1 ? "" : "s", (long long)r->pipelining);
}

static void check_window(struct result *r)
{
    const struct http2_use *h = &r->http2;
    double time_s = r->duration_s * (double)r->connections;
    if (!(h->blocked_s > BLOCKED_PART * time_s))
        return;
    warn(r, "window-blocked",
         "let the server give larger windows, or send smaller bodies: until then its flow control "
         "is a part of what is measured",
         "request bodies waited for the server's flow-control window %lld times, %.1f %% of the "
         "time of all connections",
         (long long)h->blocked, 100 * h->blocked_s / time_s);
}

static void check_mixed(struct result *r)
{
    if (r->tls.is_mixed)
        warn(
            r, "tls-mixed",
            "several servers answer at this address: choose one version and cipher with --tls-min, "
            "--tls-max and --ciphers",
            "not all connections agreed on the same TLS version and cipher, and the figures are of "
            "all of them together");
}

void warnings_protocol(struct result *r)
{
    if (r->has_http2) {
        check_stream_limit(r);
        check_window(r);
    }
    if (r->has_tls)
        check_mixed(r);
}
