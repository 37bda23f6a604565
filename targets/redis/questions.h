/* redis_questions: what was asked on a connection and has no answer yet, oldest first.
 *
 * Shape   a ring that grows; answers come in the order of the questions, so only the oldest is ever
 *         taken out. None is due before the one that it waits behind: a server that is busy with a
 *         blocking command cannot answer the next one earlier.
 * Units   *_ns on the monotonic clock.
 * Owner   caller's storage, zeroed; questions_fini frees the ring. The command of a question in it
 *         belongs to it, and to the caller of questions_pop thereafter.
 */
#ifndef TARGETS_REDIS_QUESTIONS_H
#define TARGETS_REDIS_QUESTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "targets/redis/link.h"

#define NEVER_NS INT64_MAX

struct script;

struct question {
    int64_t limit_ns;         /* or LINK_NO_LIMIT */
    int64_t asked_ns, due_ns; /* due_ns: NEVER_NS without a limit */
    uint64_t number;          /* one more than the question before it; the first is 1 */
    link_done_fn done;
    void *ctx;
    struct script *script; /* NULL, and so is the command: no call of a script */
    char *command;         /* to be sent again when the server has lost the script */
    size_t command_len;
    int times; /* that it was sent again */
};

struct questions {
    struct question *ring;
    size_t size, first, count; /* size: a power of two, or 0 */
    uint64_t last_number;
};

/* Sets its number and times. */
void questions_push(struct questions *qs, struct question *q, int64_t now_ns);
const struct question *questions_oldest(const struct questions *qs); /* NULL: there is none */
struct question questions_pop(struct questions *qs);                 /* there is one */
void questions_fini(struct questions *qs);

#endif
