/* child: a target process on bench's loop: started, listened to, stopped, reaped.
 *
 * Shape   closed. child_start returns once the program was really executed; then on_ready comes at
 *         most once and on_exit exactly once, after the guard has seen everything below it die and
 *         all that was printed has been read; on_out in between. What it prints is always drained,
 * so it never blocks. Units   nanoseconds. Owner   the caller frees the child with child_free, in
 * on_exit or later; never before. spec is only read by child_start. Errors  child_start returns
 * NULL with kind USAGE and a remedy, and removes the folder as well. Later trouble is in
 * child_exit.
 */
#ifndef PROC_CHILD_H
#define PROC_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <uv.h>

#include "base/err.h"

enum child_ready {
    CHILD_READY_NONE, /* on_ready never comes; see proc/ready */
    CHILD_READY_LINE, /* its first line on stdout is a JSON object with a "port" */
};

struct child_spec {
    char *const *argv;      /* argv[0] is a path; PATH is not searched */
    const char *const *env; /* "NAME=value", NULL-terminated, added to bench's own; or NULL */
    const char *role;       /* "target": for messages */
    size_t tail_lines;      /* that child_stderr_tail gives; 0: TAIL_LINES */
    const char *folder;     /* the child's own, removed after its end (proc/folder.h); or NULL */
    enum child_ready ready;
    int64_t ready_timeout_ns; /* for READY_LINE; 0: no limit */
};

struct child_exit {
    int status;          /* as wait(2) gives it */
    bool by_us;          /* it was running when we signalled it */
    const char *problem; /* why bench gave the child up: its ready line was missing or not valid, or
                          * its guard was killed; or NULL; lives as long as the child */
    struct rusage usage; /* of the child and of those that it waited for */
};

struct child_events {
    void *ctx;
    void (*on_ready)(void *ctx, int port); /* may be NULL for READY_NONE */
    void (*on_exit)(void *ctx, const struct child_exit *how);
    /* What it prints on stdout; NULL: that joins the last lines. */
    void (*on_out)(void *ctx, const char *bytes, size_t len);
};

struct child;

struct child *child_start(uv_loop_t *loop, const struct child_spec *spec,
                          const struct child_events *events, struct err *err);
pid_t child_pid(const struct child *c);
pid_t child_guard_pid(const struct child *c);
/* SIGTERM, after the grace time SIGKILL. Again with a shorter grace time is fine. */
void child_stop(struct child *c, int64_t grace_ns);
/* Sends a signal to the child alone, as long as it runs. */
void child_signal(const struct child *c, int number);
/* Kills a child whose guard does not answer to child_stop; on_exit follows. */
void child_kill(struct child *c);
/* The last lines that it printed, on stderr or after its ready line; "" when there are none.
 * Borrowed, until the next call. */
const char *child_stderr_tail(struct child *c);
void child_free(struct child *c); /* NULL is fine */

#define CHILD_EXIT_TEXT_MAX 64

/* "exit 1" or "signal 9 (Killed)"; writes at most size bytes and returns text. */
char *child_exit_text(const struct child_exit *how, char *text, size_t size);

#endif
