/* redis_reply: reads what Redis answered to the scripts of a queue. Pure.
 *
 * Owner   texts are borrowed from the reply.
 * Errors  kind USAGE, in the caller's storage, which is also what is returned.
 */
#ifndef TARGETS_QUEUE_BULLMQ_REPLY_H
#define TARGETS_QUEUE_BULLMQ_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/broker.h"
#include "targets/redis/link.h"

/* NULL when it was done; else what went wrong, in `err`. */
const struct err *redis_reply_err(const struct link_answer *answer, struct err *err);
/* The reply is not one that the script gives; `what` was expected. */
const struct err *redis_reply_strange(struct err *err, const char *what);
/* NULL when the field holds no text. */
const char *redis_reply_text(const redisReply *field);
/* A number that is written as text; `without` when there is no text. */
int64_t redis_reply_number(const redisReply *field, int64_t without);
/* The last five elements, from `at` on, as counts.lua gives them; false when they are not that. */
bool redis_reply_counts(const redisReply *reply, size_t at, struct job_counts *out);

#endif
