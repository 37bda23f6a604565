/* options: the options of a target server; the rows are the only place that defines them.
 *
 * Shape   bench uses the rows to check and forward options, bench-target to apply them.
 * Units   in the names.
 * Owner   text is borrowed from argv.
 * Errors  target_options_check: kind USAGE, for what one row alone cannot check. No message repeats
 *         a URL of Redis, which may hold a password.
 */
#ifndef TARGETS_WORK_OPTIONS_H
#define TARGETS_WORK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "targets/work/isolate.h"
#include "targets/work/work.h"

#define BROKER_PRIVATE_REDIS "redis"
/* Tells bench-worker its broker without --broker: any user can read a command line. */
#define BROKER_VARIABLE "BENCH_BROKER"

struct target_options {
    struct work work; /* of a heavy request, unless the request has its own */
    struct work max_work;
    int64_t max_header_bytes, max_body_bytes;
    int64_t idle_timeout_ns;
    int64_t grace_ns; /* for running requests after a stop */

    int64_t pool_size; /* 0: one thread per core */
    int64_t max_queue;

    int64_t fanout; /* threads per request */
    const char *isolate;
    struct isolate_figure isolate_boot, isolate_memory;

    const char *compute_url; /* NULL: start one */
    int64_t compute_threads; /* 0: one per core */
    int64_t offload_connections, offload_timeout_ns;

    const char *broker;        /* NULL: a private file; BROKER_PRIVATE_REDIS; or a URL */
    const char *broker_folder; /* of the private server; NULL: it creates one */
    const char *broker_sync, *queue, *prefix;
    bool drop_queue;                           /* remove its keys from Redis at the end */
    int64_t queue_workers, worker_concurrency; /* concurrency 0: one per core */
    int64_t job_attempts, job_backoff_ns, job_lease_ns;
    int64_t stalled_interval_ns; /* on Redis: between two checks for expired locks */
    int64_t keep_jobs, max_backlog;
};

/* Strategy and address, for bench-target and `bench serve`. */
struct server_options {
    const char *strategy, *host;
    int64_t port;
};

extern const struct opt target_opts[], server_opts[];
/* All strategies; ends with NULL. */
extern const char *const strategy_names[];

int target_options_check(const struct target_options *options, struct err *err);
/* Only the checks of the broker. */
int target_options_check_broker(const struct target_options *options, struct err *err);
/* True for "redis", "redis://.." and "redis+unix://..", false for NULL. */
bool broker_is_redis(const char *broker);

#endif
