/* greeting: what is sent on a new connection before the session is up.
 *
 * Shape   AUTH, SELECT, CLIENT SETNAME, SCRIPT LOAD for each script, and PING, in one write. When
 *         all of it is answered, the session comes up.
 * Errors  the first refusal drops the session, except that of CLIENT SETNAME.
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
