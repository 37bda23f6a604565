/* redis_reply: reads what Redis answered to a request of the broker. Pure.
 *
 * Owner   texts are borrowed from the reply.
 * Errors  kind USAGE, in the caller's storage; a pointer to it is returned.
 */
#ifndef TARGETS_QUEUE_BULLMQ_REPLY_H
#define TARGETS_QUEUE_BULLMQ_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/broker.h"
#include "targets/redis/link.h"

/* NULL when the request was done. */
const struct err *redis_reply_err(const struct link_answer *answer, struct err *err);
/* For a reply that is not what was expected; `what` names that. */
const struct err *redis_reply_strange(struct err *err, const char *what);
/* NULL when the field is not text. */
const char *redis_reply_text(const redisReply *field);
/* A number in the form of text; `without` when the field is not text. */
int64_t redis_reply_number(const redisReply *field, int64_t without);
/* The last elements of the reply, from `at` on, in the order of counts.lua; false when they are
 * anything else. */
bool redis_reply_counts(const redisReply *reply, size_t at, struct job_counts *out);

#endif
