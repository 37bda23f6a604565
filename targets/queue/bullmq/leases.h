/* redis_leases: the locks that a worker holds on jobs of a queue on Redis, with the jobs' opts.
 *
 * Shape   open. A lease has a number, which struct taken_job contains; numbers are used again.
 * Owner   leases_fini frees all. The lease that leases_add makes lives until leases_drop; a pointer
 *         to it, until the next leases_add.
 */
#ifndef TARGETS_QUEUE_BULLMQ_LEASES_H
#define TARGETS_QUEUE_BULLMQ_LEASES_H

#include <stddef.h>
#include <stdint.h>

#include "targets/queue/bullmq/batch.h"
#include "targets/queue/bullmq/job_opts.h"

#define LEASE_TOKEN_MAX 64

enum lease_end {
    LEASE_BY_OPTS, /* the opts decide whether another attempt follows a failed one */
    LEASE_FINAL    /* the job is failed without being run */
};

struct lease {
    char *id; /* NULL: the number is free. Other programs choose ids, too: it may have any bytes */
    size_t id_len;
    char token[LEASE_TOKEN_MAX];
    int64_t made; /* attempts before this */
    enum lease_end end;
    struct job_opts opts;
    char *deduplication_id; /* "": none */
    int64_t next_free;
};

struct leases {
    struct lease *items;
    size_t count;
    int64_t first_free; /* the number plus 1; 0: none */
};

int64_t leases_add(struct leases *l, const char *id, size_t id_len, const char *token);
struct lease *leases_at(const struct leases *l, int64_t number);
void leases_drop(struct leases *l, int64_t number);
void leases_fini(struct leases *l);

/* A request about the lease's job. Its first words are the id and the token; it has room for `room`
 * bytes of further words. */
struct redis_request *lease_request(const struct lease *lease, void *ctx, size_t room);

#endif
