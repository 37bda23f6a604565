/* private_redis: the redis-server of one gateway, for as long as the gateway runs.
 *
 * Shape   closed. private_redis_start runs the loop until the server is ready; until then the
 *         program must be single-threaded (proc/redis_server.h). A server that ends by itself is
 *         logged once and not started again: its clients see that it is gone.
 * Owner   private_redis_close frees what start gives; it may need turns of the loop, and then calls
 *         on_closed. A folder that is given is kept; without one, a folder is made and removed.
 * Errors  private_redis_start: kind USAGE, with the Debian package when there is no redis-server.
 */
#ifndef TARGETS_CHILD_PRIVATE_REDIS_H
#define TARGETS_CHILD_PRIVATE_REDIS_H

#include <uv.h>

#include "base/err.h"

struct private_redis;

/* folder: absolute and empty; NULL for one of its own. */
struct private_redis *private_redis_start(uv_loop_t *loop, const char *folder, struct err *err);
/* Contains the password, so it must not appear in a command line, a file or a message. */
const char *private_redis_url(const struct private_redis *r);
/* on_closed may be called before this returns. */
void private_redis_close(struct private_redis *r, void (*on_closed)(void *ctx), void *ctx);

#endif
