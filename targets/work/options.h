/* options: the options of a target server; the rows are the one place that lists them.
 *
 * Shape   bench uses the rows to check and forward options, bench-target to parse its own.
 * Units   in the names.
 * Owner   text is borrowed from argv. target_options_fini frees the list that parsing fills; a copy
 *         of the struct borrows it.
 * Errors  the checks: kind USAGE, for what a single row cannot check. The text never
 *         repeats a URL of Redis, which may contain a password.
 */
#ifndef TARGETS_WORK_OPTIONS_H
#define TARGETS_WORK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "targets/work/isolate.h"
#include "targets/work/work.h"

#define BROKER_PRIVATE_REDIS "redis"
/* Where the broker is found without --broker: any user can read a command line. */
#define BROKER_VARIABLE "BENCH_BROKER"

struct target_options {
    struct work work; /* of a heavy request that names no other */
    struct work max_work;
    int64_t max_header_bytes, max_body_bytes;
    int64_t idle_timeout_ns;
    struct str_list allow_host;
    int64_t grace_ns; /* for running work, when the target is told to stop */

    int64_t pool_size; /* 0: one thread per core */
    int64_t max_queue;

    int64_t fanout; /* threads for each request */
    const char *isolate;
    struct isolate_figure isolate_boot, isolate_memory;

    const char *compute_url;     /* NULL: start one */
    const char *compute_program; /* the one to start; NULL: bench-compute */
    int64_t compute_threads;     /* 0: one per core */
    int64_t offload_connections, offload_timeout_ns;

    const char *broker;        /* NULL: a private file; BROKER_PRIVATE_REDIS; or a URL */
    const char *broker_folder; /* of the private server; NULL: a temporary one */
    const char *broker_sync, *queue, *prefix;
    bool drop_queue;                           /* its keys are removed from Redis at the end */
    int64_t queue_workers, worker_concurrency; /* concurrency 0: one per core */
    int64_t job_attempts, job_backoff_ns, job_lease_ns;
    int64_t stalled_interval_ns; /* on Redis: between two looks for expired leases */
    int64_t keep_jobs, max_backlog;

    /* of the delay server alone (targets/strategies/delay.c) */
    const char *delay, *delay_log;
    int64_t delay_servers, delay_seed;
};

/* Of bench-target and of `bench serve`. */
struct server_options {
    const char *strategy, *host;
    int64_t port;
    bool tls;                       /* see server_options_have_tls */
    const char *tls_cert, *tls_key; /* files; NULL: made for this run */
    const char *tls_ca_out;         /* a file for the certificate; NULL: none */
};

extern const struct opt target_opts[], server_opts[];
/* All strategies; ends with NULL. */
extern const char *const strategy_names[];

int server_options_check(const struct server_options *options, struct err *err);
/* HTTPS: --tls, or what is only of use with it. */
bool server_options_have_tls(const struct server_options *options);

void target_options_fini(struct target_options *options);
int target_options_check(const struct target_options *options, struct err *err);
/* Takes the broker of BROKER_VARIABLE when none is given; it lives as long as the environment. */
void target_options_use_variable(struct target_options *options);
/* Refuses options of a queue that do not apply: to this broker, or to a target without one. */
enum target_broker { TARGET_WITHOUT_BROKER, TARGET_WITH_BROKER };
int target_options_check_given(const struct target_options *options, const struct opt_given *given,
                               enum target_broker has, struct err *err);
/* The checks of the broker alone. */
int target_options_check_broker(const struct target_options *options, struct err *err);
bool broker_is_url_of_redis(const char *broker);
/* "redis", "redis://.." or "redis+unix://.."; false for NULL. */
bool broker_is_redis(const char *broker);

#endif
