/* job_request: a request to the broker on SQLite, done on a thread and answered on the loop.
 *
 * Shape   open: the broker fills in what the kind needs, and reads the answer.
 * Owner   job_request_new gives it to the caller, who frees it with free() after the answer. Texts
 *         are copied, and so is a job, except its data.
 * Errors  job_requests_do: kind USAGE, for the whole batch; the caller rolls it back.
 */
#ifndef TARGETS_QUEUE_SQLITE_REQUEST_H
#define TARGETS_QUEUE_SQLITE_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/broker.h"
#include "targets/queue/sqlite/lane.h"
#include "targets/queue/sqlite/store.h"

enum job_request_kind {
    REQUEST_ADD,
    REQUEST_TAKE,
    REQUEST_RENEW,
    REQUEST_RELEASE,
    REQUEST_FINISH,
    REQUEST_FIND
};

struct job_request {
    struct lane_request in_lane;
    enum job_request_kind kind;
    void *ctx;
    union {
        broker_added_fn added;
        broker_taken_fn taken;
        broker_finished_fn finished;
        broker_found_fn found;
    } done;
    int64_t id, added_ns;       /* ADD, FIND */
    struct taken_job job;       /* RENEW, RELEASE, FINISH; its data belong to the caller */
    const char *result, *error; /* FINISH: one is text */
    enum job_end end;           /* FINISH */
    struct taken_job *jobs;     /* TAKE */
    size_t most, count;         /* TAKE */
    int64_t next_ns;            /* TAKE */
    struct job_found found;     /* FIND */
    int how_many;               /* FIND */
    char text[];
};

struct job_request *job_request_new(enum job_request_kind kind, const char *text, size_t len,
                                    void *ctx);
/* Does a batch, on the thread; in a transaction, unless all requests are FIND. */
int job_requests_do(struct job_store *s, struct lane_request *first, struct err *err);
/* On the loop; err is NULL when the batch was done. Not for TAKE, which the broker answers. */
void job_request_answer(struct job_request *request, const struct err *err);

#endif
