#include "proc/guard_pair.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "proc/folder.h"
#include "proc/orphans.h"

#define PAUSE_NS   NS_PER_MS
#define GIVE_UP_NS (10 * NS_PER_S)

/* Drops the copies of the lifeline and of the output, or bench would not see them end while this
 * process lives. */
static void let_go(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        (void)dup2(null, fd);
    closefrom(STDERR_FILENO + 1);
}

/* Kills and reaps until there is no child any more. */
static void end_what_is_left(void)
{
    static const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int64_t deadline_ns = clock_now_ns() + GIVE_UP_NS;
    while (clock_now_ns() < deadline_ns) {
        (void)orphans_kill();
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        while (pid > 0)
            pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0)
            return;
        (void)nanosleep(&pause, NULL);
    }
}

_Noreturn static void wait_for_inner(pid_t inner, const struct guard_spec *spec)
{
    struct folder_hold hold = {-1, -1};
    int status = 0;
    let_go();
    if (spec->folder != NULL)
        hold = folder_hold(spec->folder);
    while (waitpid(-1, &status, 0) != inner)
        continue;
    if (WIFEXITED(status))
        _exit(0); /* the inner guard has cleaned up itself */
    end_what_is_left();
    if (spec->folder != NULL)
        folder_clear(spec->folder, hold);
    _exit(0);
}

_Noreturn void guard_pair_run(const struct guard_spec *spec, const struct guard_fds *fds)
{
    pid_t outer = getpid();
    (void)setsid();
    (void)prctl(PR_SET_NAME, GUARD_COMM);
    (void)signal(SIGCHLD, SIG_DFL); /* if it were ignored, the inner guard's status would be lost */
    pid_t inner = orphans_adopt() < 0 ? -1 : _Fork();
    if (inner == 0)
        guard_process_run(spec, fds, outer);
    if (inner > 0)
        wait_for_inner(inner, spec);
    struct guard_report r = {.news = GUARD_EXEC_FAILED, .value = errno};
    (void)send(fds->lifeline, &r, sizeof r, MSG_NOSIGNAL);
    _exit(1);
}
