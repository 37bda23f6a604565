/* endpoint_internal: what endpoint.c and endpoint_tls.c share; no other file includes it.
 *
 * Units   nanoseconds.
 * Owner   the caller closes a socket that it was given.
 * Errors  a positive errno; EINTR: a signal is pending.
 */
#ifndef LOAD_ENDPOINT_INTERNAL_H
#define LOAD_ENDPOINT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "load/endpoint.h"

#define ENDPOINT_LOOK_MS 100 /* how often to look for a blocked signal */

/* Gives a connected socket, which does not block. */
int endpoint_connect(const struct sockaddr *address, socklen_t address_len, int64_t timeout_ns,
                     int *out);
/* True when a blocked signal is pending; one that is not blocked has ended the program. */
bool endpoint_is_interrupted(void);

#endif
