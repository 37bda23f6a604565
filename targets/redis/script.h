/* script: a Lua script that the server keeps, known by the name that the server gave it.
 *
 * Shape   open. The greeting loads each script. A server that has lost a script (SCRIPT FLUSH)
 *         refuses the requests that call it; then the script is loaded and they are sent again.
 * Owner   caller's storage, which lives as long as the session, and so does the borrowed text.
 * Errors  script_send: kind USAGE, as session_check. When a script cannot be loaded, the session is
 *         dropped.
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
    char sha[SCRIPT_SHA_LEN + 1]; /* the server's name for it */
    uint64_t load_number;         /* of the last request that loads it */
};

void script_load(struct script *s);
/* Calls the script: the first `keys` words of the request are KEYS, the others ARGV. */
int script_send(struct script *s, size_t keys, const struct link_request *request, struct err *err);
/* For a request that calls a script and was answered with an error. True: the server had lost the
 * script, and the request was sent again. */
bool script_resend(struct pending_request *r, const redisReply *reply);

#endif
