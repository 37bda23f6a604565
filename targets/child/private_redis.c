#include "targets/child/private_redis.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"
#include "proc/redis_server.h"

#define READY_TIMEOUT_NS (20 * NS_PER_S)
#define GRACE_NS         (5 * NS_PER_S)
#define FOLDER_SHOWN     200 /* bytes of its name in an error */

struct private_redis {
    struct folder *folder;       /* NULL: one was given */
    int folder_fd;               /* of the given one, locked; -1: none */
    struct redis_server *server; /* NULL: it has ended */
    char *url;                   /* NULL: it was not ready yet */
    char *end;                   /* why it ended before it was ready */
    bool closing;
    void (*on_closed)(void *ctx);
    void *ctx;
};

static void dispose(struct private_redis *r)
{
    folder_remove(r->folder);
    if (r->folder_fd >= 0)
        (void)close(r->folder_fd);
    free(r->url);
    free(r->end);
    free(r);
}

static void closed(struct private_redis *r)
{
    void (*on_closed)(void *ctx) = r->on_closed;
    void *ctx = r->ctx;
    dispose(r);
    on_closed(ctx);
}

static void on_ready(void *ctx, const char *url, int port)
{
    struct private_redis *r = ctx;
    (void)port;
    r->url = mem_strdup(url);
}

static void on_server_exit(void *ctx, const char *text)
{
    struct private_redis *r = ctx;
    redis_server_free(r->server);
    r->server = NULL;
    if (r->closing)
        closed(r);
    else if (r->url == NULL)
        r->end = mem_strdup(text);
    else
        log_error("%s", text);
}

/* Two servers in one folder would write to the same file. */
static int hold_folder(struct private_redis *r, const char *folder, struct err *err)
{
    int shown = (int)str_fit(folder, FOLDER_SHOWN);
    r->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->folder_fd < 0)
        return err_set(err, ERR_USAGE, "--broker-folder: %.*s: %s", shown, folder,
                       strerrordesc_np(errno));
    if (access(folder, W_OK) < 0)
        return err_set(err, ERR_USAGE, "--broker-folder: nothing can be written in %.*s: %s", shown,
                       folder, strerrordesc_np(errno));
    if (flock(r->folder_fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(err, ERR_USAGE,
                       "--broker-folder: another server is in %.*s; give each its own", shown,
                       folder);
    return 0;
}

static int start(struct private_redis *r, uv_loop_t *loop, const char *folder, struct err *err)
{
    const struct redis_server_events events = {r, on_ready, on_server_exit};
    struct redis_server_spec spec = {.folder = folder, .ready_timeout_ns = READY_TIMEOUT_NS};
    if (folder == NULL) {
        r->folder = folder_make("bench-redis", err);
        if (r->folder == NULL)
            return -1;
        spec.folder = folder_path(r->folder);
        spec.after = REDIS_SERVER_FOLDER_REMOVED; /* also when this program is killed */
    } else if (hold_folder(r, folder, err) < 0) {
        return -1;
    }
    r->server = redis_server_start(loop, &spec, &events, err);
    if (r->server == NULL)
        return -1;
    while (r->server != NULL && r->url == NULL)
        (void)uv_run(loop, UV_RUN_ONCE);
    return r->url != NULL ? 0 : err_set(err, ERR_USAGE, "%s", r->end);
}

struct private_redis *private_redis_start(uv_loop_t *loop, const char *folder, struct err *err)
{
    struct private_redis *r = mem_zalloc(sizeof *r);
    r->folder_fd = -1;
    if (start(r, loop, folder, err) == 0)
        return r;
    dispose(r);
    return NULL;
}

const char *private_redis_url(const struct private_redis *r)
{
    return r->url;
}

void private_redis_close(struct private_redis *r, void (*on_closed)(void *ctx), void *ctx)
{
    r->closing = true;
    r->on_closed = on_closed;
    r->ctx = ctx;
    if (r->server == NULL)
        closed(r);
    else
        redis_server_stop(r->server, GRACE_NS);
}
