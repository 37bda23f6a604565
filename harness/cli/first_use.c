#include "cli/first_use.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/programs.h"

/* Any process that can read the file can hold the lock, so waiting is limited. */
static int hold(const struct first_use *use, int fd, int how, const char *for_what, struct err *err)
{
    static const struct timespec pause = {.tv_nsec = 100 * NS_PER_MS};
    int64_t end_ns = clock_now_ns() + use->wait_limit_ns;
    bool is_told = false;
    while (flock(fd, how | LOCK_NB) < 0) {
        int why = errno;
        if (why != EWOULDBLOCK && why != EINTR)
            return err_set(err, ERR_USAGE,
                           "cannot lock %s/%s: %s; install bench on a file system that can lock "
                           "files",
                           use->folder, use->locked, strerrordesc_np(why));
        if (clock_now_ns() >= end_ns)
            return err_set(err, ERR_USAGE, "waited %lld s until %s",
                           (long long)(use->wait_limit_ns / NS_PER_S), for_what);
        if (!is_told)
            log_say("waiting until %s", for_what);
        is_told = true;
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

static int hold_shared(const struct first_use *use, int fd, struct err *err)
{
    char *for_what = mem_printf("another bench has %s %s", use->made, use->name);
    int failed = hold(use, fd, LOCK_SH, for_what, err);
    free(for_what);
    return failed;
}

static int hold_alone(const struct first_use *use, int fd, struct err *err)
{
    char *for_what = mem_printf("no other comparison uses %s", use->name);
    int failed = hold(use, fd, LOCK_EX, for_what, err);
    free(for_what);
    return failed;
}

static int make(const struct first_use *use, char *folder, int fd, int *out_signal, struct err *err)
{
    if (hold_shared(use, fd, err) < 0)
        return -1;
    if (use->is_there(folder, out_signal) || *out_signal != 0)
        return *out_signal == 0 ? 0 : err_set(err, ERR_INTERRUPTED, "interrupted");
    if (hold_alone(use, fd, err) < 0)
        return -1;
    bool is_there = use->is_there(folder, out_signal); /* another process may have made it */
    if (*out_signal != 0)
        return err_set(err, ERR_INTERRUPTED, "interrupted");
    if (!is_there && use->make(folder, out_signal, err) < 0)
        return -1;
    return hold_shared(use, fd, err);
}

int first_use_hold(const struct first_use *use, int *out_fd, int *out_signal, struct err *err)
{
    *out_fd = -1;
    *out_signal = 0;
    char *folder = program_data_find(use->folder, err);
    if (folder == NULL)
        return -1;
    char *path = mem_printf("%s/%s", folder, use->locked);
    *out_fd = open(path, O_RDONLY | O_CLOEXEC);
    int failed = *out_fd < 0 ? err_set(err, ERR_USAGE, "cannot read %s; reinstall bench", path)
                             : make(use, folder, *out_fd, out_signal, err);
    free(path);
    free(folder);
    if (failed < 0 && *out_fd >= 0) {
        (void)close(*out_fd); /* releases the lock for others */
        *out_fd = -1;
    }
    return failed;
}
