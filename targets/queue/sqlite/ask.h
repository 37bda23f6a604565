/* broker_ask: one thing that was asked of the embedded broker: done on a thread, answered on the
 * loop.
 *
 * Shape   open: the broker fills in what its kind needs, and reads the answer.
 * Owner   ask_new gives it to the caller, who frees it after the answer with free(). Texts are
 *         copied, and a job but for its data.
 * Errors  ask_do_all: kind USAGE, for all of a batch: nothing of it has happened.
 */
#ifndef TARGETS_QUEUE_SQLITE_ASK_H
#define TARGETS_QUEUE_SQLITE_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/broker.h"
#include "targets/queue/sqlite/lane.h"
#include "targets/queue/sqlite/store.h"

enum ask_kind { ASK_ADD, ASK_TAKE, ASK_RENEW, ASK_RELEASE, ASK_FINISH, ASK_FIND };

struct ask {
    struct lane_ask link;
    enum ask_kind kind;
    void *ctx;
    union {
        broker_added_fn added;
        broker_taken_fn taken;
        broker_finished_fn finished;
        broker_found_fn found;
    } done;
    int64_t id, added_ns;       /* ADD, FIND */
    struct taken_job job;       /* RENEW, RELEASE, FINISH; its data is not ours */
    const char *result, *error; /* FINISH: one is text */
    enum job_end end;           /* FINISH */
    struct taken_job *jobs;     /* TAKE */
    size_t most, count;         /* TAKE */
    int64_t next_ns;            /* TAKE */
    struct job_found found;     /* FIND */
    int how_many;               /* FIND */
    char text[];
};

struct ask *ask_new(enum ask_kind kind, const char *text, size_t len, void *ctx);
/* On the thread; in a transaction, unless all are FIND. */
int ask_do_all(struct job_store *s, struct lane_ask *first, struct err *err);
/* On the loop; err is NULL when it went well. Not for TAKE, which its broker answers. */
void ask_answer(struct ask *ask, const struct err *err);

#endif
