#include "model/result_load.h"

#include <stdlib.h>

/* The histograms of a load generator. */
#define LOAD_HISTS(X)                                                                              \
    X(latency)                                                                                     \
    X(unfinished)                                                                                  \
    X(connect)                                                                                     \
    X(first_byte)                                                                                  \
    X(service)                                                                                     \
    X(slip)                                                                                        \
    X(unsent)                                                                                      \
    X(lag)                                                                                         \
    X(handshake)                                                                                   \
    X(after_end)

static void take_requests(struct result *to, struct result *from)
{
    to->accounting = from->accounting;
    from->accounting.connect_errors = NULL;
    from->accounting.nconnect_errors = 0;
    from->accounting.loss_reasons = NULL;
    from->accounting.nloss_reasons = 0;
    to->warmup = from->warmup;
    from->warmup = NULL;
    to->named = from->named;
    to->nnamed = from->nnamed;
    from->named = NULL;
    from->nnamed = 0;
}

static void take_hists(struct result *to, struct result *from)
{
#define X(name)                                                                                    \
    to->name = from->name;                                                                         \
    from->name = NULL;
    LOAD_HISTS(X)
#undef X
}

static void take_course(struct result *to, struct result *from)
{
    to->seconds = from->seconds;
    to->nseconds = from->nseconds;
    to->series_latency = from->series_latency;
    from->seconds = NULL;
    from->nseconds = 0;
    from->series_latency = NULL;
}

static void take_protocols(struct result *to, struct result *from)
{
    to->has_tls = from->has_tls;
    to->tls = from->tls;
    from->tls = (struct tls_use){0};
    to->has_http2 = from->has_http2;
    to->http2 = from->http2;
}

/* What was really offered: of a plan of which a share was lost, less than that. */
static void take_offered(struct result *to, struct result *from)
{
    to->connections = from->connections;
    free(to->offered.stages);
    free(to->offered.arrivals);
    to->offered = from->offered;
    from->offered.stages = from->offered.arrivals = NULL;
}

static void take_generator(struct result *to, struct result *from)
{
    free(to->address);
    to->address = from->address;
    from->address = NULL;
    to->workers = from->workers;
    to->client = from->client;
    from->client.threads = NULL;
    from->client.nthreads = 0;
    to->fairness = from->fairness;
    to->merged = from->merged;
    from->merged = NULL;
}

void result_take_load(struct result *to, struct result *from)
{
    take_requests(to, from);
    take_hists(to, from);
    take_course(to, from);
    take_protocols(to, from);
    take_offered(to, from);
    take_generator(to, from);
    to->duration_s = from->duration_s;
    to->bailed_out = from->bailed_out;
    to->interrupted |= from->interrupted;
    to->valid &= from->valid;
}
