/* bullmq_internal: what the files of this room share.
 *
 * Shape   broker.c opens and closes, and is above all others. Below it, check.c examines the server
 *         once; gateway.c adds jobs and looks them up; worker.c takes jobs, keeps their locks and
 *         gives them back; ends.c ends them.
 * Owner   broker.c makes the struct and frees it. The other files fill in the parts of their role.
 */
#ifndef TARGETS_QUEUE_BULLMQ_BULLMQ_INTERNAL_H
#define TARGETS_QUEUE_BULLMQ_BULLMQ_INTERNAL_H

#include <stdbool.h>

#include "base/rng.h"
#include "targets/queue/broker.h"
#include "targets/queue/bullmq/batch.h"
#include "targets/queue/bullmq/leases.h"
#include "targets/queue/bullmq/marker.h"
#include "targets/queue/bullmq/reply.h"
#include "targets/redis/link.h"

struct redis_broker {
    struct broker base;
    struct broker_events events;
    const struct target_options *options;
    enum broker_role role;
    uv_loop_t *loop;
    struct link *link;
    char *key; /* PREFIX:QUEUE:meta, the one key that is passed to scripts */
    struct redis_batcher *batchers[REDIS_SCRIPT_COUNT]; /* NULL: this role sends no batches of it */
    bool is_up, closing;
    struct err why_down;
    uv_timer_t timer; /* a gateway counts, a worker sweeps; at the end, the limit for closing */
    uv_check_t turn;  /* each turn of the loop, while it is closing */
    int open;         /* parts that are not closed yet */

    /* Words of the next request to the link. */
    char now[REDIS_NUMBER_MAX], amount[REDIS_NUMBER_MAX], token[LEASE_TOKEN_MAX];
    char lock_ms[REDIS_NUMBER_MAX], interval_ms[REDIS_NUMBER_MAX], keep[REDIS_NUMBER_MAX];
    char opts[JOB_OPTS_MAX];

    /* a gateway's */
    struct job_counts counts;
    int64_t counted_ns;
    bool counting;

    /* a worker's */
    struct redis_marker *marker;
    struct leases leases;
    struct rng rng;
    char uuid[37];
    int64_t takes_made;
    int64_t foreign_told_ns;
};

/* A worker's batches that renew, release or finish. */
#define REDIS_WORKER_UNDER_WAY 2   /* Redis works on one while the next is on its way */
#define REDIS_LEASES_MOST      256 /* in a batch: a script stops the server for a few ms at most */

static inline struct redis_broker *redis_broker_of(struct broker *b)
{
    return (struct redis_broker *)b;
}

/* check.c. Waits for the answers; afterwards a gateway knows the counts. */
int redis_check(struct redis_broker *b, struct err *err);

/* gateway.c */
void redis_gateway_open(struct redis_broker *b);
void redis_gateway_add(struct broker *broker, const char *data, size_t len, broker_added_fn done,
                       void *ctx);
void redis_gateway_find(struct broker *broker, const char *id, broker_found_fn done, void *ctx);
void redis_gateway_counts(struct broker *broker, struct job_counts *out);

/* worker.c. The marker's on_closed is called with the broker. */
int redis_worker_open(struct redis_broker *b, void (*on_marker_closed)(void *ctx), struct err *err);
void redis_worker_take(struct broker *broker, size_t most, broker_taken_fn done, void *ctx);
void redis_worker_renew(struct broker *broker, const struct taken_job *const *jobs, size_t count);
void redis_worker_release(struct broker *broker, const struct taken_job *job);

/* ends.c */
void redis_ends_open(struct redis_broker *b);
void redis_ends_finish(struct broker *broker, const struct taken_job *job, const char *result,
                       const char *error, broker_finished_fn done, void *ctx);

#endif
