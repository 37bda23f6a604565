/* redis_server: a private redis-server on the caller's loop: started, made ready, stopped, removed.
 *
 * Shape   closed. It listens on 127.0.0.1, a free port and a unix socket in its folder, with a
 *         random password, and stores in the folder only (append-only file, everysec). It runs
 *         under a guard (proc/guard.h) in a session of its own, so a terminal's Ctrl-C does not
 *         reach it and it never outlives this program, whatever ends it. on_ready comes at most
 *         once, when it has answered PING on the socket in its own folder (proc/redis_ready.h);
 *         on_exit comes exactly once, when it is gone. It is not started again when it dies.
 *         The folder is the server's alone, exists and has mode 0700. The files of an
 *         earlier server in it are loaded. It has no folders in it, so folder_clear removes it.
 * Units   nanoseconds.
 * Owner   the caller frees the server with redis_server_free, in on_exit or later; never before.
 *         The spec is only read by redis_server_start. This program must be single-threaded while
 *         redis_server_start runs.
 * Errors  redis_server_start returns NULL with kind USAGE and the remedy, the Debian package when
 *         there is no redis-server in PATH; a folder to be removed is removed then as well. Later
 *         failures are in the text of on_exit. Redis 7.0 or newer is needed.
 */
#ifndef PROC_REDIS_SERVER_H
#define PROC_REDIS_SERVER_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/err.h"

#define REDIS_SERVER_SOCKET "redis.sock" /* in the folder */

enum redis_server_folder {
    REDIS_SERVER_FOLDER_KEPT,
    REDIS_SERVER_FOLDER_REMOVED, /* with the server, also when this program is killed */
};

struct redis_server_spec {
    const char *folder; /* absolute */
    enum redis_server_folder after;
    int64_t ready_timeout_ns;
};

struct redis_server_events {
    void *ctx;
    /* "redis://default:PASSWORD@127.0.0.1:PORT": redis-cli takes no URL without the user's name.
     * Lives for the call. */
    void (*on_ready)(void *ctx, const char *url, int port);
    /* A sentence that says how it ended, with its last lines; lives for the call. */
    void (*on_exit)(void *ctx, const char *text);
};

struct redis_server;

struct redis_server *redis_server_start(uv_loop_t *loop, const struct redis_server_spec *spec,
                                        const struct redis_server_events *events, struct err *err);
pid_t redis_server_pid(const struct redis_server *s);
/* SIGTERM, on which it finishes writing its file; after the grace time SIGKILL. on_ready is not
 * called any more. May be called again with a shorter grace time. */
void redis_server_stop(struct redis_server *s, int64_t grace_ns);
void redis_server_free(struct redis_server *s); /* NULL is fine */

#endif
