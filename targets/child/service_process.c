#include "targets/child/service_process.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "proc/child.h"
#include "proc/programs.h"

#define READY_TIMEOUT_NS (20 * NS_PER_S)
#define BACKOFF_FIRST_NS (100 * NS_PER_MS)
#define BACKOFF_MOST_NS  (5 * NS_PER_S)
#define LIVED_WELL_NS    (10 * NS_PER_S)

struct service_process {
    uv_loop_t *loop;
    struct service_process_events events;
    char *role;
    struct str_list argv, env; /* each ends with NULL, for exec */
    struct child *child;       /* NULL while there is none */
    uv_timer_t backoff;
    int64_t backoff_ns, began_ns, restarts;
    bool first_is_up; /* the start has succeeded: from now on a dead child is started again */
    bool stopping, closing;
    char end[CHILD_EXIT_TEXT_MAX];
    char *last_words;
};

static void start_again_later(struct service_process *p);

static void on_closed(uv_handle_t *handle)
{
    struct service_process *p = handle->data;
    struct service_process_events events = p->events;
    str_list_fini(&p->argv);
    str_list_fini(&p->env);
    free(p->role);
    free(p->last_words);
    free(p);
    if (events.on_closed != NULL)
        events.on_closed(events.ctx);
}

static void close_when_gone(struct service_process *p)
{
    if (p->closing && p->child == NULL)
        uv_close((uv_handle_t *)&p->backoff, on_closed);
}

static void on_ready(void *ctx, int port)
{
    struct service_process *p = ctx;
    p->first_is_up = true;
    p->events.on_up(p->events.ctx, port);
}

static void on_child_exit(void *ctx, const struct child_exit *how)
{
    struct service_process *p = ctx;
    (void)child_exit_text(how, p->end, sizeof p->end);
    free(p->last_words);
    p->last_words = mem_strdup(child_stderr_tail(p->child));
    child_free(p->child);
    p->child = NULL;
    if (p->first_is_up && !p->stopping) {
        p->events.on_down(p->events.ctx);
        start_again_later(p);
    }
    close_when_gone(p);
}

static int start_child(struct service_process *p, struct err *err)
{
    const struct child_events events = {.ctx = p, .on_ready = on_ready, .on_exit = on_child_exit};
    const struct child_spec spec = {.argv = p->argv.items,
                                    .env = (const char *const *)p->env.items,
                                    .role = p->role,
                                    .ready = CHILD_READY_LINE,
                                    .ready_timeout_ns = READY_TIMEOUT_NS};
    p->began_ns = clock_now_ns();
    p->child = child_start(p->loop, &spec, &events, err);
    return p->child == NULL ? -1 : 0;
}

static void on_backoff(uv_timer_t *timer)
{
    struct service_process *p = timer->data;
    struct err err;
    p->restarts++;
    if (start_child(p, &err) == 0)
        return;
    (void)snprintf(p->end, sizeof p->end, "not started");
    free(p->last_words);
    p->last_words = mem_strdup(err.text);
    start_again_later(p);
}

static void start_again_later(struct service_process *p)
{
    char pause[40];
    bool lived_well = clock_now_ns() - p->began_ns >= LIVED_WELL_NS;
    int64_t twice_ns = 2 * p->backoff_ns < BACKOFF_MOST_NS ? 2 * p->backoff_ns : BACKOFF_MOST_NS;
    p->backoff_ns = lived_well || p->backoff_ns == 0 ? BACKOFF_FIRST_NS : twice_ns;
    log_warn("the %s ended by itself (%s)%s%s; it is started again in %s", p->role, p->end,
             p->last_words[0] == '\0' ? "" : ": ", p->last_words,
             units_format_time(p->backoff_ns, pause, sizeof pause));
    uv_update_time(p->loop);
    (void)uv_timer_start(&p->backoff, on_backoff, (uint64_t)(p->backoff_ns / NS_PER_MS), 0);
}

void service_options_add(struct str_list *list, const char *name, char *value)
{
    str_list_add(list, name);
    str_list_add(list, value);
    free(value);
}

static char *work_text(const struct work *work)
{
    return mem_printf("%s:%lld%s", work_kind_names[work->kind], (long long)work->n,
                      work->kind == WORK_SLEEP ? "ns" : "");
}

void service_options_add_common(struct str_list *list, const struct target_options *from)
{
    service_options_add(list, "--work", work_text(&from->work));
    service_options_add(list, "--max-work", work_text(&from->max_work));
    service_options_add(list, "--grace", mem_printf("%lldns", (long long)from->grace_ns));
}

static void add_all(struct str_list *to, const struct str_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        str_list_add(to, from->items[i]);
    to->items = mem_grow(to->items, to->count + 1, sizeof *to->items);
    to->items[to->count] = NULL;
}

static int make_argv(struct service_process *p, const struct service_spec *spec, struct err *err)
{
    bool is_path = strchr(spec->program, '/') != NULL;
    char *path = is_path ? mem_strdup(spec->program) : program_find(spec->program, err);
    if (path == NULL)
        return -1;
    str_list_add(&p->argv, path);
    free(path);
    add_all(&p->argv, &spec->options);
    add_all(&p->env, &spec->env);
    return 0;
}

struct service_process *service_process_start(uv_loop_t *loop, const struct service_spec *spec,
                                              const struct service_process_events *events,
                                              struct err *err)
{
    struct service_process *p = mem_zalloc(sizeof *p);
    p->loop = loop;
    p->events = *events;
    p->role = mem_strdup(spec->role);
    (void)uv_timer_init(loop, &p->backoff);
    p->backoff.data = p;
    int failed = make_argv(p, spec, err) < 0 ? -1 : start_child(p, err);
    while (failed == 0 && p->child != NULL && !p->first_is_up)
        (void)uv_run(loop, UV_RUN_ONCE);
    if (failed == 0 && !p->first_is_up)
        failed = err_set(err, ERR_USAGE, "the %s did not start (%s): %s", p->role, p->end,
                         p->last_words);
    if (failed == 0)
        return p;
    p->events.on_closed = NULL; /* the caller does not get p */
    service_process_close(p, 0);
    return NULL;
}

pid_t service_process_pid(const struct service_process *p)
{
    return p->child == NULL ? 0 : child_pid(p->child);
}

int64_t service_process_restarts(const struct service_process *p)
{
    return p->restarts;
}

void service_process_stop(struct service_process *p, int64_t grace_ns)
{
    p->stopping = true;
    (void)uv_timer_stop(&p->backoff);
    if (p->child != NULL)
        child_stop(p->child, grace_ns);
}

void service_process_close(struct service_process *p, int64_t grace_ns)
{
    p->closing = true;
    service_process_stop(p, grace_ns);
    close_when_gone(p);
}
