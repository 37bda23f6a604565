/* script: a Lua script that the server keeps, called by the name that the server gave it.
 *
 * Shape   open. The greeting loads each script. A server that has lost a script (SCRIPT FLUSH)
 *         refuses its calls; then the script is loaded again and the calls are sent again.
 * Owner   caller's storage, as long as the session. The text is borrowed for that long.
 * Errors  script_call: kind USAGE, as session_check. A script that cannot be loaded drops the
 *         session.
 * Source  redis.io/docs/latest/commands/evalsha.
 */
#ifndef TARGETS_REDIS_SCRIPT_H
#define TARGETS_REDIS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/redis/session.h"

#define SCRIPT_SHA_LEN 40

struct script {
    struct session *session;
    const char *text;
    char sha[SCRIPT_SHA_LEN + 1]; /* what the server calls it */
    uint64_t load_number;         /* of the last request that loads it */
};

void script_load(struct script *s);
/* The first `keys` words of the request are KEYS, the others ARGV. */
int script_call(struct script *s, size_t keys, const struct link_question *q, struct err *err);
/* For an error in answer to a call. True: the server had lost the script, and the call was sent
 * again. */
bool script_send_again(struct pending_request *r, const redisReply *reply);

#endif
