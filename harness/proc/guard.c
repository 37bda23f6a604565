#include "proc/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "proc/guard_pair.h"

#define START_TIMEOUT_MS 20000
#define END_NS           (12 * NS_PER_S) /* the outer guard sweeps for ten */

struct ends {
    int lifeline[2], out[2], err[2]; /* [0] is bench's */
};

static void close_pair(const int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            (void)close(pair[i]);
    }
}

static void ends_close(struct ends *e)
{
    close_pair(e->lifeline);
    close_pair(e->out);
    close_pair(e->err);
}

/* Stream sockets: a pipe for the lifeline would raise SIGPIPE when the guard is gone. */
static int ends_open(struct ends *e, struct err *err)
{
    *e = (struct ends){{-1, -1}, {-1, -1}, {-1, -1}};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, e->lifeline) == 0 &&
        pipe2(e->out, O_CLOEXEC) == 0 && pipe2(e->err, O_CLOEXEC) == 0)
        return 0;
    int number = errno;
    ends_close(e);
    return err_set(err, ERR_USAGE, "cannot make a pipe for the target: %s",
                   uv_strerror(uv_translate_sys_error(number)));
}

/* Signals stay blocked across the fork: a handler of bench that ran in the copy would write into
 * bench's own loop. _Fork runs no atfork handlers: libuv's closes descriptors by number, and in the
 * guard those numbers are other files. */
static pid_t fork_guard(const struct guard_spec *spec, const struct ends *e)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = _Fork();
    if (pid == 0) {
        struct guard_fds fds = {.lifeline = e->lifeline[1], .out = e->out[1], .err = e->err[1]};
        guard_pair_run(spec, &fds);
    }
    int number = errno;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = number;
    return pid;
}

static bool read_report(int fd, struct guard_report *report)
{
    size_t len = 0;
    int64_t deadline_ns = clock_now_ns() + START_TIMEOUT_MS * NS_PER_MS;
    while (len < sizeof *report) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left_ms = (deadline_ns - clock_now_ns()) / NS_PER_MS;
        int ready = left_ms < 0 ? 0 : poll(&p, 1, (int)left_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t n = ready <= 0 ? 0 : recv(fd, (char *)report + len, sizeof *report - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
    }
    return true;
}

static int exec_failed(const struct guard_spec *spec, int number, struct err *err)
{
    const char *path = spec->argv[0];
    if (number == ENOENT && access(path, F_OK) == 0)
        return err_set(err, ERR_USAGE,
                       "cannot start the %s: %s names an interpreter that is not there; correct "
                       "its first line (#!)",
                       spec->role, path);
    if (number == ENOENT)
        return err_set(err, ERR_USAGE,
                       "cannot start the %s: there is no file %s; build it with 'cmake --build "
                       "build', or look for it beside bench itself",
                       spec->role, path);
    if (number == EACCES)
        return err_set(err, ERR_USAGE, "cannot start the %s: %s is not executable; chmod +x %s",
                       spec->role, path, path);
    if (number == ENOEXEC)
        return err_set(err, ERR_USAGE,
                       "cannot start the %s: %s is not a program for this machine; rebuild it",
                       spec->role, path);
    return err_set(err, ERR_USAGE, "cannot start the %s (%s): %s", spec->role, path,
                   uv_strerror(uv_translate_sys_error(number)));
}

static int await_start(const struct guard_spec *spec, struct guard *g, struct err *err)
{
    struct guard_report report = {.news = GUARD_GONE};
    bool heard = read_report(g->lifeline_fd, &report);
    if (heard && report.news == GUARD_STARTED) {
        g->target_pid = report.value;
        g->inner_pid = report.inner_pid;
        return 0;
    }
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
    if (!heard)
        (void)kill(g->pid,
                   SIGKILL); /* it did not report and may not have ended: do not wait for it */
    (void)waitpid(g->pid, NULL, 0);
    if (heard && report.news == GUARD_EXEC_FAILED)
        return exec_failed(spec, report.value, err);
    return err_set(err, ERR_USAGE, "cannot start the %s: its guard process failed", spec->role);
}

int guard_start(const struct guard_spec *spec, struct guard *out, struct err *err)
{
    struct ends e;
    if (ends_open(&e, err) < 0)
        return -1;
    pid_t pid = fork_guard(spec, &e);
    if (pid < 0) {
        int number = errno;
        ends_close(&e);
        return err_set(err, ERR_USAGE, "cannot start the %s: fork: %s", spec->role,
                       uv_strerror(uv_translate_sys_error(number)));
    }
    (void)close(e.lifeline[1]);
    (void)close(e.out[1]);
    (void)close(e.err[1]);
    *out = (struct guard){
        .pid = pid, .lifeline_fd = e.lifeline[0], .out_fd = e.out[0], .err_fd = e.err[0]};
    return await_start(spec, out, err);
}

void guard_stop(const struct guard *g, int64_t grace_ns)
{
    struct guard_stop_request request = {.grace_ns = grace_ns};
    /* A guard that is gone already needs no request. */
    (void)send(g->lifeline_fd, &request, sizeof request, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void guard_kill(const struct guard *g)
{
    (void)kill(g->pid, SIGKILL);
    (void)kill(g->inner_pid, SIGKILL);
}

/* Waits for a child to end, and kills it at the deadline. */
static void await_end(pid_t pid, int64_t deadline_ns)
{
    static const struct timespec pause = {.tv_nsec = NS_PER_MS};
    pid_t ended = waitpid(pid, NULL, WNOHANG);
    while (ended == 0 && clock_now_ns() < deadline_ns) {
        (void)nanosleep(&pause, NULL);
        ended = waitpid(pid, NULL, WNOHANG);
    }
    if (ended != 0)
        return;
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

/* When the outer guard was killed, the inner one is our child if this program adopts orphans; the
 * processes below it become our children only after it has ended. */
void guard_end(const struct guard *g)
{
    int64_t deadline_ns = clock_now_ns() + END_NS;
    await_end(g->pid, deadline_ns);
    await_end(g->inner_pid, deadline_ns);
}
