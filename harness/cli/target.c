#include "cli/target.h"

#include <math.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/secret.h"
#include "load/fetch.h"
#include "proc/child.h"
#include "proc/command.h"
#include "proc/programs.h"
#include "proc/ready.h"
#include "proc/sampler.h"
#include "proc/target_stats.h"

#define FAST_MS       50
#define STOP_GRACE_NS (2 * NS_PER_S)
#define OVERDUE_MS    10000 /* beyond the grace time */
#define COUNT_TIMEOUT (5 * NS_PER_S)

static int64_t switches_of(const struct target_stats *s)
{
    if (s->switches_voluntary == MISSING || s->switches_involuntary == MISSING)
        return MISSING;
    return s->switches_voluntary + s->switches_involuntary;
}

/* The server at the end of one second. */
struct moment {
    struct sample sample;
    int64_t switches; /* so far */
};

struct target {
    uv_loop_t *loop;
    const struct plan *plan;
    struct target_events events;
    struct child *child;
    struct str_list argv;
    struct command command; /* argv and environment of the user's command */
    struct ready *ready;
    int port;
    struct sockaddr_storage address;

    struct sampler *sampler;
    uv_timer_t fast_timer;
    bool sampling;
    struct moment opened; /* at the window's start */
    struct moment *moments;
    size_t nmoments;
    bool polling; /* a brief /stats is under way */

    struct target_stats before, after; /* the window */
    bool has_before, has_after;

    bool listening, gone, stopping, passed_max_rss;
    bool unusable; /* the shell says: not found, or not executable */
    char *problem;
    char end_text[CHILD_EXIT_TEXT_MAX];
};

static bool bundled(const struct target *t)
{
    return t->plan->strategy != NULL;
}

static void set_problem(struct target *t, const char *what)
{
    const char *tail = child_stderr_tail(t->child);
    if (t->problem != NULL)
        return;
    t->problem = tail[0] == '\0' ? mem_printf("%s; it printed nothing", what)
                                 : mem_printf("%s; its last lines:\n%s", what, tail);
}

static void note_end(struct target *t, const struct child_exit *how)
{
    char *text = NULL;
    (void)child_exit_text(how, t->end_text, sizeof t->end_text);
    bool by_shell = t->plan->command != NULL && !t->listening && WIFEXITED(how->status);
    t->unusable = by_shell && (WEXITSTATUS(how->status) == 126 || WEXITSTATUS(how->status) == 127);
    if (how->problem != NULL)
        text = mem_printf("the target was given up: %s", how->problem);
    else if (!how->by_us)
        text = mem_printf("the target ended by itself %s (%s)",
                          t->listening ? "during the run" : "before it was ready", t->end_text);
    if (text != NULL)
        set_problem(t, text);
    free(text);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct target *t = handle->data;
    t->events.on_gone(t->events.ctx);
}

static void on_child_exit(void *ctx, const struct child_exit *how)
{
    struct target *t = ctx;
    t->gone = true;
    t->sampling = false;
    if (t->ready != NULL)
        ready_cancel(t->ready);
    t->ready = NULL;
    note_end(t, how);
    uv_close((uv_handle_t *)&t->fast_timer, on_timer_closed);
}

static void become_ready(struct target *t, const char *host)
{
    int failed = strchr(host, ':') == NULL
                     ? uv_ip4_addr(host, t->port, (struct sockaddr_in *)&t->address)
                     : uv_ip6_addr(host, t->port, (struct sockaddr_in6 *)&t->address);
    (void)failed; /* the host is one of two constants */
    t->listening = true;
    t->events.on_ready(t->events.ctx, host, t->port);
}

static void on_ready_line(void *ctx, int port)
{
    struct target *t = ctx;
    t->port = port;
    become_ready(t, "127.0.0.1");
}

static void on_listening(void *ctx, const char *host)
{
    struct target *t = ctx;
    t->ready = NULL;
    if (host != NULL) {
        become_ready(t, host);
        return;
    }
    char *what = mem_printf("the target did not listen on port %d in time; it is told the port as "
                            "{port} and PORT, and --ready-timeout allows more",
                            t->port);
    set_problem(t, what);
    free(what);
    target_stop(t);
}

static int start_bundled(struct target *t, struct err *err)
{
    const struct plan *plan = t->plan;
    char *program = program_find("bench-target", err);
    if (program == NULL)
        return -1;
    str_list_add(&t->argv, program);
    free(program);
    str_list_add(&t->argv, "--with-parent");
    str_list_add(&t->argv, "--strategy");
    str_list_add(&t->argv, plan->strategy);
    for (size_t i = 0; i < plan->strategy_argv.count; i++)
        str_list_add(&t->argv, plan->strategy_argv.items[i]);
    char **argv = mem_array(t->argv.count + 1, sizeof *argv);
    memcpy(argv, t->argv.items, t->argv.count * sizeof *argv);
    t->child = child_start(t->loop,
                           &(struct child_spec){.argv = argv,
                                                .role = "target",
                                                .ready = CHILD_READY_LINE,
                                                .ready_timeout_ns = plan->ready_timeout_ns},
                           &(struct child_events){t, on_ready_line, on_child_exit}, err);
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
    t->child = child_start(t->loop,
                           &(struct child_spec){.argv = t->command.argv,
                                                .env = t->command.env,
                                                .role = "target",
                                                .ready = CHILD_READY_NONE},
                           &(struct child_events){t, NULL, on_child_exit}, err);
    if (t->child == NULL)
        return -1;
    t->ready = ready_start(t->loop, t->port, plan->ready_timeout_ns, on_listening, t);
    return 0;
}

struct target *target_start(uv_loop_t *loop, const struct plan *plan,
                            const struct target_events *events, struct err *err)
{
    struct target *t = mem_zalloc(sizeof *t);
    t->loop = loop;
    t->plan = plan;
    t->events = *events;
    int failed = bundled(t) ? start_bundled(t, err) : start_command(t, err);
    if (failed < 0) {
        target_free(t);
        return NULL;
    }
    (void)uv_timer_init(loop, &t->fast_timer);
    t->fast_timer.data = t;
    t->sampler = sampler_new(child_guard_pid(t->child));
    sampler_add_role(t->sampler, "bench-compute", "compute");
    return t;
}

/* A guard that is stopped (SIGSTOP) would keep bench waiting for ever. Its end takes the target
 * along. */
static void on_overdue(uv_timer_t *timer)
{
    struct target *t = timer->data;
    log_warn("the target does not end; killing it");
    (void)kill(child_guard_pid(t->child), SIGKILL);
}

void target_stop(struct target *t)
{
    if (t->gone || t->stopping)
        return;
    t->stopping = true;
    t->sampling = false;
    (void)uv_timer_start(&t->fast_timer, on_overdue, OVERDUE_MS, 0);
    child_stop(t->child, t->passed_max_rss ? 0 : STOP_GRACE_NS);
}

void target_free(struct target *t)
{
    if (t == NULL)
        return;
    child_free(t->child);
    sampler_free(t->sampler);
    command_fini(&t->command);
    str_list_fini(&t->argv);
    if (t->has_before)
        target_stats_fini(&t->before);
    if (t->has_after)
        target_stats_fini(&t->after);
    free(t->moments);
    free(t->problem);
    free(t);
}

/* One reading under way. */
struct count {
    struct target *target;
    enum target_moment when;
    target_counted_fn done;
    void *ctx;
};

static void on_stats(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct count *count = ctx;
    struct target *t = count->target;
    struct target_stats *slot = count->when == TARGET_BEFORE ? &t->before : &t->after;
    bool *has = count->when == TARGET_BEFORE ? &t->has_before : &t->has_after;
    struct target_stats stats;
    struct err err;
    if (fetch_err == NULL && target_stats_parse(body, len, &stats, &err) == 0) {
        if (*has)
            target_stats_fini(slot);
        *slot = stats;
        *has = true;
    }
    if (count->done != NULL)
        count->done(count->ctx);
    free(count);
}

void target_count(struct target *t, enum target_moment when, target_counted_fn done, void *ctx)
{
    if (!bundled(t) || t->gone) {
        if (done != NULL)
            done(ctx);
        return;
    }
    struct count *count = mem_zalloc(sizeof *count);
    *count = (struct count){t, when, done, ctx};
    fetch_start(t->loop, &(struct fetch_request){.address = &t->address,
                                                 .path = "/stats",
                                                 .timeout_ns = COUNT_TIMEOUT,
                                                 .on_done = on_stats,
                                                 .ctx = count});
}

static void on_fast(uv_timer_t *timer)
{
    struct target *t = timer->data;
    sampler_fast(t->sampler);
    struct sample now = sampler_now(t->sampler);
    if (t->plan->max_rss_bytes > 0 && now.rss_bytes > t->plan->max_rss_bytes) {
        t->passed_max_rss = true;
        target_close_window(t);
        target_stop(t);
    }
}

void target_open_window(struct target *t)
{
    if (t->gone)
        return;
    sampler_open_window(t->sampler);
    t->sampling = true;
    t->opened = (struct moment){sampler_now(t->sampler), MISSING};
    if (!bundled(t))
        t->opened.switches = t->opened.sample.switches;
    else if (t->has_before)
        t->opened.switches = switches_of(&t->before);
    (void)uv_timer_start(&t->fast_timer, on_fast, FAST_MS, FAST_MS);
}

/* Arrives within the next second, for the moment that asked for it. */
static void on_brief(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct target *t = ctx;
    struct target_stats stats;
    struct err err;
    t->polling = false;
    if (fetch_err != NULL || t->nmoments == 0 || target_stats_parse(body, len, &stats, &err) < 0)
        return;
    t->moments[t->nmoments - 1].switches = switches_of(&stats);
    target_stats_fini(&stats);
}

void target_close_second(struct target *t)
{
    if (!t->sampling)
        return;
    sampler_slow(t->sampler);
    t->moments = mem_grow(t->moments, t->nmoments + 1, sizeof *t->moments);
    struct sample now = sampler_now(t->sampler);
    t->moments[t->nmoments++] = (struct moment){now, bundled(t) ? MISSING : now.switches};
    if (!bundled(t) || t->polling)
        return;
    t->polling = true;
    fetch_start(t->loop, &(struct fetch_request){.address = &t->address,
                                                 .path = "/stats?brief=1",
                                                 .timeout_ns = NS_PER_S - 100 * NS_PER_MS,
                                                 .on_done = on_brief,
                                                 .ctx = t});
}

void target_close_window(struct target *t)
{
    if (!t->sampling)
        return;
    t->sampling = false;
    (void)uv_timer_stop(&t->fast_timer);
    sampler_close_window(t->sampler);
}

const char *target_problem(const struct target *t)
{
    return t->problem;
}

enum err_kind target_problem_kind(const struct target *t)
{
    return t->unusable ? ERR_USAGE : ERR_INVALID;
}

bool target_passed_max_rss(const struct target *t)
{
    return t->passed_max_rss;
}

static void collect_seconds(const struct target *t, struct result *r)
{
    struct moment last = t->opened;
    for (size_t i = 0; i < r->nseconds && i < t->nmoments; i++) {
        struct second *s = &r->seconds[i];
        const struct moment *m = &t->moments[i];
        s->server_cpu_cores = (m->sample.cpu_s - last.sample.cpu_s) / s->length_s;
        s->server_rss_bytes = m->sample.rss_bytes;
        s->server_threads = m->sample.threads;
        s->server_run_wait_s = m->sample.run_wait_s - last.sample.run_wait_s;
        if (m->switches != MISSING && last.switches != MISSING)
            s->server_switches = m->switches - last.switches;
        last = *m;
    }
}

static int64_t gained(int64_t before, int64_t after)
{
    return before == MISSING || after == MISSING ? MISSING : after - before;
}

static struct hist *hist_gained(const struct hist *before, const struct hist *after)
{
    if (before == NULL || after == NULL)
        return NULL;
    struct hist *gain = hist_copy(after);
    hist_subtract(gain, before);
    return gain;
}

/* The target's own counters know what its ended threads did, which sampling cannot. */
static void refine(const struct target *t, struct process_cost *c)
{
    const struct target_stats *before = &t->before;
    const struct target_stats *after = &t->after;
    c->threads_started = after->threads_started;
    c->switches_voluntary = gained(before->switches_voluntary, after->switches_voluntary);
    c->switches_involuntary = gained(before->switches_involuntary, after->switches_involuntary);
    c->run_wait_s += after->run_wait_ended_s - before->run_wait_ended_s;
    c->threads_peak = after->threads_peak > c->threads_peak ? after->threads_peak : c->threads_peak;
    c->live_threads_only = false;
}

/* The total again from the rows, one of which has become better. */
static void sum_up(struct server_cost *s)
{
    struct process_cost *total = &s->total;
    total->switches_voluntary = total->switches_involuntary = 0;
    total->run_wait_s = 0;
    total->live_threads_only = false;
    for (size_t i = 0; i < s->nprocesses; i++) {
        const struct process_cost *c = &s->processes[i];
        total->switches_voluntary += c->switches_voluntary == MISSING ? 0 : c->switches_voluntary;
        total->switches_involuntary +=
            c->switches_involuntary == MISSING ? 0 : c->switches_involuntary;
        total->run_wait_s += c->run_wait_s;
        total->live_threads_only |= c->live_threads_only;
    }
}

static void collect_counters(const struct target *t, struct result *r)
{
    struct server_cost *s = &r->server;
    if (!t->has_before || !t->has_after)
        return;
    r->target_counted = t->after.heavy.completed;
    r->wait = hist_gained(t->before.wait, t->after.wait);
    r->work = hist_gained(t->before.work, t->after.work);
    for (size_t i = 0; i < s->nprocesses; i++) {
        struct process_cost *c = &s->processes[i];
        if (c->pid != t->after.pid)
            continue;
        refine(t, c);
        s->total.threads_started = c->threads_started;
        if (c->threads_peak > s->total.threads_peak)
            s->total.threads_peak = c->threads_peak;
        sum_up(s);
    }
}

void target_collect(struct target *t, struct result *r)
{
    for (size_t i = 0; i < t->argv.count; i++) {
        char *word = secret_free(t->argv.items[i]);
        str_list_add(&r->target_argv, word);
        free(word);
    }
    r->strategy = mem_strdup_or_null(t->plan->strategy);
    r->command = t->plan->command == NULL ? NULL : secret_free(t->plan->command);
    r->pids = mem_array(1, sizeof *r->pids);
    r->pids[0] = child_pid(t->child);
    r->npids = 1;
    if (t->passed_max_rss)
        r->target_end = mem_strdup("max-rss");
    else if (t->problem != NULL)
        r->target_end = mem_strdup(t->end_text);
    if (t->opened.sample.threads == 0)
        return; /* the window was never open */
    r->has_server = true;
    sampler_costs(t->sampler, r);
    collect_counters(t, r);
    collect_seconds(t, r);
}
