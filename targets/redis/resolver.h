/* redis_resolver: looks up the addresses of a host without blocking the loop.
 *
 * Shape   open. One look-up at a time, on a thread of libuv's pool; hiredis would block the loop's
 *         thread.
 * Owner   the caller's storage, which must live until on_found. The resolver owns the addresses
 *         until the next resolver_start or resolver_fini; call neither during a look-up.
 * Errors  on_found gets the reason; after resolver_cancel it is the text of ECANCELED.
 */
#ifndef TARGETS_REDIS_RESOLVER_H
#define TARGETS_REDIS_RESOLVER_H

#include <stdbool.h>
#include <uv.h>

#define RESOLVER_IP_MAX 64

struct resolver {
    uv_getaddrinfo_t request;
    struct addrinfo *found, *next;
    void *ctx;
    void (*on_found)(void *ctx, const char *problem); /* NULL: there is at least one */
};

/* The caller has set ctx and on_found. Returns 0 or an error of libuv; then on_found is not called.
 */
int resolver_start(struct resolver *r, uv_loop_t *loop, const char *host);
void resolver_cancel(struct resolver *r);
/* The next address, numeric; false when there is none left. */
bool resolver_next(struct resolver *r, char ip[RESOLVER_IP_MAX]);
void resolver_fini(struct resolver *r);

#endif
