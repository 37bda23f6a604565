/* broker: where jobs wait between a gateway that accepts them and the workers that run them.
 *
 * Shape   one interface, one const struct per kind of broker, as with strategies. A gateway adds
 *         and looks up; a worker takes, renews and finishes. Everything is asked on the loop's
 *         thread and answered there by a callback, in a later turn of the loop.
 * Units   *_ns on the monotonic clock, *_wall_ms since 1970.
 * Owner   `open` gives the broker to the caller; `close` does or answers (with an error) what was
 *         asked for before it and frees the broker, then on_closed tells. The options outlive it.
 *         Texts in a callback are borrowed for the call, but for taken jobs, which belong to the
 *         callee (taken_job_fini); the array that they come in does not.
 * Errors  `open`: NULL and kind USAGE, naming the file or address and the remedy. Later trouble
 *         comes with each answer: then nothing that was asked for has happened, unless the text
 * says that this is not known, and it may be asked again. A job that was not stored durably is
 *         never answered as added.
 *
 * A job that was added is run at least once. It is leased to the worker that takes it; a lease that
 * is not renewed (its worker died) ends, and the job is taken by another. Only the holder of a
 * lease can finish the job, so none is counted twice. An attempt that fails is tried again after a
 * pause, twice as long each time, until `attempts` are used up.
 */
#ifndef TARGETS_QUEUE_BROKER_H
#define TARGETS_QUEUE_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/work/options.h"

#define JOB_ID_MAX 512 /* those of Redis may be anybody's */

/* The order is part of the format of an SQLite file (job_file.c). */
enum job_state {
    JOB_FAILED,
    JOB_COMPLETED,
    JOB_ACTIVE,
    JOB_DELAYED,
    JOB_WAITING,
    /* Redis' alone */
    JOB_PRIORITIZED,
    JOB_WAITING_CHILDREN,
    JOB_STATES
};
extern const char *const job_state_names[];

/* A job as GET /jobs/ID shows it; a time that has not come is MISSING_TIME. */
#define MISSING_TIME (-1)
struct job_view {
    const char *id;
    enum job_state state;
    const char *data;   /* JSON text */
    const char *result; /* JSON text; NULL until it is completed */
    const char *error;  /* of the last attempt that failed; NULL when there was none */
    int64_t attempts, attempts_max;
    int64_t added_wall_ms, started_wall_ms, ended_wall_ms;
};

struct job_counts {
    int64_t waiting, delayed, active; /* now */
    int64_t completed, failed;        /* ever, also those no longer kept */
};

struct taken_job {
    char id[JOB_ID_MAX];
    char *data;                    /* JSON text; anybody may have added it */
    char *refused;                 /* why it is to be failed and not run; NULL: it is to be run */
    int64_t attempt, attempts_max; /* the first is 1 */
    int64_t added_ns;              /* MISSING_TIME when added before this boot */
    int64_t lease;                 /* whose turn it is; the broker's */
};

enum job_end {
    JOB_END_COMPLETED,
    JOB_END_RETRY,  /* failed, and will be tried again */
    JOB_END_FAILED, /* failed for good */
    JOB_END_LOST,   /* the lease was over: it is somebody else's job now */
};

/* `err` is NULL when it went well, and else all there is. `job` is NULL when there is none of that
 * id (any more). */
typedef void (*broker_added_fn)(void *ctx, const char *id, const struct err *err);
typedef void (*broker_found_fn)(void *ctx, const struct job_view *job, const struct err *err);
typedef void (*broker_taken_fn)(void *ctx, struct taken_job *jobs, size_t count,
                                const struct err *err);
typedef void (*broker_finished_fn)(void *ctx, enum job_end end, const struct err *err);

struct broker_events {
    void *ctx;
    /* Workers: there may be jobs to take (added, due again, or lost by another worker). It comes
     * after a take that gave fewer jobs than were asked for, or an error, and then once: only the
     * next take makes it come again. May come without need. */
    void (*on_wake)(void *ctx);
    void (*on_closed)(void *ctx);
};

enum broker_role { BROKER_GATEWAY, BROKER_WORKER };

struct broker; /* of one kind, which is its first member */

struct broker_kind {
    const char *name, *scheme; /* "sqlite", "sqlite:": how its URLs begin */
    struct broker *(*open)(uv_loop_t *loop, enum broker_role role,
                           const struct target_options *options, const struct broker_events *events,
                           struct err *err);
    void (*add)(struct broker *b, const char *data, size_t len, broker_added_fn done, void *ctx);
    void (*find)(struct broker *b, const char *id, broker_found_fn done, void *ctx);
    /* A gateway's; as far as known without waiting. Of one moment with the answers: they hold each
     * job that was answered as added, and none that yet will be. */
    void (*counts)(struct broker *b, struct job_counts *out);
    /* At least one. */
    void (*take)(struct broker *b, size_t most, broker_taken_fn done, void *ctx);
    /* Keeps the lease of each of these jobs for another whole lease time. */
    void (*renew)(struct broker *b, const struct taken_job *const *jobs, size_t count);
    /* Exactly one of result (JSON text) and error is given. Once it is answered without an error,
     * or given back, the job is not named again. */
    void (*finish)(struct broker *b, const struct taken_job *job, const char *result,
                   const char *error, broker_finished_fn done, void *ctx);
    /* Gives jobs back that were taken and not begun or not ended: no attempt is used up. */
    void (*release)(struct broker *b, const struct taken_job *job);
    void (*close)(struct broker *b);
};

struct broker {
    const struct broker_kind *kind;
};

void taken_job_fini(struct taken_job *job);

#endif
