#include "proc/step.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <uv.h>

#include "base/clock.h"
#include "base/fds.h"
#include "base/mem.h"
#include "proc/child.h"
#include "proc/orphans.h"
#include "proc/programs.h"
#include "proc/tail.h"

#define GRACE      (NS_PER_S / 2)
#define TAIL_SHOWN 600
#define NOT_FOUND  127 /* of a shell or env that cannot find a command, and of a loader */
#define FDS        32 /* a loop, the guard's pipes, and what they and the shell open for a moment */

struct step {
    struct steps *all;
    const struct step_spec *spec;
    struct err *err;
    uv_timer_t limit;
    struct child *child;
    struct child_exit how;
    bool too_long;
};

struct steps {
    uv_loop_t loop;
    uv_signal_t signals[2];
    struct step *items;
    size_t count, at_once;
    size_t begun, running;
    sigset_t mask; /* the caller's */
    struct step_stop stop;
};

/* --- the end of one --- */

/* 127 has a second cause: the program is there, but its libraries are missing or could not be
 * loaded. */
static bool is_missing(const struct step *s, const char *program)
{
    if (!WIFEXITED(s->how.status) || WEXITSTATUS(s->how.status) != NOT_FOUND)
        return false;
    char *path = program_in_path(program);
    free(path);
    return path == NULL;
}

static int judge(const struct step *s)
{
    const struct step_spec *spec = s->spec;
    struct err *err = s->err;
    char text[CHILD_EXIT_TEXT_MAX];
    if (s->all->stop.signal != 0)
        return err_set(err, ERR_INTERRUPTED, "%s was interrupted", spec->name);
    if (s->too_long)
        return err_set(err, ERR_USAGE, "%s did not finish in %lld s and was stopped", spec->name,
                       (long long)(spec->limit_ns / NS_PER_S));
    if (is_missing(s, spec->name))
        return err_set(err, ERR_USAGE, "%s is not installed: %s", spec->name, spec->install);
    if (s->how.status == 0 && s->how.problem == NULL)
        return 0;
    const char *said = tail_last_lines(child_stderr_tail(s->child), TAIL_SHOWN);
    return err_set(err, ERR_USAGE, "%s failed (%s)%s%s", spec->name,
                   child_exit_text(&s->how, text, sizeof text),
                   said[0] == '\0' ? " and said nothing" : "; its last lines:\n", said);
}

static void begin_more(struct steps *all);

static void on_end(void *ctx, const struct child_exit *how)
{
    struct step *s = ctx;
    s->how = *how;
    (void)judge(s);
    child_free(s->child);
    s->child = NULL;
    uv_close((uv_handle_t *)&s->limit, NULL);
    s->all->running--;
    begin_more(s->all);
}

static void on_limit(uv_timer_t *handle)
{
    struct step *s = handle->data;
    s->too_long = true;
    s->all->stop.is_hung = true;
    child_stop(s->child, GRACE);
}

/* --- all --- */

static void begin(struct steps *all, struct step *s)
{
    if (all->stop.signal != 0) {
        (void)err_set(s->err, ERR_INTERRUPTED, "%s was interrupted", s->spec->name);
        return;
    }
    if (all->stop.is_hung) {
        (void)err_set(s->err, ERR_USAGE, "%s was not started again after one that did not finish",
                      s->spec->name);
        return;
    }
    s->child = child_start(
        &all->loop,
        &(struct child_spec){.argv = s->spec->argv, .env = s->spec->env, .role = s->spec->name},
        &(struct child_events){.ctx = s, .on_exit = on_end}, s->err);
    if (s->child == NULL)
        return;
    all->running++;
    (void)uv_timer_init(&all->loop, &s->limit);
    s->limit.data = s;
    (void)uv_timer_start(&s->limit, on_limit, (uint64_t)(s->spec->limit_ns / NS_PER_MS), 0);
}

/* As many as may run; the signals are watched until the last one has ended. */
static void begin_more(struct steps *all)
{
    while (all->running < all->at_once && all->begun < all->count)
        begin(all, &all->items[all->begun++]);
    if (all->running > 0)
        return;
    for (size_t i = 0; i < LEN(all->signals); i++)
        uv_close((uv_handle_t *)&all->signals[i], NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct steps *all = handle->data;
    all->stop.signal = number;
    for (size_t i = 0; i < all->begun; i++) {
        if (all->items[i].child != NULL)
            child_stop(all->items[i].child, GRACE);
    }
}

static void watch_signals(struct steps *all)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    sigset_t watched;
    (void)sigemptyset(&watched);
    for (size_t i = 0; i < LEN(all->signals); i++) {
        (void)uv_signal_init(&all->loop, &all->signals[i]);
        all->signals[i].data = all;
        (void)uv_signal_start(&all->signals[i], on_signal, numbers[i]);
        (void)sigaddset(&watched, numbers[i]);
    }
    (void)pthread_sigmask(SIG_UNBLOCK, &watched, &all->mask);
}

static int open_loop(struct steps *all, const char *name, struct err *err)
{
    (void)orphans_adopt();
    if (fds_reserve(FDS * (int64_t)all->at_once, NULL, err) < 0)
        return err_wrap(err, "%s", name);
    if (uv_loop_init(&all->loop) < 0)
        return err_set(err, ERR_USAGE, "%s: no event loop; raise ulimit -n", name);
    return 0;
}

static void run(struct steps *all)
{
    watch_signals(all);
    begin_more(all);
    (void)uv_run(&all->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&all->loop);
    (void)pthread_sigmask(SIG_SETMASK, &all->mask, NULL);
}

void step_run_all(const struct step_spec *specs, size_t count, size_t at_once, struct err *ends,
                  struct step_stop *out_stop)
{
    struct steps all = {
        .items = mem_array(count, sizeof *all.items), .count = count, .at_once = at_once};
    struct err err = {0};
    bool is_open = count > 0 && open_loop(&all, specs[0].name, &err) == 0;
    for (size_t i = 0; i < count; i++) {
        ends[i] = err;
        all.items[i] = (struct step){.all = &all, .spec = &specs[i], .err = &ends[i]};
    }
    if (is_open)
        run(&all);
    *out_stop = all.stop;
    free(all.items);
}

int step_run(const struct step_spec *spec, int *out_signal, struct err *err)
{
    struct err end = {0};
    struct step_stop stop;
    step_run_all(spec, 1, 1, &end, &stop);
    *out_signal = stop.signal;
    if (end.kind == ERR_NONE)
        return 0;
    *err = end;
    return -1;
}
