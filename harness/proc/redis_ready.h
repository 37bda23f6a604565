/* redis_ready: waits until a redis-server answers on its unix socket, then has it serve on a
 * loopback port with a password.
 *
 * Shape   connects and sends PING every few milliseconds on the loop. On a socket in our own folder
 *         only our own server can answer; on a port it could be another program. So it is started
 *         without a port, and gets one when it has answered: `CONFIG SET requirepass ..
 *         port ..`, which Redis does whole or not at all. When another program has taken that port,
 *         the next one is tried, five at most. The password is in no file and in no argument.
 * Units   nanoseconds.
 * Owner   frees itself after `done` or redis_ready_cancel: the pointer is dead from then on. The
 *         spec is copied.
 * Errors  done with port 0 and the problem, which follows "redis-server ..".
 * Source  redis.io/docs/reference/protocol-spec, "Inline commands"; CONFIG SET of several
 *         parameters, and of the port, since Redis 7.0.
 */
#ifndef PROC_REDIS_READY_H
#define PROC_REDIS_READY_H

#include <stdint.h>
#include <sys/un.h>
#include <uv.h>

#define REDIS_SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

struct redis_ready_spec {
    const char *socket_path; /* at most REDIS_SOCKET_PATH_MAX bytes */
    const char *password;    /* hexadecimal digits */
    int64_t timeout_ns;
};

/* `problem` is NULL when there is a port; it lives for the call. */
typedef void (*redis_ready_done_fn)(void *ctx, int port, const char *problem);

struct redis_ready;

struct redis_ready *redis_ready_start(uv_loop_t *loop, const struct redis_ready_spec *spec,
                                      redis_ready_done_fn done, void *ctx);
void redis_ready_cancel(struct redis_ready *r); /* done is not called */

#endif
