#include "targets/compute_process.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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

struct compute_process {
    uv_loop_t *loop;
    struct compute_process_events events;
    struct str_list argv;
    struct child *child; /* NULL while there is none */
    uv_timer_t backoff;
    int64_t backoff_ns, began_ns, restarts;
    bool first_is_up; /* the start has succeeded: from now on we are on our own */
    bool stopping, closing;
    char end[CHILD_EXIT_TEXT_MAX];
    char *last_words;
};

static void start_again_later(struct compute_process *p);

static void on_closed(uv_handle_t *handle)
{
    struct compute_process *p = handle->data;
    struct compute_process_events events = p->events;
    str_list_fini(&p->argv);
    free(p->last_words);
    free(p);
    if (events.on_closed != NULL)
        events.on_closed(events.ctx);
}

static void close_when_gone(struct compute_process *p)
{
    if (p->closing && p->child == NULL)
        uv_close((uv_handle_t *)&p->backoff, on_closed);
}

static void on_ready(void *ctx, int port)
{
    struct compute_process *p = ctx;
    p->first_is_up = true;
    p->events.on_up(p->events.ctx, port);
}

static void on_child_exit(void *ctx, const struct child_exit *how)
{
    struct compute_process *p = ctx;
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

static int start_child(struct compute_process *p, struct err *err)
{
    const struct child_events events = {p, on_ready, on_child_exit};
    const struct child_spec spec = {.argv = p->argv.items,
                                    .role = "compute service",
                                    .ready = CHILD_READY_LINE,
                                    .ready_timeout_ns = READY_TIMEOUT_NS};
    p->began_ns = clock_now_ns();
    p->child = child_start(p->loop, &spec, &events, err);
    return p->child == NULL ? -1 : 0;
}

static void on_backoff(uv_timer_t *timer)
{
    struct compute_process *p = timer->data;
    struct err err;
    p->restarts++;
    if (start_child(p, &err) == 0)
        return;
    (void)snprintf(p->end, sizeof p->end, "not started");
    free(p->last_words);
    p->last_words = mem_strdup(err.text);
    start_again_later(p);
}

static void start_again_later(struct compute_process *p)
{
    char pause[40];
    bool lived_well = clock_now_ns() - p->began_ns >= LIVED_WELL_NS;
    int64_t twice_ns = 2 * p->backoff_ns < BACKOFF_MOST_NS ? 2 * p->backoff_ns : BACKOFF_MOST_NS;
    p->backoff_ns = lived_well || p->backoff_ns == 0 ? BACKOFF_FIRST_NS : twice_ns;
    log_warn("the compute service ended by itself (%s)%s%s; it is started again in %s", p->end,
             p->last_words[0] == '\0' ? "" : ": ", p->last_words,
             units_format_time(p->backoff_ns, pause, sizeof pause));
    uv_update_time(p->loop);
    (void)uv_timer_start(&p->backoff, on_backoff, (uint64_t)(p->backoff_ns / NS_PER_MS), 0);
}

static void add_option(struct compute_process *p, const char *name, char *value)
{
    str_list_add(&p->argv, name);
    str_list_add(&p->argv, value);
    free(value);
}

static char *work_text(const struct work *work)
{
    return mem_printf("%s:%lld%s", work_kind_names[work->kind], (long long)work->n,
                      work->kind == WORK_SLEEP ? "ns" : "");
}

/* What this program accepts, its service accepts as well. The list ends with NULL for exec. */
static int make_argv(struct compute_process *p, const struct target_options *o, struct err *err)
{
    char *path = program_find("bench-compute", err);
    if (path == NULL)
        return -1;
    str_list_add(&p->argv, path);
    free(path);
    add_option(p, "--compute-threads", mem_printf("%lld", (long long)o->compute_threads));
    add_option(p, "--work", work_text(&o->work));
    add_option(p, "--max-work", work_text(&o->max_work));
    add_option(p, "--max-queue", mem_printf("%lld", (long long)o->offload_connections));
    add_option(p, "--grace", mem_printf("%lldns", (long long)o->grace_ns));
    p->argv.items = mem_grow(p->argv.items, p->argv.count + 1, sizeof *p->argv.items);
    p->argv.items[p->argv.count] = NULL;
    return 0;
}

struct compute_process *compute_process_start(uv_loop_t *loop, const struct target_options *options,
                                              const struct compute_process_events *events,
                                              struct err *err)
{
    struct compute_process *p = mem_zalloc(sizeof *p);
    p->loop = loop;
    p->events = *events;
    (void)uv_timer_init(loop, &p->backoff);
    p->backoff.data = p;
    int failed = make_argv(p, options, err) < 0 ? -1 : start_child(p, err);
    while (failed == 0 && p->child != NULL && !p->first_is_up)
        (void)uv_run(loop, UV_RUN_ONCE);
    if (failed == 0 && !p->first_is_up)
        failed = err_set(err, ERR_USAGE, "the compute service did not start (%s): %s", p->end,
                         p->last_words);
    if (failed == 0)
        return p;
    p->events.on_closed = NULL; /* the caller never had it */
    compute_process_close(p, 0);
    return NULL;
}

pid_t compute_process_pid(const struct compute_process *p)
{
    return p->child == NULL ? 0 : child_pid(p->child);
}

int64_t compute_process_restarts(const struct compute_process *p)
{
    return p->restarts;
}

void compute_process_stop(struct compute_process *p, int64_t grace_ns)
{
    p->stopping = true;
    (void)uv_timer_stop(&p->backoff);
    if (p->child != NULL)
        child_stop(p->child, grace_ns);
}

void compute_process_close(struct compute_process *p, int64_t grace_ns)
{
    p->closing = true;
    compute_process_stop(p, grace_ns);
    close_when_gone(p);
}
