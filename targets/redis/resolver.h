/* redis_resolver: the addresses that a host's name stands for, without holding the loop.
 *
 * Shape   open, one look-up at a time, on a thread of libuv's pool. hiredis would look a name up on
 *         the loop's thread and wait.
 * Owner   the caller's storage, which must live until on_found. What was found belongs to the
 *         resolver until the next start or resolver_fini; neither while a look-up is under way.
 * Errors  the reason in on_found; ECANCELED in words after resolver_cancel.
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

/* ctx and on_found are set by the caller. Fails, with a number of libuv's, only before it began. */
int resolver_start(struct resolver *r, uv_loop_t *loop, const char *host);
void resolver_cancel(struct resolver *r);
/* The next address, numeric; false when there is no other. */
bool resolver_next(struct resolver *r, char ip[RESOLVER_IP_MAX]);
void resolver_fini(struct resolver *r);

#endif
