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
    uv_loop_t loop;
    uv_signal_t signals[2];
    uv_timer_t limit;
    struct child *child;
    struct child_exit how;
    sigset_t mask; /* the caller's */
    bool ended, too_long;
    int signal;
};

static void close_handles(struct step *s)
{
    for (size_t i = 0; i < LEN(s->signals); i++)
        uv_close((uv_handle_t *)&s->signals[i], NULL);
    uv_close((uv_handle_t *)&s->limit, NULL);
}

static void on_end(void *ctx, const struct child_exit *how)
{
    struct step *s = ctx;
    s->how = *how;
    s->ended = true;
    close_handles(s);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct step *s = handle->data;
    s->signal = number;
    if (s->child != NULL)
        child_stop(s->child, GRACE);
}

static void on_limit(uv_timer_t *handle)
{
    struct step *s = handle->data;
    s->too_long = true;
    child_stop(s->child, GRACE);
}

static void watch(struct step *s, int64_t limit_ns)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    sigset_t watched;
    (void)sigemptyset(&watched);
    for (size_t i = 0; i < LEN(s->signals); i++) {
        (void)uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        (void)uv_signal_start(&s->signals[i], on_signal, numbers[i]);
        (void)sigaddset(&watched, numbers[i]);
    }
    (void)uv_timer_init(&s->loop, &s->limit);
    s->limit.data = s;
    (void)uv_timer_start(&s->limit, on_limit, (uint64_t)(limit_ns / NS_PER_MS), 0);
    (void)pthread_sigmask(SIG_UNBLOCK, &watched, &s->mask);
}

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

static int judge(const struct step *s, const struct step_spec *spec, struct err *err)
{
    char text[CHILD_EXIT_TEXT_MAX];
    if (s->signal != 0)
        return err_set(err, ERR_INTERRUPTED, "%s was interrupted", spec->name);
    if (s->too_long)
        return err_set(err, ERR_USAGE, "%s did not finish in %lld s and was stopped", spec->name,
                       (long long)(spec->limit_ns / NS_PER_S));
    if (is_missing(s, spec->name))
        return err_set(err, ERR_USAGE, "%s is not installed: %s", spec->name, spec->install);
    if (s->how.status == 0 && s->how.problem == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "%s failed (%s); its last lines:\n%s", spec->name,
                   child_exit_text(&s->how, text, sizeof text),
                   tail_last_lines(child_stderr_tail(s->child), TAIL_SHOWN));
}

int step_run(const struct step_spec *spec, int *out_signal, struct err *err)
{
    struct step s = {0};
    *out_signal = 0;
    (void)orphans_adopt();
    if (fds_reserve(FDS, NULL, err) < 0)
        return err_wrap(err, "%s", spec->name);
    if (uv_loop_init(&s.loop) < 0)
        return err_set(err, ERR_USAGE, "%s: no event loop; raise ulimit -n", spec->name);
    watch(&s, spec->limit_ns);
    s.child = child_start(
        &s.loop, &(struct child_spec){.argv = spec->argv, .env = spec->env, .role = spec->name},
        &(struct child_events){.ctx = &s, .on_exit = on_end}, err);
    if (s.child == NULL)
        close_handles(&s);
    (void)uv_run(&s.loop, UV_RUN_DEFAULT);
    int failed = s.child == NULL ? -1 : judge(&s, spec, err);
    *out_signal = s.signal;
    (void)uv_loop_close(&s.loop);
    (void)pthread_sigmask(SIG_SETMASK, &s.mask, NULL);
    child_free(s.child);
    return failed;
}
