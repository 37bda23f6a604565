#include "runner/fleet_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/child.h"

#define WORDS_MOST    100 /* lines of what it said */
#define STOP_GRACE_NS (2 * NS_PER_S)

struct fleet_check {
    const struct fleet_command *command;
    struct fleet_check_events events;
    uv_timer_t timer;
    struct child *child; /* NULL: its time has not come */
    int open_handles;    /* the timer and the child */
};

/* What stands behind "Node: "; the caller frees it. */
static char *behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    if (at == NULL)
        return NULL;
    at += strlen(label);
    at += strspn(at, " ");
    size_t len = strcspn(at, "\r\n ");
    return len == 0 ? NULL : mem_strndup(at, len);
}

/* NULL: it names no host. */
static char *words_of(struct child *mpirun)
{
    const char *said = child_stderr_tail(mpirun);
    char *host = behind(said, "Node:");
    char *program = behind(said, "Executable:");
    char *words = NULL;
    if (host != NULL && program != NULL)
        words = mem_printf("%s does not have %s, or cannot run it: install the package bench-rank "
                           "there, of the same version and at the same place as here",
                           host, program);
    free(host);
    free(program);
    return words;
}

static void close_handle(struct fleet_check *c)
{
    if (--c->open_handles == 0)
        c->events.on_closed(c->events.ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    close_handle(handle->data);
}

static void on_exit_of_check(void *ctx, const struct child_exit *how)
{
    struct fleet_check *c = ctx;
    char *words = words_of(c->child);
    (void)how; /* what it said counts */
    if (words != NULL)
        c->events.on_missing(c->events.ctx, words);
    close_handle(c);
}

static void on_due(uv_timer_t *timer)
{
    struct fleet_check *c = timer->data;
    struct err ignored;
    char **argv = fleet_command_check_argv(c->command);
    c->child = child_start(
        timer->loop, &(struct child_spec){.argv = argv, .role = "mpirun", .tail_lines = WORDS_MOST},
        &(struct child_events){.ctx = c, .on_exit = on_exit_of_check}, &ignored);
    free(argv);
    c->open_handles += c->child != NULL;
}

struct fleet_check *fleet_check_start(uv_loop_t *loop, const struct fleet_command *command,
                                      uint64_t after_ms, const struct fleet_check_events *events)
{
    struct fleet_check *c = mem_zalloc(sizeof *c);
    c->command = command;
    c->events = *events;
    c->open_handles = 1;
    c->timer.data = c;
    (void)uv_timer_init(loop, &c->timer);
    (void)uv_timer_start(&c->timer, on_due, after_ms, 0);
    return c;
}

void fleet_check_stop(struct fleet_check *c)
{
    if (uv_is_closing((const uv_handle_t *)&c->timer))
        return;
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
    if (c->child != NULL)
        child_stop(c->child, STOP_GRACE_NS);
}

void fleet_check_free(struct fleet_check *c)
{
    if (c == NULL)
        return;
    child_free(c->child);
    free(c);
}
