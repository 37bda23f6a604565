#include "selftest/delay_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/load.h"
#include "proc/child.h"
#include "proc/orphans.h"
#include "proc/programs.h"
#include "runner/aim.h"
#include "runner/trial_signals.h"
#include "selftest/bystander.h"

#define HOST             "127.0.0.1"
#define STOP_GRACE_NS    (5 * NS_PER_S)
#define READY_TIMEOUT_NS (30 * NS_PER_S)
#define TIMEOUT_NS       (10 * NS_PER_S)

struct running {
    const struct delay_load *wanted;
    struct delay_run *out;
    struct err *err;
    bool failed; /* err is set */

    struct plan plan;
    struct aim aim;
    uv_loop_t loop;
    struct trial_signals signals;
    uv_timer_t freeze_timer;
    bool is_frozen;

    char *log_path;
    struct child *child;
    bool child_gone, stopping, closed;
    struct load *load;
    bool load_running;
    struct bystander *bystander;
    struct wire *wire;
};

/* ---- the freeze ---- */

static void thaw(struct running *r)
{
    if (!r->is_frozen)
        return;
    r->is_frozen = false;
    r->out->thawed_ns = clock_now_ns();
    (void)kill(child_pid(r->child), SIGCONT);
}

static void on_thaw(uv_timer_t *timer)
{
    thaw(timer->data);
}

static void on_freeze(uv_timer_t *timer)
{
    struct running *r = timer->data;
    if (r->child_gone || r->stopping)
        return;
    r->is_frozen = kill(child_pid(r->child), SIGSTOP) == 0;
    r->out->frozen_ns = clock_now_ns();
    uv_update_time(&r->loop);
    (void)uv_timer_start(timer, on_thaw, (uint64_t)(r->wanted->freeze_ns / NS_PER_MS), 0);
}

/* ---- the end ---- */

/* Ends the server, and then the loop. */
static void wind_up(struct running *r)
{
    if (r->child != NULL && !r->child_gone) {
        thaw(r); /* one that stands still does not see that it is to end */
        if (!r->stopping)
            child_stop(r->child, STOP_GRACE_NS);
        r->stopping = true;
        return;
    }
    if (r->closed)
        return;
    r->closed = true;
    uv_close((uv_handle_t *)&r->freeze_timer, NULL);
    trial_signals_stop(&r->signals);
}

static void fail(struct running *r)
{
    r->failed = true;
    wind_up(r);
}

static void on_signal(void *ctx)
{
    struct running *r = ctx;
    if (r->load_running)
        load_stop(r->load);
    else
        wind_up(r);
}

static void on_gone(void *ctx, const struct child_exit *how)
{
    struct running *r = ctx;
    char text[CHILD_EXIT_TEXT_MAX];
    r->child_gone = true;
    r->is_frozen = false;
    r->out->server_cpu_s =
        clock_timeval_s(&how->usage.ru_utime) + clock_timeval_s(&how->usage.ru_stime);
    if (!r->failed && (!how->by_us || how->problem != NULL)) {
        const char *words = child_stderr_tail(r->child);
        (void)err_set(r->err, ERR_INVALID, "the delay server is gone (%s)%s%s",
                      how->problem != NULL ? how->problem : child_exit_text(how, text, sizeof text),
                      words[0] == '\0' ? "" : ": ", words);
        r->failed = true;
    }
    if (r->load_running)
        load_stop(r->load);
    else
        wind_up(r);
}

/* ---- the load ---- */

static void on_window(void *ctx)
{
    struct running *r = ctx;
    if (r->wanted->freeze_ns > 0) {
        uv_update_time(&r->loop);
        (void)uv_timer_start(&r->freeze_timer, on_freeze,
                             (uint64_t)(r->wanted->freeze_after_ns / NS_PER_MS), 0);
    }
}

static void on_second(void *ctx, const struct second *second)
{
    (void)ctx;
    (void)second;
}

/* The thread that only wakes up, and the one that reads the kernel's stamps. */
static void stop_witnesses(struct running *r)
{
    if (r->bystander != NULL)
        r->out->beside = bystander_stop(r->bystander);
    r->bystander = NULL;
    if (r->wire != NULL)
        wire_stop(r->wire, &r->out->wire);
    r->wire = NULL;
}

static void on_load_done(void *ctx)
{
    struct running *r = ctx;
    r->load_running = false;
    stop_witnesses(r);
    (void)uv_timer_stop(&r->freeze_timer);
    wind_up(r);
}

static int start_load(struct running *r, const struct load_spec *spec, int port)
{
    int64_t gap_ns = r->wanted->beside_gap_ns;
    if (r->wanted->is_wired)
        r->wire = wire_start(port); /* NULL: it may not, and then nothing is known */
    if (gap_ns > 0 && (r->bystander = bystander_start(gap_ns, r->err)) == NULL)
        return -1;
    r->load = load_start(
        &r->loop, spec,
        &(struct load_events){
            .ctx = r, .on_window = on_window, .on_second = on_second, .on_done = on_load_done},
        r->err);
    r->load_running = r->load != NULL;
    return r->load == NULL ? -1 : 0;
}

static void on_ready(void *ctx, int port)
{
    struct running *r = ctx;
    struct load_spec spec;
    if (r->stopping)
        return;
    const struct aim_target where = {.host = HOST, .port = port};
    if (aim_at_target(&r->aim, &r->plan, &where, r->err) < 0 ||
        aim_find(&r->aim, &r->plan, r->err) < 0 || aim_load(&r->aim, &r->plan, &spec, r->err) < 0) {
        fail(r);
        return;
    }
    if (start_load(r, &spec, port) < 0)
        fail(r);
}

/* ---- the start ---- */

static void make_plan(struct running *r)
{
    const struct delay_load *wanted = r->wanted;
    r->plan = (struct plan){
        .strategy = "delay",
        .method = "GET",
        .connections = wanted->connections,
        .max_connections = wanted->connections,
        .pipelining = 1,
        .workers = 1,
        .duration_ns = wanted->duration_ns,
        .amount = wanted->amount,
        .timeout_ns = TIMEOUT_NS,
        .seed = wanted->seed,
        .rate_rps = wanted->rate_rps,
        .arrivals = wanted->is_poisson ? "poisson" : "constant",
    };
}

static int start_server(struct running *r)
{
    const struct delay_load *wanted = r->wanted;
    char *program = program_find("bench-target", r->err);
    if (program == NULL)
        return -1;
    char *servers = mem_printf("%lld", (long long)wanted->servers);
    char *seed = mem_printf("%lld", (long long)wanted->seed);
    char *delay = mem_strdup(wanted->delay);
    char with_parent[] = "--with-parent";
    char strategy[] = "--strategy=delay";
    char delay_name[] = "--delay";
    char servers_name[] = "--servers";
    char seed_name[] = "--delay-seed";
    char log_name[] = "--delay-log";
    char *const argv[] = {program, with_parent, strategy, delay_name, delay,       servers_name,
                          servers, seed_name,   seed,     log_name,   r->log_path, NULL};
    r->child = child_start(
        &r->loop,
        &(struct child_spec){.argv = argv,
                             .role = "delay server",
                             .ready = CHILD_READY_LINE,
                             .ready_timeout_ns = READY_TIMEOUT_NS},
        &(struct child_events){.ctx = r, .on_ready = on_ready, .on_exit = on_gone}, r->err);
    free(program);
    free(servers);
    free(seed);
    free(delay);
    return r->child == NULL ? -1 : 0;
}

/* 0 if there is something to collect. */
static int outcome(const struct running *r)
{
    if (r->signals.first != 0)
        return err_set(r->err, ERR_INTERRUPTED, "interrupted");
    if (r->failed)
        return -1;
    if (r->load == NULL || !load_measured(r->load) || load_gave_up(r->load))
        return err_set(r->err, ERR_INVALID, "the delay server could not be loaded");
    return 0;
}

static int collect(struct running *r)
{
    struct result *result = &r->out->result;
    if (server_log_read(r->log_path, &r->out->log, r->err) < 0)
        return -1;
    result_init(result);
    load_collect(r->load, result);
    if (accounting_adds_up(&result->accounting))
        return 0;
    return err_set(r->err, ERR_INVALID, "the requests of the selftest do not add up");
}

int delay_run(const struct delay_load *load, const char *folder, struct delay_run *out,
              int *out_signal, struct err *err)
{
    struct running r = {.wanted = load, .out = out, .err = err};
    *out = (struct delay_run){0};
    *out_signal = 0;
    if (uv_loop_init(&r.loop) < 0)
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    (void)orphans_adopt(); /* in case both guards of the server are killed */
    r.log_path = mem_printf("%s/log", folder);
    make_plan(&r);
    aim_init(&r.aim);
    trial_signals_init(&r.signals, on_signal, &r);
    trial_signals_watch(&r.signals, &r.loop);
    (void)uv_timer_init(&r.loop, &r.freeze_timer);
    r.freeze_timer.data = &r;
    if (start_server(&r) < 0)
        fail(&r);
    (void)uv_run(&r.loop, UV_RUN_DEFAULT);
    stop_witnesses(&r); /* of a load that never began */
    int failed = outcome(&r);
    if (failed == 0)
        failed = collect(&r);
    *out_signal = r.signals.first;
    load_free(r.load);
    child_free(r.child);
    aim_fini(&r.aim);
    (void)uv_loop_close(&r.loop);
    trial_signals_fini(&r.signals);
    free(r.log_path);
    if (failed < 0)
        delay_run_fini(out);
    return failed;
}

void delay_run_fini(struct delay_run *run)
{
    server_log_fini(&run->log);
    hist_free(run->beside);
    wire_log_fini(&run->wire);
    result_fini(&run->result);
    *run = (struct delay_run){0};
}
