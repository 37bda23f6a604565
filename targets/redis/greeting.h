/* greeting: what is sent on a new connection before it is up.
 *
 * Shape   AUTH, SELECT, CLIENT SETNAME, SCRIPT LOAD for each script, and PING, in one write.
 * Errors  the session comes up when all of it is answered, or is dropped for the first refusal.
 *         The name of the client may be refused: nothing depends on it.
 */
#ifndef TARGETS_REDIS_GREETING_H
#define TARGETS_REDIS_GREETING_H

#include <stddef.h>

#include "targets/redis/script.h"
#include "targets/redis/session.h"

/* client_name: NULL when there is none. */
void greeting_send(struct session *s, const char *client_name, struct script *scripts,
                   size_t script_count);

#endif
