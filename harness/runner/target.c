#include "runner/target.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "proc/child.h"
#include "proc/command.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/ready.h"
#include "proc/tail.h"
#include "runner/run_broker.h"
#include "runner/target_env.h"
#include "runner/watch.h"

#define STOP_GRACE_NS (2 * NS_PER_S)
#define DROP_GRACE_NS (15 * NS_PER_S) /* for removing its keys from the user's Redis */
#define OVERDUE_MS    10000           /* beyond the grace time */

struct target {
    uv_loop_t *loop;
    const struct plan *plan;
    struct target_events events;
    struct child *child;
    struct str_list argv;
    struct command command; /* argv and environment of the user's command */
    struct target_env env;
    struct ready *ready;
    int port;
    struct folder *folder; /* of its private broker and its certificate; NULL: none */
    char *ca_file;         /* the certificate of its TLS; NULL: it has none */
    struct watch *watch;
    uv_timer_t overdue_timer;
    int open_handles; /* the timer and the watch */

    int64_t stop_grace_ns;
    bool listening, gone, stopping, passed_max_rss;
    bool unusable; /* the shell reported: not found, or not executable */
    char *problem;
    const char *last_lines; /* the part of the problem that the target printed */
    char end_text[CHILD_EXIT_TEXT_MAX];
};

static void set_problem(struct target *t, const char *what)
{
    const char *tail = child_stderr_tail(t->child);
    if (t->problem != NULL)
        return;
    t->problem = tail[0] == '\0' ? mem_printf("%s; it printed nothing", what)
                                 : mem_printf("%s; its last lines:\n%s", what, tail);
    t->last_lines = t->problem + strlen(t->problem) - strlen(tail);
}

static void note_end(struct target *t, const struct child_exit *how)
{
    char *text = NULL;
    (void)child_exit_text(how, t->end_text, sizeof t->end_text);
    bool by_shell = t->plan->command != NULL && !t->listening && WIFEXITED(how->status);
    t->unusable = by_shell && (WEXITSTATUS(how->status) == 126 || WEXITSTATUS(how->status) == 127);
    if (how->problem != NULL)
        text = mem_printf("bench gave up on the target: %s", how->problem);
    else if (!how->by_us)
        text = mem_printf("the target exited %s (%s)",
                          t->listening ? "during the run" : "before it was ready", t->end_text);
    if (text != NULL)
        set_problem(t, text);
    free(text);
}

static void close_handle(struct target *t)
{
    if (--t->open_handles == 0)
        t->events.on_gone(t->events.ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    close_handle(handle->data);
}

static void on_watch_closed(void *ctx)
{
    close_handle(ctx);
}

static void on_child_exit(void *ctx, const struct child_exit *how)
{
    struct target *t = ctx;
    t->gone = true;
    if (t->ready != NULL)
        ready_cancel(t->ready);
    t->ready = NULL;
    note_end(t, how);
    watch_close(t->watch);
    uv_close((uv_handle_t *)&t->overdue_timer, on_timer_closed);
}

static void become_ready(struct target *t, const char *host)
{
    struct sockaddr_storage address = {0};
    int failed = strchr(host, ':') == NULL
                     ? uv_ip4_addr(host, t->port, (struct sockaddr_in *)&address)
                     : uv_ip6_addr(host, t->port, (struct sockaddr_in6 *)&address);
    (void)failed; /* cannot fail: the host is one of two constants, or that of --bind */
    watch_set_address(t->watch, &address, t->ca_file);
    t->listening = true;
    t->events.on_ready(t->events.ctx, &(struct aim_target){host, t->port, .ca_file = t->ca_file});
}

static void on_ready_line(void *ctx, int port)
{
    struct target *t = ctx;
    t->port = port;
    become_ready(t, t->plan->bind != NULL ? t->plan->bind : "127.0.0.1");
}

static void on_listening(void *ctx, const char *host, int port)
{
    struct target *t = ctx;
    t->ready = NULL;
    if (host != NULL) {
        t->port = port;
        become_ready(t, host);
        return;
    }
    const char *bind = t->plan->bind;
    char *what = mem_printf("the target did not listen on %s%s%s%d in time; it gets the port as "
                            "{port} and PORT, and --ready-timeout allows more time%s",
                            bind != NULL ? bind : "", bind != NULL ? " at " : "",
                            t->plan->any_port ? "any port, such as " : "port ", t->port,
                            t->plan->any_port ? "" : "; behind -- its own port is found");
    set_problem(t, what);
    free(what);
    target_stop(t);
}

/* The folder of its private redis-server belongs to this run, so that the guard always removes it.
 */
static int make_original_argv(struct target *t, struct err *err)
{
    const struct str_list *words = &t->plan->original_argv;
    if (plan_has_queue(t->plan)) {
        t->folder = folder_make(FOLDER_RUN, err);
        if (t->folder == NULL)
            return -1;
    }
    for (size_t i = 0; i < words->count; i++) {
        str_list_add(&t->argv, words->items[i]);
        if (i == 0 && t->folder != NULL) {
            str_list_add(&t->argv, "--folder");
            str_list_add(&t->argv, folder_path(t->folder));
        }
    }
    return 0;
}

/* It makes its certificate itself, and writes it where this run can read it. */
static int add_tls(struct target *t, struct err *err)
{
    if (t->folder == NULL)
        t->folder = folder_make(FOLDER_RUN, err);
    if (t->folder == NULL)
        return -1;
    t->ca_file = mem_printf("%s/certificate.pem", folder_path(t->folder));
    str_list_add(&t->argv, "--tls-ca-out");
    str_list_add(&t->argv, t->ca_file);
    return 0;
}

static int make_strategy_argv(struct target *t, struct err *err)
{
    char *program = program_find("bench-target", err);
    if (program == NULL)
        return -1;
    str_list_add(&t->argv, program);
    free(program);
    str_list_add(&t->argv, "--with-parent");
    str_list_add(&t->argv, "--strategy");
    str_list_add(&t->argv, t->plan->strategy);
    if (t->plan->bind != NULL) {
        str_list_add(&t->argv, "--host");
        str_list_add(&t->argv, t->plan->bind);
    }
    for (size_t i = 0; i < t->plan->strategy_argv.count; i++)
        str_list_add(&t->argv, t->plan->strategy_argv.items[i]);
    if (run_broker_make(t->plan, &t->argv, &t->folder, err) < 0)
        return -1;
    if (run_broker_is_dropped(&t->argv))
        t->stop_grace_ns = DROP_GRACE_NS;
    return t->plan->target_tls ? add_tls(t, err) : 0;
}

/* Starts a target that prints a line with its port when it is ready. */
static int start_ours(struct target *t, struct err *err)
{
    const struct plan *plan = t->plan;
    if ((plan->original != NULL ? make_original_argv(t, err) : make_strategy_argv(t, err)) < 0)
        return -1;
    char **argv = mem_array(t->argv.count + 1, sizeof *argv);
    target_env_take_broker(&t->env, &t->argv, argv);
    t->child = child_start(
        t->loop,
        &(struct child_spec){.argv = argv,
                             .env = t->env.variables,
                             .role = "target",
                             .folder = t->folder == NULL ? NULL : folder_path(t->folder),
                             .ready = CHILD_READY_LINE,
                             .ready_timeout_ns = plan->ready_timeout_ns},
        &(struct child_events){.ctx = t, .on_ready = on_ready_line, .on_exit = on_child_exit}, err);
    free(argv);
    return t->child == NULL ? -1 : 0;
}

static int start_command(struct target *t, struct err *err)
{
    const struct plan *plan = t->plan;
    if (proc_free_port(&t->port, err) < 0)
        return -1;
    command_init(&t->command, plan->command, t->port);
    for (char **word = t->command.argv; *word != NULL; word++)
        str_list_add(&t->argv, *word);
    target_env_add(&t->env, t->command.env[0]);
    t->child = child_start(t->loop,
                           &(struct child_spec){.argv = t->command.argv,
                                                .env = t->env.variables,
                                                .role = "target",
                                                .ready = CHILD_READY_NONE},
                           &(struct child_events){.ctx = t, .on_exit = on_child_exit}, err);
    if (t->child == NULL)
        return -1;
    t->ready =
        ready_start(t->loop,
                    &(struct ready_spec){.host = plan->bind,
                                         .port = t->port,
                                         .root = plan->any_port ? child_guard_pid(t->child) : 0,
                                         .timeout_ns = plan->ready_timeout_ns},
                    on_listening, t);
    return 0;
}

static void on_max_rss(void *ctx)
{
    struct target *t = ctx;
    t->passed_max_rss = true;
    target_stop(t);
}

struct target *target_start(uv_loop_t *loop, const struct plan *plan,
                            const struct target_events *events, struct err *err)
{
    struct target *t = mem_zalloc(sizeof *t);
    t->loop = loop;
    t->plan = plan;
    t->events = *events;
    t->stop_grace_ns = STOP_GRACE_NS;
    target_env_init(&t->env, plan->padding_bytes);
    int failed = plan_is_ours(plan) ? start_ours(t, err) : start_command(t, err);
    if (failed < 0) {
        target_free(t);
        return NULL;
    }
    (void)uv_timer_init(loop, &t->overdue_timer);
    t->overdue_timer.data = t;
    t->watch = watch_new(loop, plan, child_guard_pid(t->child),
                         &(struct watch_events){t, on_max_rss, on_watch_closed});
    t->open_handles = 2;
    return t;
}

/* A stopped guard (SIGSTOP) would make bench wait forever. Killing it also ends the target. */
static void on_overdue(uv_timer_t *timer)
{
    struct target *t = timer->data;
    log_warn("the target does not stop; killing it");
    child_kill(t->child);
}

void target_stop(struct target *t)
{
    if (t->gone || t->stopping)
        return;
    t->stopping = true;
    watch_close_window(t->watch);
    int64_t grace_ns = t->passed_max_rss ? 0 : t->stop_grace_ns;
    (void)uv_timer_start(&t->overdue_timer, on_overdue,
                         (uint64_t)(grace_ns / NS_PER_MS + OVERDUE_MS), 0);
    child_stop(t->child, grace_ns);
}

void target_free(struct target *t)
{
    if (t == NULL)
        return;
    child_free(t->child);
    watch_free(t->watch);
    command_fini(&t->command);
    str_list_fini(&t->argv);
    target_env_fini(&t->env);
    free(t->ca_file);
    folder_remove(t->folder); /* the guard has done it, unless there was none */
    free(t->problem);
    free(t);
}

struct watch *target_watch(const struct target *t)
{
    return t->watch;
}

const char *target_problem(const struct target *t)
{
    return t->problem;
}

/* Keeps the end of the target's output, which usually says most. */
int target_problem_err(const struct target *t, struct err *err)
{
    int head = (int)(t->last_lines - t->problem);
    size_t room = (size_t)head < sizeof err->text ? sizeof err->text - 1 - (size_t)head : 0;
    return err_set(err, t->unusable ? ERR_USAGE : ERR_INVALID, "%.*s%s", head, t->problem,
                   tail_last_lines(t->last_lines, room));
}

bool target_passed_max_rss(const struct target *t)
{
    return t->passed_max_rss;
}

void target_collect(struct target *t, struct result *r)
{
    for (size_t i = 0; i < t->argv.count; i++) {
        char *word = secret_free(t->argv.items[i]);
        str_list_add(&r->target_argv, word);
        free(word);
    }
    r->strategy = mem_strdup_or_null(t->plan->strategy);
    r->original = mem_strdup_or_null(t->plan->original);
    r->command = t->plan->command == NULL ? NULL : secret_free(t->plan->command);
    r->pids = mem_array(1, sizeof *r->pids);
    r->pids[0] = child_pid(t->child);
    r->npids = 1;
    if (t->passed_max_rss)
        r->target_end = mem_strdup("max-rss");
    else if (t->problem != NULL)
        r->target_end = mem_strdup(t->end_text);
    watch_collect(t->watch, r);
}
