#include "runner/trial.h"

#include <errno.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "base/fds.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/host.h"
#include "proc/orphans.h"
#include "runner/aim.h"
#include "runner/fleet_command.h"
#include "runner/generator.h"
#include "runner/start.h"
#include "runner/target.h"
#include "runner/trial_machine.h"
#include "runner/trial_probe.h"
#include "runner/trial_signals.h"

struct trial {
    const struct plan *plan;
    const struct trial_view *view;
    struct result *result;
    struct err *err;
    bool failed; /* err is set */

    uv_loop_t loop;
    struct trial_signals signals;
    struct target *target; /* NULL for a plain URL */
    bool target_gone;
    struct generator *generator;
    bool load_running, draining;
    bool interrupted; /* during the window; a later signal only ends the wait for a queue */

    struct start start;
    struct aim aim;
    struct trial_probe probe;
    struct trial_machine machine;
};

/* Ends the target, and with it the loop, when nothing more will be measured. */
static void wind_up(struct trial *t)
{
    start_stop(&t->start);
    trial_probe_stop(&t->probe);
    if (t->target != NULL && !t->target_gone)
        target_stop(t->target);
    else
        trial_signals_stop(&t->signals);
}

static void fail(struct trial *t)
{
    t->failed = true;
    wind_up(t);
}

static void on_window(void *ctx)
{
    struct trial *t = ctx;
    if (t->target != NULL)
        watch_open_window(target_watch(t->target));
    if (t->target != NULL && t->plan->warmup_ns > 0)
        watch_count(target_watch(t->target), WATCH_BEFORE, NULL, NULL); /* excludes the warm-up */
    t->result->started_wall_ms = clock_wall_ms();
    start_opened(&t->start);
    trial_machine_open(&t->machine);
    trial_probe_begin(&t->probe);
}

static void debug_fault(const struct second *s, const char *kind, int64_t count)
{
    if (count > 0)
        log_debug("until second %.0f: %lld x %s", s->at_s, (long long)count, kind);
}

/* What went wrong, as it happens; the causes are in the report. */
static void debug_faults(const struct second *s)
{
    debug_fault(s, "could not connect", s->faults.connect_failed);
    debug_fault(s, "timed out", s->faults.timed_out);
    for (size_t i = 0; i < LOSS_COUNT; i++)
        debug_fault(s, loss_keys[i], s->faults.failed[i]);
    debug_fault(s, "status other than 2xx", s->non_2xx);
}

static void on_second(void *ctx, const struct second *second)
{
    struct trial *t = ctx;
    struct second seen = *second;
    if (t->target != NULL)
        watch_close_second(target_watch(t->target), &seen);
    debug_faults(&seen);
    t->view->on_second(t->view->ctx, &seen);
}

static void on_left(void *ctx, int64_t jobs_left, int64_t waited_ns)
{
    struct trial *t = ctx;
    t->view->on_left(t->view->ctx, jobs_left, waited_ns);
}

static void on_drained(void *ctx)
{
    struct trial *t = ctx;
    t->draining = false;
    wind_up(t);
}

static void on_counted_after(void *ctx)
{
    struct trial *t = ctx;
    if (t->signals.first != 0 || t->target_gone) {
        wind_up(t);
        return;
    }
    t->draining = true;
    watch_drain(target_watch(t->target), on_left, on_drained, t);
}

static void on_window_end(void *ctx)
{
    struct trial *t = ctx;
    t->interrupted = t->signals.first != 0;
    trial_probe_stop(&t->probe);
    trial_machine_close(&t->machine, plan_is_elsewhere(t->plan) ? NULL : &t->result->client);
    if (t->target != NULL)
        watch_close_window(target_watch(t->target));
}

static void on_load_done(void *ctx)
{
    struct trial *t = ctx;
    struct err unmeasured; /* outcome() tells it */
    t->load_running = false;
    if (t->target == NULL || !generator_measured(t->generator, &unmeasured)) {
        wind_up(t);
        return;
    }
    watch_count(target_watch(t->target), WATCH_AFTER, on_counted_after, t);
}

static void on_ready(void *ctx)
{
    struct trial *t = ctx;
    start_ready(&t->start);
}

static int start_load(struct trial *t)
{
    t->generator =
        generator_start(&(struct generator_spec){.loop = &t->loop,
                                                 .plan = t->plan,
                                                 .aim = &t->aim,
                                                 .start = &t->start,
                                                 .events = {.ctx = t,
                                                            .on_window = on_window,
                                                            .on_second = on_second,
                                                            .on_done = on_load_done,
                                                            .on_window_end = on_window_end,
                                                            .on_ready = on_ready}},
                        t->err);
    t->load_running = t->generator != NULL;
    return t->generator == NULL ? -1 : 0;
}

static void on_probe_open(void *ctx)
{
    struct trial *t = ctx;
    if (start_load(t) < 0)
        fail(t);
}

/* The probe has its connections before the load can take all that the server accepts. */
static void on_time(void *ctx)
{
    struct trial *t = ctx;
    trial_probe_open(&t->probe, &(struct trial_probe_spec){.loop = &t->loop,
                                                           .plan = t->plan,
                                                           .aim = &t->aim,
                                                           .result = t->result,
                                                           .on_open = on_probe_open,
                                                           .ctx = t});
}

static void on_told(void *ctx, int64_t at_ns)
{
    struct trial *t = ctx;
    if (t->load_running)
        generator_open_at(t->generator, at_ns);
}

/* Of the launcher. */
static void on_failed(void *ctx)
{
    struct trial *t = ctx;
    t->failed = true;
    if (t->load_running)
        generator_stop(t->generator);
    else
        wind_up(t);
}

static void wait_for_start(struct trial *t)
{
    const struct start_events events = {
        .ctx = t, .on_time = on_time, .on_told = on_told, .on_failed = on_failed, .err = t->err};
    if (start_wait(&t->start, &t->loop, t->plan, &events) < 0)
        fail(t);
}

static void on_counted_before(void *ctx)
{
    struct trial *t = ctx;
    if (t->signals.first != 0 || t->target_gone)
        wind_up(t);
    else if (aim_find(&t->aim, t->plan, t->err) < 0)
        fail(t);
    else
        wait_for_start(t);
}

static void on_target_ready(void *ctx, const struct aim_target *where)
{
    struct trial *t = ctx;
    if (aim_at_target(&t->aim, t->plan, where, t->err) < 0)
        fail(t);
    else
        watch_count(target_watch(t->target), WATCH_BEFORE, on_counted_before, t);
}

static void on_target_gone(void *ctx)
{
    struct trial *t = ctx;
    t->target_gone = true;
    if (t->load_running)
        generator_stop(t->generator);
    else
        wind_up(t);
}

static void on_signal(void *ctx)
{
    struct trial *t = ctx;
    start_stop(&t->start); /* a launcher that ends as well would interrupt it a second time */
    if (t->load_running)
        generator_stop(t->generator);
    else if (t->draining)
        watch_stop_drain(target_watch(t->target)); /* then on_drained */
    else
        wind_up(t);
}

/* A plain URL is connected to before signals are watched, so that a Ctrl-C during a long connect
 * simply ends the program. From other hosts, it need not be within reach of this one. */
static int start(struct trial *t)
{
    bool connects = !plan_is_elsewhere(t->plan) || plan_probes(t->plan);
    if (t->plan->url != NULL) {
        if (aim_at_url(&t->aim, t->plan, t->err) < 0 ||
            (connects && aim_find(&t->aim, t->plan, t->err) < 0))
            return -1;
        trial_signals_watch(&t->signals, &t->loop);
        wait_for_start(t);
        return 0;
    }
    trial_signals_watch(&t->signals, &t->loop);
    t->target = target_start(&t->loop, t->plan,
                             &(struct target_events){t, on_target_ready, on_target_gone}, t->err);
    return t->target == NULL ? -1 : 0;
}

/* 0 if there is a result; else -1, and err says why. */
static int outcome(struct trial *t)
{
    const char *problem = t->target != NULL ? target_problem(t->target) : NULL;
    if (t->failed)
        return -1;
    if (t->generator != NULL && generator_measured(t->generator, t->err))
        return 0;
    if (problem != NULL)
        return target_problem_err(t->target, t->err);
    if (t->target != NULL && target_passed_max_rss(t->target))
        return err_set(t->err, ERR_INVALID,
                       "the target exceeded --max-rss before the measurement started");
    if (t->generator != NULL && plan_is_elsewhere(t->plan) && t->signals.first == 0)
        return -1; /* it has said why */
    return err_set(t->err, ERR_INTERRUPTED, "interrupted before anything was measured");
}

static void collect_target(struct trial *t)
{
    struct result *r = t->result;
    target_collect(t->target, r);
    const char *problem = target_problem(t->target);
    if (problem != NULL) {
        r->valid = false;
        result_warn(r, "target-died", problem, "check its last lines, or run it on its own");
    }
    if (target_passed_max_rss(t->target))
        result_warn(r, "max-rss", "the target was stopped because its memory exceeded --max-rss",
                    "this is a result about the server; raise --max-rss to let it run on");
}

static void collect(struct trial *t)
{
    struct result *r = t->result;
    r->finished_wall_ms = clock_wall_ms();
    r->interrupted = t->interrupted;
    generator_collect(t->generator, r);
    r->interrupted |= r->bailed_out;
    trial_probe_collect(&t->probe, r);
    struct client_cost *c = &r->client;
    int64_t replies = accounting_replies(&r->accounting);
    if (replies > 0)
        c->cpu_per_request_us = (c->cpu_user_s + c->cpu_system_s) * 1e6 / (double)replies;
    if (t->target != NULL)
        collect_target(t);
    trial_machine_collect(&t->machine, t->plan, r);
}

/* What is known of a run that measured nothing. */
static void collect_nothing(struct trial *t)
{
    struct result *r = t->result;
    r->started_wall_ms = r->finished_wall_ms = clock_wall_ms();
    r->duration_s = 0;
    if (t->aim.url.text != NULL)
        r->url = mem_strdup(t->aim.url.text);
    if (t->target != NULL)
        target_collect(t->target, r);
    else
        r->accounting.connect_failed = 1;
}

int trial_prepare(const struct plan *plan, struct err *err)
{
    if (plan_is_elsewhere(plan))
        return fleet_command_check(err); /* each host raises its own limits */
    int64_t need = trial_probe_files_beside(plan);
    if (fds_reserve(need, "use fewer connections (-c) or workers (-w)", err) < 0)
        return -1;
    trial_probe_raise_limit(plan);
    return 0;
}

int trial_run(const struct plan *plan, const struct trial_view *view, struct result *out,
              int *out_signal, struct err *err)
{
    struct trial t = {.plan = plan, .view = view, .result = out, .err = err};
    *out_signal = 0;
    (void)orphans_adopt(); /* in case both guards of a target are killed */
    if (uv_loop_init(&t.loop) < 0)
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    trial_signals_init(&t.signals, on_signal, &t);
    aim_init(&t.aim);
    if (start(&t) < 0)
        fail(&t);
    (void)uv_run(&t.loop, UV_RUN_DEFAULT);
    int failed = outcome(&t);
    if (failed == 0)
        collect(&t);
    else
        collect_nothing(&t);
    *out_signal = t.signals.first;
    generator_free(t.generator);
    trial_probe_fini(&t.probe);
    target_free(t.target);
    aim_fini(&t.aim);
    (void)uv_loop_close(&t.loop);
    trial_signals_fini(&t.signals);
    return failed;
}
