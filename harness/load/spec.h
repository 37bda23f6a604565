/* spec: what the load generator is told to do, checked and ready: no text is parsed after this.
 *
 * Units   nanoseconds, bytes; 0 in a limit means none.
 * Owner   everything is borrowed and must outlive the load.
 */
#ifndef LOAD_SPEC_H
#define LOAD_SPEC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "load/bailout.h"
#include "load/schedule.h"
#include "load/source/source.h"
#include "tls/client.h"

/* Where a connection goes. */
struct load_origin {
    const struct sockaddr_storage *addresses; /* in turn */
    size_t naddresses;
    const struct tls_client *tls; /* NULL: plain */
    const char *host;             /* of the certificate; no brackets */
    char *tunnel;                 /* asks the proxy at the address for one; NULL: none */
};

/* Of several generators that make one load together, which one this is. What is numbered over all
 * of them is: connections, requests, rows of a feed. */
struct load_part {
    int index, count;     /* count 0: it is the only one */
    int first_connection; /* the number of its first one */
};

struct load_spec {
    const struct load_origin *origins; /* connection i goes to the i-th, and round */
    size_t norigins;
    bool http2; /* its requests in flight are streams */
    struct source_text text;
    /* What is sent in place of the text; connection i sends list i mod nlists. 0: the text. */
    const struct source_list *const *lists;
    size_t nlists;
    const struct source_name *names; /* of the lists */
    size_t nnames;
    bool is_named;           /* the result tells the names apart */
    const struct feed *feed; /* NULL: there is none */

    const struct schedule *schedule; /* NULL: a closed loop */
    const struct schedule *warmup_schedule;
    bool from_sending; /* latency does not count from when a request was due */
    bool may_spin;     /* for the last microseconds before an arrival */

    int connections, pipelining, workers;
    int max_connections; /* of an open loop; it begins with `connections` */
    int64_t duration_ns, amount;
    int64_t connection_amount; /* requests of each connection; 0: no limit of their own */
    int64_t reconnect_after;   /* so many replies; 0: a connection is kept */
    double connect_rps;        /* new connections per second; 0: no limit */
    struct bailout_spec bailout;
    int64_t wait_open_ns; /* for open requests, when the window is over */
    int64_t sample_ns;    /* the length of a second of the series */
    bool exclude_errors;  /* replies that are no 2xx have no latency and no bytes */
    int64_t timeout_ns;
    int64_t start_at_ns; /* when the window opens, of clock_now_ns; or LOAD_START_NOW,
                            LOAD_START_TOLD */
    int64_t warmup_ns;
    int warmup_connections;
    struct load_part part; /* all else here is of this part alone */
    uint64_t seed;         /* of all parts; see load_seed */
};

#define LOAD_START_NOW  INT64_C(0) /* as soon as it can */
#define LOAD_START_TOLD INT64_MAX  /* when load_open_at says; until then it warms up, or idles */

/* Part `index` of `total`, split into `parts` whole numbers that differ by at most 1. */
int64_t load_share(int64_t total, int parts, int index);
/* What is dealt out to the threads of all parts: a thread has number `first`, and each step-th
 * after it. */
struct load_turns {
    int first, step;
};
struct load_turns load_turns(const struct load_spec *spec, int thread);
/* Of what a thread draws for itself; the first part draws what it would draw alone. */
uint64_t load_seed(const struct load_spec *spec, int thread);
/* Some reply is looked at. */
bool load_has_rules(const struct load_spec *spec);
/* How long before the window of an open loop its connections are opened. */
int64_t load_lead_ns(const struct load_spec *spec);

#endif
