#include "proc/redis_server.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/str.h"
#include "proc/child.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/redis_ready.h"
#include "proc/tail.h"

#define PROGRAM        "redis-server"
#define PASSWORD_BYTES 24
#define GIVE_UP_GRACE  NS_PER_S
#define TAIL_SHOWN     600

/* proc/redis_ready.h sets the port and the password later. */
static const struct {
    const char *name, *value;
} settings[] = {
    {"--port", "0"},
    {"--bind", "127.0.0.1"},
    {"--protected-mode", "yes"},
    {"--unixsocketperm", "700"},
    {"--appendonly", "yes"},
    {"--appendfsync", "everysec"},
    {"--appenddirname", "."}, /* folder_clear does not remove folders inside ours */
    {"--save", ""},
    {"--maxmemory-policy", "noeviction"},
    {"--daemonize", "no"},
    {"--logfile", ""}, /* stdout */
    {"--loglevel", "warning"},
};

struct redis_server {
    struct redis_server_events events;
    struct child *child;
    struct redis_ready *ready; /* NULL once it is ready or was given up */
    char *password;
    char *problem; /* why it was given up; NULL */
    bool was_ready, stopping;
};

/* NULL with err set: without a secret nothing may listen. */
static char *make_password(struct err *err)
{
    char text[2 * PASSWORD_BYTES + 1];
    if (rng_hex(text, PASSWORD_BYTES) == 0)
        return mem_strdup(text);
    (void)err_set(err, ERR_USAGE, "no random numbers for the password of " PROGRAM);
    return NULL;
}

static void add_words(struct str_list *argv, const char *folder, const char *socket_path)
{
    for (size_t i = 0; i < LEN(settings); i++) {
        str_list_add(argv, settings[i].name);
        str_list_add(argv, settings[i].value);
    }
    str_list_add(argv, "--dir");
    str_list_add(argv, folder);
    str_list_add(argv, "--unixsocket");
    str_list_add(argv, socket_path);
    argv->items = mem_grow(argv->items, argv->count + 1, sizeof *argv->items);
    argv->items[argv->count] = NULL;
}

/* --- its end --- */

static char *end_text(struct redis_server *s, const struct child_exit *how)
{
    char end[CHILD_EXIT_TEXT_MAX];
    const char *lines = tail_last_lines(child_stderr_tail(s->child), TAIL_SHOWN);
    const char *intro = lines[0] == '\0' ? "" : "; its last lines:\n";
    (void)child_exit_text(how, end, sizeof end);
    if (s->problem != NULL)
        return mem_printf(PROGRAM " %s%s%s", s->problem, intro, lines);
    if (how->problem != NULL)
        return mem_printf("%s%s%s", how->problem, intro, lines);
    if (s->stopping)
        return mem_printf(PROGRAM " was stopped (%s)%s%s", end, intro, lines);
    if (!s->was_ready)
        return mem_printf(PROGRAM " ended before it was ready (%s); it must be Redis 7.0 or "
                                  "newer%s%s",
                          end, intro, lines);
    return mem_printf(PROGRAM " ended by itself (%s)%s%s", end, intro, lines);
}

static void cancel_ready(struct redis_server *s)
{
    if (s->ready != NULL)
        redis_ready_cancel(s->ready);
    s->ready = NULL;
}

static void on_child_exit(void *ctx, const struct child_exit *how)
{
    struct redis_server *s = ctx;
    cancel_ready(s);
    char *text = end_text(s, how);
    s->events.on_exit(s->events.ctx, text); /* may free the server */
    free(text);
}

/* --- its start --- */

static void on_ready_done(void *ctx, int port, const char *problem)
{
    struct redis_server *s = ctx;
    s->ready = NULL;
    if (problem != NULL) {
        s->problem = mem_strdup(problem);
        child_stop(s->child, GIVE_UP_GRACE);
        return;
    }
    char *url = mem_printf("redis://default:%s@127.0.0.1:%d", s->password, port);
    s->was_ready = true;
    s->events.on_ready(s->events.ctx, url, port);
    free(url);
}

static struct child *start_child(uv_loop_t *loop, const struct redis_server_spec *spec,
                                 const char *socket_path, struct redis_server *s, struct err *err)
{
    struct str_list argv = {0};
    char *program = program_in_path(PROGRAM);
    if (program == NULL) {
        (void)err_set(err, ERR_USAGE,
                      PROGRAM " is not in PATH; install it: apt-get install " PROGRAM);
        return NULL;
    }
    str_list_add(&argv, program);
    free(program);
    add_words(&argv, spec->folder, socket_path);
    struct child *child =
        child_start(loop,
                    &(struct child_spec){
                        .argv = argv.items,
                        .role = PROGRAM,
                        .folder = spec->after == REDIS_SERVER_FOLDER_REMOVED ? spec->folder : NULL},
                    &(struct child_events){.ctx = s, .on_exit = on_child_exit}, err);
    str_list_fini(&argv);
    return child;
}

static int start(struct redis_server *s, uv_loop_t *loop, const struct redis_server_spec *spec,
                 const char *socket_path, struct err *err)
{
    if (strlen(socket_path) > REDIS_SOCKET_PATH_MAX)
        return err_set(err, ERR_USAGE,
                       "the unix socket of " PROGRAM " cannot be %s: a socket's path has at most "
                       "%zu bytes, and this one %zu; set TMPDIR to a shorter one",
                       socket_path, REDIS_SOCKET_PATH_MAX, strlen(socket_path));
    s->password = make_password(err);
    s->child = s->password == NULL ? NULL : start_child(loop, spec, socket_path, s, err);
    if (s->child == NULL)
        return -1;
    s->ready = redis_ready_start(loop,
                                 &(struct redis_ready_spec){.socket_path = socket_path,
                                                            .password = s->password,
                                                            .timeout_ns = spec->ready_timeout_ns},
                                 on_ready_done, s);
    return 0;
}

static void remove_folder(const struct redis_server_spec *spec)
{
    if (spec->after == REDIS_SERVER_FOLDER_REMOVED)
        folder_clear(spec->folder, folder_hold(spec->folder));
}

struct redis_server *redis_server_start(uv_loop_t *loop, const struct redis_server_spec *spec,
                                        const struct redis_server_events *events, struct err *err)
{
    struct redis_server *s = mem_zalloc(sizeof *s);
    char *socket_path = mem_printf("%s/" REDIS_SERVER_SOCKET, spec->folder);
    s->events = *events;
    int failed = start(s, loop, spec, socket_path, err);
    free(socket_path);
    if (failed == 0)
        return s;
    remove_folder(spec);
    redis_server_free(s);
    return NULL;
}

pid_t redis_server_pid(const struct redis_server *s)
{
    return child_pid(s->child);
}

void redis_server_stop(struct redis_server *s, int64_t grace_ns)
{
    s->stopping = true;
    cancel_ready(s);
    child_stop(s->child, grace_ns);
}

void redis_server_free(struct redis_server *s)
{
    if (s == NULL)
        return;
    child_free(s->child);
    free(s->password);
    free(s->problem);
    free(s);
}
