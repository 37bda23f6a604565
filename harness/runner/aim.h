/* aim: where the requests of a plan go, and the bytes of one.
 *
 * Owner   caller's storage from aim_init to aim_fini; a load_spec of it borrows the request.
 * Errors  kind USAGE: a URL or a request that cannot be sent; the others are those of
 *         load/endpoint.h.
 */
#ifndef RUNNER_AIM_H
#define RUNNER_AIM_H

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"
#include "load/endpoint.h"
#include "load/spec.h"
#include "model/plan.h"
#include "runner/expected.h"
#include "runner/lists.h"
#include "runner/rate.h"
#include "tls/client.h"

struct aim {
    struct url url;
    struct tls_options tls;       /* of https */
    struct str_list own_ca;       /* the authority of a server that bench started */
    struct tls_client *client;    /* for the load; NULL: plain */
    struct tls_options http1_tls; /* the same for HTTP/1.1, which the probe has */
    struct tls_client *http1;
    struct url proxy;  /* its host is NULL: there is none */
    struct buf tunnel; /* what asks it for a tunnel; empty: it takes whole URLs */
    struct endpoint endpoint;
    struct expected expected; /* of its replies */
    struct buf request;       /* the one text; empty: there are lists */
    struct lists lists;
    struct rate rate;
    struct load_origin *origins; /* of the load: of this URL, then of the others */
    struct aim *others;          /* where connections go in turn; they borrow TLS from this one */
    size_t nothers;
    bool borrows_tls;
};

void aim_init(struct aim *a);
void aim_fini(struct aim *a);
/* Each once; of several URLs this is the first: */
int aim_at_url(struct aim *a, const struct plan *plan, struct err *err);
/* Where a target listens, and the file with the certificate of its TLS; NULL: it has none, or one
 * of the user's. */
struct aim_target {
    const char *host; /* "127.0.0.1" or "::1", or that of --bind */
    int port;
    const char *ca_file;
};
int aim_at_target(struct aim *a, const struct plan *plan, const struct aim_target *target,
                  struct err *err);
/* Connects to try the address, that of the URL, the plan's proxy or its socket, and TLS if it has
 * that. */
int aim_find(struct aim *a, const struct plan *plan, struct err *err);
/* Of aim_find: what asks the proxy for a tunnel; NULL: there is none. */
char *aim_tunnel(const struct aim *a);
/* The proxy that takes whole URLs; NULL: there is none. */
const struct url *aim_proxy(const struct aim *a);
/* The URLs and where they lead, with a blank between; the caller frees them. */
char *aim_urls(const struct aim *a);
char *aim_addresses(const struct aim *a);
/* Builds the request. */
int aim_load(struct aim *a, const struct plan *plan, struct load_spec *spec, struct err *err);

#endif
