/* private_redis: the redis-server of one gateway, for as long as that runs.
 *
 * Shape   closed. private_redis_start turns the loop until the server is ready; before that the
 *         program must be single-threaded (proc/redis_server.h). One that ends by itself is told on
 *         stderr, once, and not started again: whoever speaks with it sees that it is gone.
 * Owner   what start gives is freed by private_redis_close, which may need the loop to turn:
 *         on_closed tells. The folder is made and removed here, unless one is given: that is kept.
 * Errors  private_redis_start: kind USAGE, the Debian package when there is no redis-server.
 */
#ifndef TARGETS_CHILD_PRIVATE_REDIS_H
#define TARGETS_CHILD_PRIVATE_REDIS_H

#include <uv.h>

#include "base/err.h"

struct private_redis;

/* folder: absolute and empty; NULL: one of its own. */
struct private_redis *private_redis_start(uv_loop_t *loop, const char *folder, struct err *err);
/* With its password: for no command line, no file and no message. */
const char *private_redis_url(const struct private_redis *r);
/* on_closed may come before this returns. */
void private_redis_close(struct private_redis *r, void (*on_closed)(void *ctx), void *ctx);

#endif
