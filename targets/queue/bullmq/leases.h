/* redis_leases: the locks that a worker holds on jobs of a queue on Redis, and what their opts say.
 *
 * Shape   open. A lease is known by its number, which struct taken_job carries; numbers are used
 *         again.
 * Owner   leases_fini frees all. A lease that leases_add gave lives until leases_drop.
 */
#ifndef TARGETS_QUEUE_BULLMQ_LEASES_H
#define TARGETS_QUEUE_BULLMQ_LEASES_H

#include <stddef.h>
#include <stdint.h>

#include "targets/queue/bullmq/calls.h"
#include "targets/queue/bullmq/job_opts.h"

#define LEASE_TOKEN_MAX 64

enum lease_end {
    LEASE_BY_OPTS, /* a failed attempt is followed by another, if the opts say so */
    LEASE_FINAL    /* it is not to be run */
};

struct lease {
    char *id; /* NULL: the number is free. Anybody's: it may hold any bytes */
    size_t id_len;
    char token[LEASE_TOKEN_MAX];
    int64_t made; /* attempts before this one */
    enum lease_end end;
    struct job_opts opts;
    char *deduplication_id; /* "": none */
    int64_t next_free;
};

struct leases {
    struct lease *items;
    size_t count;
    int64_t first_free; /* counts from 1; 0: none */
};

int64_t leases_add(struct leases *l, const char *id, size_t id_len, const char *token);
/* Until the next leases_add. */
struct lease *leases_at(const struct leases *l, int64_t number);
void leases_drop(struct leases *l, int64_t number);
void leases_fini(struct leases *l);

/* A request about the lease's job, with `room` bytes for more words than the id and the token. */
struct redis_ask *lease_ask(const struct lease *lease, void *ctx, size_t room);

#endif
