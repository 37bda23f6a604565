/* pending: the requests that were sent on a connection and have no answer yet, oldest first.
 *
 * Shape   a ring that grows. Answers come in the order of the requests, so only the oldest request
 *         is ever removed. No request is due before one ahead of it: a server that is busy with a
 *         blocking command cannot answer the next one earlier.
 * Units   *_ns on the monotonic clock.
 * Owner   caller's storage, zeroed; pending_fini frees the ring. The ring owns the command of each
 *         request in it; pending_pop hands the command to its caller.
 */
#ifndef TARGETS_REDIS_PENDING_H
#define TARGETS_REDIS_PENDING_H

#include <stddef.h>
#include <stdint.h>

#include "targets/redis/link.h"

#define NEVER_NS INT64_MAX

struct script;

struct pending_request {
    int64_t limit_ns;        /* or LINK_NO_LIMIT */
    int64_t sent_ns, due_ns; /* due_ns: NEVER_NS without a limit */
    uint64_t number;         /* the first is 1, each is one more than the request before it */
    link_done_fn done;
    void *ctx;
    struct script *script; /* the one that it calls; NULL: none, and no command either */
    char *command;         /* kept in case the server has lost the script */
    size_t command_len;
    int resends;
};

struct pending {
    struct pending_request *ring;
    size_t size, first, count; /* size: a power of two, or 0 */
    uint64_t last_number;
};

/* Sets the request's number and times. */
void pending_push(struct pending *p, struct pending_request *r, int64_t now_ns);
const struct pending_request *pending_oldest(const struct pending *p); /* NULL: there is none */
struct pending_request pending_pop(struct pending *p);                 /* there must be one */
void pending_fini(struct pending *p);

#endif
