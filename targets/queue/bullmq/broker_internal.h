/* broker_redis_parts: what the files of the Redis broker know of each other.
 *
 * Shape   broker_redis.c opens and closes; redis_check.c looks at the server first; redis_gateway.c
 * adds jobs and looks them up; redis_worker.c takes them, keeps their locks and gives them back;
 * redis_ends.c ends them.
 */
#ifndef TARGETS_QUEUE_BULLMQ_BROKER_INTERNAL_H
#define TARGETS_QUEUE_BULLMQ_BROKER_INTERNAL_H

#include <stdbool.h>

#include "base/rng.h"
#include "targets/queue/broker.h"
#include "targets/queue/bullmq/calls.h"
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
    char *key; /* PREFIX:QUEUE:meta, the one that scripts are told */
    struct redis_calls *calls[REDIS_SCRIPT_COUNT]; /* NULL: not by this role, or not gathered */
    bool is_up, closing;
    struct err why_down;
    uv_timer_t timer; /* a gateway's: counts; a worker's: sweeps; then the end of closing */
    uv_check_t turn;  /* each turn of the loop, while it is closing */
    int open;         /* parts that have yet to close */

    /* Words of the calls that are about to be made. */
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

/* A worker's: locks are kept and jobs are ended in batches. */
#define REDIS_WORKER_FLIGHTS 2   /* one is done while the next is on its way */
#define REDIS_LEASES_MOST    256 /* in one call, so that it stops the server for a few ms at most */

static inline struct redis_broker *redis_broker_of(struct broker *b)
{
    return (struct redis_broker *)b;
}

/* check.c: before anything else is asked. A gateway knows the counts then. */
int redis_check(struct redis_broker *b, struct err *err);

/* gateway.c */
void redis_gateway_open(struct redis_broker *b);
void redis_gateway_add(struct broker *broker, const char *data, size_t len, broker_added_fn done,
                       void *ctx);
void redis_gateway_find(struct broker *broker, const char *id, broker_found_fn done, void *ctx);
void redis_gateway_counts(struct broker *broker, struct job_counts *out);

/* worker.c */
int redis_worker_open(struct redis_broker *b, void (*on_marker_closed)(void *ctx), struct err *err);
void redis_worker_take(struct broker *broker, size_t most, broker_taken_fn done, void *ctx);
void redis_worker_renew(struct broker *broker, const struct taken_job *const *jobs, size_t count);
void redis_worker_release(struct broker *broker, const struct taken_job *job);

/* ends.c */
void redis_ends_open(struct redis_broker *b);
void redis_ends_finish(struct broker *broker, const struct taken_job *job, const char *result,
                       const char *error, broker_finished_fn done, void *ctx);

#endif
