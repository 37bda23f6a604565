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

#include "load/schedule.h"
#include "load/source/source.h"
#include "tls/client.h"

struct load_spec {
    struct sockaddr_storage address;
    const struct tls_client *tls; /* NULL: plain */
    const char *host;             /* of the certificate; no brackets */
    char *tunnel;                 /* asks the proxy at the address for one; NULL: none */
    bool http2;                   /* its requests in flight are streams */
    struct source_text text;
    /* What is sent in place of the text; connection i sends list i mod nlists. 0: the text. */
    const struct source_list *const *lists;
    size_t nlists;
    const struct source_name *names; /* of the lists */
    size_t nnames;
    bool is_named; /* the result tells the names apart */
    const struct feed *feed; /* NULL: there is none */

    const struct schedule *schedule; /* NULL: a closed loop */
    const struct schedule *warmup_schedule;
    bool from_sending; /* latency does not count from when a request was due */
    bool may_spin;     /* for the last microseconds before an arrival */

    int connections, pipelining, workers;
    int max_connections; /* of an open loop; it begins with `connections` */
    int64_t duration_ns, amount;
    int64_t timeout_ns;
    int64_t warmup_ns;
    int warmup_connections; /* 0: all */
    uint64_t seed;          /* of the back-off; worker i adds i */
};

/* Part `index` of `total`, split into `parts` whole numbers that differ by at most 1. */
int64_t load_share(int64_t total, int parts, int index);
/* Some reply is looked at. */
bool load_has_rules(const struct load_spec *spec);
/* How long before the window of an open loop its connections are opened. */
int64_t load_lead_ns(const struct load_spec *spec);

#endif
