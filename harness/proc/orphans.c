#include "proc/orphans.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/procfs.h"
#include "proc/guard.h"

#define PAUSE_NS   NS_PER_MS
#define GIVE_UP_NS (10 * NS_PER_S)

enum whom { ALL, ALL_BUT_GUARDS };

int orphans_adopt(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static bool is_meant(const struct procfs_stat *stat, pid_t self, enum whom whom)
{
    return stat->ppid == self && (whom == ALL || strcmp(stat->comm, GUARD_COMM) != 0);
}

static int kill_children(enum whom whom)
{
    struct procfs_ids ids;
    struct procfs_stat stat;
    pid_t self = getpid();
    int count = 0;
    if (procfs_ids_open(&ids, "/proc") < 0)
        return 0;
    for (pid_t pid = procfs_ids_next(&ids); pid != 0; pid = procfs_ids_next(&ids)) {
        if (procfs_stat_read(pid, &stat) < 0 || !is_meant(&stat, self, whom))
            continue;
        (void)kill(pid, SIGKILL);
        if (whom == ALL_BUT_GUARDS)
            (void)waitpid(pid, NULL, WNOHANG);
        count++;
    }
    procfs_ids_close(&ids);
    return count;
}

int orphans_kill(void)
{
    return kill_children(ALL);
}

void orphans_end(void)
{
    static const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int adopts = 0;
    int64_t deadline_ns = clock_now_ns() + GIVE_UP_NS;
    (void)prctl(PR_GET_CHILD_SUBREAPER, &adopts);
    while (adopts != 0 && kill_children(ALL_BUT_GUARDS) > 0 && clock_now_ns() < deadline_ns)
        (void)nanosleep(&pause, NULL);
}
