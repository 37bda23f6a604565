/* broker: where jobs wait between a gateway that accepts them and the workers that run them.
 *
 * Shape   one interface, with one const struct for each kind of broker, as with strategies. A
 *         gateway adds jobs and looks them up; a worker takes, renews and finishes them. All
 *         functions are called on the loop's thread. A callback answers on the same thread, in a
 *         later turn of the loop.
 * Units   *_ns on the monotonic clock, *_wall_ms since 1970.
 * Owner   `open` gives the broker to the caller. `close` does or answers (with an error) the
 *         requests that were made before it and frees the broker; on_closed comes last. The options
 *         must outlive the broker. Texts in a callback are borrowed for the call. Taken jobs belong
 *         to the callee (taken_job_fini), but not the array that they come in.
 * Errors  `open`: NULL and kind USAGE, naming the file or address and the remedy. Later errors come
 *         with the answers: then nothing of the request was done, unless the text says that this is
 *         not known, and it may be made again. A job is answered as added only when it is stored
 *         durably.
 *
 * A job that was added is run at least once. It is leased to the worker that takes it. If the
 * worker dies and does not renew it, the lease ends, and another worker takes the job. Only the
 * holder of the lease can finish the job, so no job is counted twice. A failed attempt is followed
 * by another after a pause, twice as long each time, until `attempts` are used up.
 */
#ifndef TARGETS_QUEUE_BROKER_H
#define TARGETS_QUEUE_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/queue/outage.h"
#include "targets/work/options.h"

#define JOB_ID_MAX 512 /* on Redis, other programs may choose ids */

/* The order is part of the format of an SQLite file (sqlite/file.c). */
enum job_state {
    JOB_FAILED,
    JOB_COMPLETED,
    JOB_ACTIVE,
    JOB_DELAYED,
    JOB_WAITING,
    /* only on Redis */
    JOB_PRIORITIZED,
    JOB_WAITING_CHILDREN,
    JOB_STATES
};
extern const char *const job_state_names[];

/* A job as GET /jobs/ID shows it; a time that has not come yet is MISSING_TIME. */
#define MISSING_TIME (-1)
struct job_view {
    const char *id;
    enum job_state state;
    const char *data;   /* JSON text */
    const char *result; /* JSON text; NULL until it is completed */
    const char *error;  /* of the last failed attempt; NULL when none has failed */
    int64_t attempts, attempts_max;
    int64_t added_wall_ms, started_wall_ms, ended_wall_ms;
};

struct job_counts {
    int64_t waiting, delayed, active; /* now */
    int64_t completed, failed;        /* ever, including jobs that are no longer kept */
    int64_t missing; /* waiting ids that had no job and were dropped; only on Redis */
};

struct taken_job {
    char id[JOB_ID_MAX];
    char *data;                    /* JSON text; untrusted */
    char *refused;                 /* the reason to fail it without running it; NULL: run it */
    int64_t attempt, attempts_max; /* the first is 1 */
    int64_t added_ns;              /* MISSING_TIME when added before this boot */
    int64_t lease;                 /* the broker's number of the lease */
};

enum job_end {
    JOB_END_COMPLETED,
    JOB_END_RETRY,  /* the attempt failed, another will follow */
    JOB_END_FAILED, /* failed for good */
    JOB_END_LOST,   /* the lease had ended: the job is not this worker's any more */
};

/* `err` is NULL on success; otherwise nothing else is set. `job` is NULL when no job has that id
 * (any more). */
typedef void (*broker_added_fn)(void *ctx, const char *id, const struct err *err);
typedef void (*broker_found_fn)(void *ctx, const struct job_view *job, const struct err *err);
typedef void (*broker_taken_fn)(void *ctx, struct taken_job *jobs, size_t count,
                                const struct err *err);
typedef void (*broker_finished_fn)(void *ctx, enum job_end end, const struct err *err);

struct broker_events {
    void *ctx;
    /* For workers: there may be jobs to take (added, due again, or lost by another worker). Called
     * once after a take that gave an error or fewer jobs than requested, and not again before the
     * next take. It may be called when there are none. */
    void (*on_wake)(void *ctx);
    void (*on_closed)(void *ctx);
    struct outage *outage; /* is told when a connection is lost or made again; may be NULL */
};

enum broker_role { BROKER_GATEWAY, BROKER_WORKER };

struct broker; /* the first member of a broker of each kind */

struct broker_kind {
    const char *name, *scheme; /* "sqlite", "sqlite:"; its URLs begin with the scheme */
    struct broker *(*open)(uv_loop_t *loop, enum broker_role role,
                           const struct target_options *options, const struct broker_events *events,
                           struct err *err);
    void (*add)(struct broker *b, const char *data, size_t len, broker_added_fn done, void *ctx);
    void (*find)(struct broker *b, const char *id, broker_found_fn done, void *ctx);
    /* For a gateway: the counts as far as they are known without waiting. They include each job
     * that has been answered as added, and none that has yet to be answered. */
    void (*counts)(struct broker *b, struct job_counts *out);
    /* Takes `most` jobs or fewer; `most` is at least 1. */
    void (*take)(struct broker *b, size_t most, broker_taken_fn done, void *ctx);
    /* Extends the lease of each of these jobs by another whole lease time from now on. */
    void (*renew)(struct broker *b, const struct taken_job *const *jobs, size_t count);
    /* Exactly one of result (JSON text) and error is given. When this was answered without an
     * error, or the job was released, the caller must not use its lease again. */
    void (*finish)(struct broker *b, const struct taken_job *job, const char *result,
                   const char *error, broker_finished_fn done, void *ctx);
    /* Gives back a job that was taken and not run, or not run to the end. No attempt is used up. */
    void (*release)(struct broker *b, const struct taken_job *job);
    void (*close)(struct broker *b);
};

/* Settings of a broker on Redis that may lose jobs; zeroed: none. */
struct broker_setup {
    char eviction[24]; /* the maxmemory-policy if it removes keys; "" */
    bool has_no_log;   /* no append-only file */
};

struct broker {
    const struct broker_kind *kind;
    struct broker_setup setup;
};

void taken_job_fini(struct taken_job *job);

#endif
