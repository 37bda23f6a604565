#include "proc/child.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"
#include "proc/guard.h"
#include "proc/orphans.h"
#include "proc/tail.h"

#define LINE_MAX_BYTES 32768 /* of a ready line, which may have a certificate */
#define LINE_SHOWN     60
#define DRAIN_MAX      (1 << 20)
#define GIVE_UP_GRACE  NS_PER_S
#define ENDING_MS      200 /* from the end of stdout to the end of the process */

/* What is still expected on stdout. */
enum expect { EXPECT_READY, EXPECT_NOTHING };

struct child {
    struct guard guard;
    struct child_events events;
    char *role;
    char *folder; /* NULL: none */
    enum expect expect;
    bool stopping; /* asked by the caller, or given up */
    bool has_ended, is_gone;
    int open_handles;
    uv_pipe_t lifeline, out, err;
    uv_timer_t ready_timer;
    struct guard_report report; /* as far as it has arrived */
    size_t report_len;
    struct child_exit how;
    char problem[200];
    char line[LINE_MAX_BYTES];
    size_t line_len;
    struct tail tail;
    char tail_text[TAIL_BYTES + 1];
    char raw[16384]; /* one read; all handles share it */
};

/* All handles of a child close through here; after the last nothing of it is left on the loop. */
static void on_closed(uv_handle_t *handle)
{
    struct child *c = handle->data;
    if (--c->open_handles == 0)
        c->events.on_exit(c->events.ctx, &c->how);
}

static void give_up(struct child *c)
{
    if (!c->stopping)
        child_stop(c, GIVE_UP_GRACE);
}

static void take_report(struct child *c, const struct guard_report *r)
{
    if (r->news == GUARD_ENDED) {
        c->has_ended = true;
        c->how.status = r->value;
        c->how.by_us = r->by_us != 0;
        c->how.usage = r->usage;
    } else if (r->news == GUARD_GONE) {
        c->is_gone = true;
        if (r->value > 0)
            log_warn("%d processes of the %s cannot be killed; look for state D in ps", r->value,
                     c->role);
    }
}

/* The rest of one report: the guard's messages arrive as a stream. */
static void on_alloc_report(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct child *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init((char *)&c->report + c->report_len,
                       (unsigned)(sizeof c->report - c->report_len));
}

static void on_alloc_text(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct child *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->raw, sizeof c->raw);
}

/* The port of a ready line; -1 when it is not one. */
static int ready_port(const char *line, size_t len)
{
    json_int_t port = -1;
    json_t *root = json_loadb(line, len, 0, NULL);
    json_t *value = json_object_get(root, "port"); /* NULL for what is not an object */
    if (json_is_integer(value))
        port = json_integer_value(value);
    json_decref(root);
    return port >= 1 && port <= 65535 ? (int)port : -1;
}

static void expect_nothing(struct child *c)
{
    c->expect = EXPECT_NOTHING;
    (void)uv_timer_stop(&c->ready_timer);
}

/* A first line that is not a ready line was meant for people: it is shown with the rest. */
static void line_to_tail(struct child *c)
{
    if (c->line_len == 0)
        return;
    tail_add(&c->tail, c->line, c->line_len);
    tail_add(&c->tail, "\n", 1);
}

static void reject_line(struct child *c)
{
    char shown[LINE_SHOWN + 1];
    size_t len = strnlen(c->line, c->line_len < LINE_SHOWN ? c->line_len : LINE_SHOWN);
    memcpy(shown, c->line, len);
    shown[len] = '\0';
    str_make_printable(shown, len);
    (void)snprintf(c->problem, sizeof c->problem,
                   "the first line of the %s on stdout is not JSON with a \"port\": %s%s", c->role,
                   shown, c->line_len > len ? ".." : "");
    line_to_tail(c);
    give_up(c);
}

static void take_line(struct child *c)
{
    int port = ready_port(c->line, c->line_len);
    expect_nothing(c);
    if (port < 0)
        reject_line(c);
    else if (!c->stopping)
        c->events.on_ready(c->events.ctx, port);
}

static void take_stderr(struct child *c, const char *bytes, size_t len)
{
    tail_add(&c->tail, bytes, len);
}

/* Feeds the ready line; what follows it goes to the tail. */
static void take_stdout(struct child *c, const char *bytes, size_t len)
{
    if (c->expect == EXPECT_READY) {
        const char *newline = memchr(bytes, '\n', len);
        size_t part = newline == NULL ? len : (size_t)(newline - bytes);
        size_t room = sizeof c->line - c->line_len;
        size_t kept = part < room ? part : room;
        memcpy(c->line + c->line_len, bytes, kept);
        c->line_len += kept;
        size_t used = newline == NULL ? part : part + 1;
        bytes += used;
        len -= used;
        if (newline != NULL || kept < part)
            take_line(c);
    }
    if (c->events.on_out != NULL)
        c->events.on_out(c->events.ctx, bytes, len);
    else
        tail_add(&c->tail, bytes, len);
}

/* No writer is left, so what the pipes still hold is all that will ever come. */
static void drain(struct child *c, uv_pipe_t *from,
                  void (*take)(struct child *, const char *, size_t))
{
    uv_os_fd_t fd = -1;
    if (uv_fileno((const uv_handle_t *)from, &fd) < 0)
        return;
    for (size_t total = 0; total < DRAIN_MAX;) {
        ssize_t n = read(fd, c->raw, sizeof c->raw);
        if (n <= 0)
            return;
        take(c, c->raw, (size_t)n);
        total += (size_t)n;
    }
}

static void remove_folder(const char *path)
{
    if (path != NULL)
        folder_clear(path, folder_hold(path));
}

static void finish(struct child *c)
{
    c->stopping = true; /* a ready line that is still in the pipe comes too late */
    guard_end(&c->guard);
    if (!c->is_gone)
        orphans_end();
    drain(c, &c->out, take_stdout);
    drain(c, &c->err, take_stderr);
    if (c->expect == EXPECT_READY)
        line_to_tail(c); /* it has no end of line */
    if (!c->is_gone) {
        /* A guard was killed. Then the kernel killed the target, and the other guard, or
         * orphans_end above, killed the rest. */
        (void)snprintf(c->problem, sizeof c->problem, "the guard process of the %s was killed",
                       c->role);
        if (!c->has_ended)
            c->how.status = SIGKILL;
        remove_folder(c->folder);
    }
    if (c->problem[0] != '\0')
        c->how.problem = c->problem;
    uv_close((uv_handle_t *)&c->lifeline, on_closed);
    uv_close((uv_handle_t *)&c->out, on_closed);
    uv_close((uv_handle_t *)&c->err, on_closed);
    uv_close((uv_handle_t *)&c->ready_timer, on_closed);
}

static void on_report(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct child *c = stream->data;
    (void)buf;
    if (nread < 0) {
        finish(c);
        return;
    }
    c->report_len += (size_t)nread;
    if (c->report_len == sizeof c->report) {
        c->report_len = 0;
        take_report(c, &c->report);
    }
}

static void on_err_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct child *c = stream->data;
    if (nread > 0)
        take_stderr(c, buf->base, (size_t)nread);
}

static void on_ready_timeout(uv_timer_t *timer)
{
    struct child *c = timer->data;
    expect_nothing(c);
    (void)snprintf(c->problem, sizeof c->problem, "the %s did not report in time that it is ready",
                   c->role);
    give_up(c);
}

static void on_closed_early(uv_timer_t *timer)
{
    struct child *c = timer->data;
    (void)snprintf(c->problem, sizeof c->problem,
                   "the %s closed its stdout without reporting its port", c->role);
    give_up(c);
}

static void on_out_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct child *c = stream->data;
    if (nread > 0) {
        take_stdout(c, buf->base, (size_t)nread);
    } else if (nread < 0 && c->expect == EXPECT_READY) {
        /* Usually the program is ending; its status, which comes next, says more. */
        expect_nothing(c);
        line_to_tail(c);
        (void)uv_timer_start(&c->ready_timer, on_closed_early, ENDING_MS, 0);
    }
}

static bool overrides(const char *const *env, const char *variable)
{
    size_t name = strcspn(variable, "=") + 1;
    while (env != NULL && *env != NULL && strncmp(*env, variable, name) != 0)
        env++;
    return env != NULL && *env != NULL;
}

/* environ with the additions in place of what they override, ending with NULL. */
static void whole_environment(const char *const *env, struct str_list *whole)
{
    for (char **v = environ; *v != NULL; v++) {
        if (!overrides(env, *v))
            str_list_add(whole, *v);
    }
    for (const char *const *v = env; v != NULL && *v != NULL; v++)
        str_list_add(whole, *v);
    whole->items = mem_grow(whole->items, whole->count + 1, sizeof *whole->items);
    whole->items[whole->count] = NULL;
}

static void open_pipe(struct child *c, uv_loop_t *loop, uv_pipe_t *pipe, int fd)
{
    (void)uv_pipe_init(loop, pipe, 0);
    (void)uv_pipe_open(pipe, fd);
    pipe->data = c;
    c->open_handles++;
}

static void listen_to(struct child *c, uv_loop_t *loop, int64_t ready_timeout_ns)
{
    open_pipe(c, loop, &c->lifeline, c->guard.lifeline_fd);
    open_pipe(c, loop, &c->out, c->guard.out_fd);
    open_pipe(c, loop, &c->err, c->guard.err_fd);
    (void)uv_read_start((uv_stream_t *)&c->lifeline, on_alloc_report, on_report);
    (void)uv_read_start((uv_stream_t *)&c->out, on_alloc_text, on_out_read);
    (void)uv_read_start((uv_stream_t *)&c->err, on_alloc_text, on_err_read);
    (void)uv_timer_init(loop, &c->ready_timer);
    c->ready_timer.data = c;
    c->open_handles++;
    if (c->expect == EXPECT_READY && ready_timeout_ns > 0)
        (void)uv_timer_start(&c->ready_timer, on_ready_timeout,
                             (uint64_t)(ready_timeout_ns / NS_PER_MS), 0);
}

struct child *child_start(uv_loop_t *loop, const struct child_spec *spec,
                          const struct child_events *events, struct err *err)
{
    struct guard guard;
    struct str_list env = {0};
    whole_environment(spec->env, &env);
    struct guard_spec what = {
        .role = spec->role, .argv = spec->argv, .envp = env.items, .folder = spec->folder};
    int failed = guard_start(&what, &guard, err);
    str_list_fini(&env);
    if (failed < 0) {
        remove_folder(spec->folder);
        return NULL;
    }
    struct child *c = mem_zalloc(sizeof *c);
    c->guard = guard;
    c->events = *events;
    c->tail.lines = spec->tail_lines;
    c->role = mem_strdup(spec->role);
    c->folder = mem_strdup_or_null(spec->folder);
    c->expect = spec->ready == CHILD_READY_LINE ? EXPECT_READY : EXPECT_NOTHING;
    listen_to(c, loop, spec->ready_timeout_ns);
    return c;
}

pid_t child_pid(const struct child *c)
{
    return c->guard.target_pid;
}

pid_t child_guard_pid(const struct child *c)
{
    return c->guard.pid;
}

void child_stop(struct child *c, int64_t grace_ns)
{
    c->stopping = true;
    if (!uv_is_closing((const uv_handle_t *)&c->lifeline))
        guard_stop(&c->guard, grace_ns);
}

void child_signal(const struct child *c, int number)
{
    if (!c->has_ended && !uv_is_closing((const uv_handle_t *)&c->lifeline))
        (void)kill(c->guard.target_pid, number);
}

void child_kill(struct child *c)
{
    if (!uv_is_closing((const uv_handle_t *)&c->lifeline))
        guard_kill(&c->guard);
}

const char *child_stderr_tail(struct child *c)
{
    tail_text(&c->tail, c->tail_text);
    return c->tail_text;
}

void child_free(struct child *c)
{
    if (c == NULL)
        return;
    free(c->role);
    free(c->folder);
    free(c);
}

char *child_exit_text(const struct child_exit *how, char *text, size_t size)
{
    if (WIFSIGNALED(how->status)) {
        const char *meaning = sigdescr_np(WTERMSIG(how->status));
        (void)snprintf(text, size, "signal %d (%s)", WTERMSIG(how->status),
                       meaning == NULL ? "unknown" : meaning);
    } else {
        (void)snprintf(text, size, "exit %d", WEXITSTATUS(how->status));
    }
    return text;
}
