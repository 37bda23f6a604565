#include "proc/guard_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc/folder.h"
#include "proc/orphans.h"

#define TICK_NS    (10 * NS_PER_MS)
#define GIVE_UP_NS (10 * NS_PER_S)

/* The guard's descriptors; all higher ones are closed. */
enum { FD_NULL = 0, FD_OUT = 1, FD_ERR = 2, FD_LIFELINE = 3, FD_FREE = 4 };

enum phase {
    PHASE_RUN,
    PHASE_STOP, /* SIGTERM was sent, the grace time runs */
    PHASE_KILL, /* SIGKILL to whatever is below, until nothing is */
};

struct ward {
    pid_t outer, target;
    enum phase phase;
    bool ended; /* the target; its pid must not be signalled any more */
    bool signalled;
    bool childless;
    bool is_alone;   /* the outer guard was killed; without GUARD_GONE bench knows that one was */
    int left;        /* children seen by the last sweep */
    int lifeline_fd; /* -1 once bench is gone */
    int signal_fd;
    int64_t deadline_ns; /* of the grace time, then of the killing */
    const char *folder;
    struct folder_hold hold; /* opened at once: its path could mean another one at the end */
};

static void report(const struct guard_report *r)
{
    (void)send(FD_LIFELINE, r, sizeof *r, MSG_NOSIGNAL);
}

static void report_value(enum guard_news news, int value)
{
    struct guard_report r = {.news = (int32_t)news, .value = value, .inner_pid = getpid()};
    report(&r);
}

/* All descriptors move above the fixed numbers first, so that no dup2 closes one still needed. */
static void arrange_fds(const struct guard_fds *fds)
{
    int out = fcntl(fds->out, F_DUPFD, FD_FREE);
    int err = fcntl(fds->err, F_DUPFD, FD_FREE);
    int lifeline = fcntl(fds->lifeline, F_DUPFD, FD_FREE);
    int null = fcntl(open("/dev/null", O_RDWR), F_DUPFD, FD_FREE);
    bool placed = dup2(null, FD_NULL) >= 0 && dup2(out, FD_OUT) >= 0 && dup2(err, FD_ERR) >= 0 &&
                  dup3(lifeline, FD_LIFELINE, O_CLOEXEC) >= 0;
    if (!placed) {
        struct guard_report r = {.news = GUARD_EXEC_FAILED, .value = EMFILE};
        (void)send(fds->lifeline, &r, sizeof r, MSG_NOSIGNAL);
        _exit(1);
    }
    closefrom(FD_FREE);
}

static void reset_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)sigemptyset(&action.sa_mask);
    for (int sig = 1; sig < NSIG; sig++)
        (void)sigaction(sig, &action, NULL); /* those that cannot be set are default anyhow */
}

_Noreturn static void become_target(const struct guard_spec *spec, pid_t guard, int errno_fd)
{
    sigset_t none;
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard)
        _exit(127); /* the guard was killed before the call above */
    (void)sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
    (void)execve(spec->argv[0], spec->argv, spec->envp);
    int number = errno;
    _exit(write(errno_fd, &number, sizeof number) < 0 ? 126 : 127);
}

/* The target's pid. The pipe closes on exec, so reading it tells whether exec worked. */
static pid_t start_target(const struct guard_spec *spec)
{
    int ends[2];
    int number = 0;
    pid_t self = getpid();
    pid_t pid = pipe2(ends, O_CLOEXEC) < 0 ? -1 : _Fork();
    if (pid == 0)
        become_target(spec, self, ends[1]);
    if (pid < 0) {
        report_value(GUARD_EXEC_FAILED, errno);
        _exit(1);
    }
    (void)setpgid(pid, pid); /* parent and child both do it: either may be first */
    (void)close(ends[1]);
    ssize_t n = read(ends[0], &number, sizeof number);
    (void)close(ends[0]);
    if (n > 0) {
        (void)waitpid(pid, NULL, 0);
        report_value(GUARD_EXEC_FAILED, number);
        _exit(0);
    }
    /* The guard drops the target's output, or bench would not see it end while the guard lives. */
    (void)dup2(FD_NULL, FD_OUT);
    (void)dup2(FD_NULL, FD_ERR);
    report_value(GUARD_STARTED, pid);
    return pid;
}

static void reap(struct ward *w)
{
    struct guard_report r = {.news = GUARD_ENDED, .by_us = w->signalled};
    int status = 0;
    pid_t pid = wait4(-1, &status, WNOHANG, &r.usage);
    for (; pid > 0; pid = wait4(-1, &status, WNOHANG, &r.usage)) {
        if (pid == w->target && !w->ended) {
            w->ended = true;
            r.value = status;
            if (!w->is_alone)
                report(&r);
        }
    }
    w->childless = pid < 0 && errno == ECHILD;
}

static void enter_kill(struct ward *w)
{
    if (w->phase == PHASE_KILL)
        return;
    w->phase = PHASE_KILL;
    w->deadline_ns = clock_now_ns() + GIVE_UP_NS;
    if (!w->ended) {
        w->signalled = true;
        (void)kill(-w->target, SIGKILL);
        (void)kill(w->target, SIGKILL); /* it may have left its group */
    }
}

static void enter_stop(struct ward *w, int64_t grace_ns)
{
    int64_t deadline_ns = clock_now_ns() + grace_ns;
    if (w->phase == PHASE_STOP && deadline_ns < w->deadline_ns)
        w->deadline_ns = deadline_ns;
    if (w->phase != PHASE_RUN || w->ended)
        return;
    w->phase = PHASE_STOP;
    w->deadline_ns = deadline_ns;
    w->signalled = true;
    (void)kill(-w->target, SIGTERM);
}

static void on_lifeline(struct ward *w)
{
    struct guard_stop_request request;
    ssize_t n = recv(FD_LIFELINE, &request, sizeof request, MSG_DONTWAIT);
    if (n == (ssize_t)sizeof request) {
        enter_stop(w, request.grace_ns);
    } else if (n >= 0 || (errno != EAGAIN && errno != EINTR)) {
        w->lifeline_fd = -1; /* bench is gone: no grace time */
        enter_kill(w);
    }
}

/* True when no process of the target's group is left to wait for: when a wrapper such as sh has
 * died, the others of its group, which also got the SIGTERM, may still be shutting down. */
static bool group_gone(const struct ward *w)
{
    return w->ended && kill(-w->target, 0) < 0;
}

static void check_outer(struct ward *w)
{
    if (w->is_alone || getppid() == w->outer)
        return;
    w->is_alone = true;
    enter_kill(w);
}

_Noreturn static void leave(const struct ward *w)
{
    if (w->folder != NULL)
        folder_clear(w->folder, w->hold);
    if (!w->is_alone)
        report_value(GUARD_GONE, w->childless ? 0 : w->left);
    _exit(0);
}

static void advance(struct ward *w)
{
    int64_t now_ns = clock_now_ns();
    if (w->phase == PHASE_RUN && w->ended)
        enter_kill(w);
    if (w->phase == PHASE_STOP && (now_ns >= w->deadline_ns || group_gone(w)))
        enter_kill(w);
    if (w->phase == PHASE_KILL && !w->childless)
        w->left = orphans_kill();
    bool gave_up = w->phase == PHASE_KILL && now_ns >= w->deadline_ns;
    if (w->childless || gave_up)
        leave(w);
}

/* Sleeps until a child ends, bench speaks, or there is something to do by the clock. */
static void wait_for_event(struct ward *w)
{
    struct pollfd fds[] = {{.fd = w->lifeline_fd, .events = POLLIN},
                           {.fd = w->signal_fd, .events = POLLIN}};
    struct timespec tick = {.tv_nsec = TICK_NS};
    struct signalfd_siginfo info;
    if (ppoll(fds, 2, w->phase == PHASE_RUN ? NULL : &tick, NULL) <= 0)
        return;
    while (read(w->signal_fd, &info, sizeof info) > 0)
        continue; /* reap finds out which process it was */
    reap(w); /* before a signal is sent, so that a target that ended by itself is known as such */
    if (fds[0].revents != 0)
        on_lifeline(w);
}

_Noreturn void guard_process_run(const struct guard_spec *spec, const struct guard_fds *fds,
                                 pid_t outer)
{
    struct ward w = {.outer = outer, .lifeline_fd = FD_LIFELINE, .folder = spec->folder};
    sigset_t child;
    (void)setsid();
    (void)prctl(PR_SET_NAME, GUARD_COMM);
    (void)prctl(PR_SET_PDEATHSIG, SIGCHLD); /* blocked, and read from the signalfd */
    if (orphans_adopt() < 0)
        _exit(1);
    reset_signals();
    arrange_fds(fds);
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    w.signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (spec->folder != NULL)
        w.hold = folder_hold(spec->folder);
    w.target = start_target(spec);
    for (;;) {
        check_outer(&w);
        reap(&w);
        advance(&w);
        wait_for_event(&w);
    }
}
