#include "base/fds.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

#define SPARE     256  /* asked for beyond what is needed, never insisted on */
#define LOOKED_AT 1024 /* above these numbers few programs leave files open to their children */

/* What a careless parent left open to us takes room, too. */
static rlim_t count_inherited(rlim_t limit)
{
    rlim_t count = 0;
    for (int fd = STDERR_FILENO + 1; fd < LOOKED_AT && (rlim_t)fd < limit; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

int64_t fds_most(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max >= INT32_MAX)
        return INT32_MAX;
    int64_t taken = STDERR_FILENO + 1 + (int64_t)count_inherited(limit.rlim_cur);
    return (int64_t)limit.rlim_max > taken ? (int64_t)limit.rlim_max - taken : 0;
}

int fds_reserve(int64_t need, const char *instead, struct err *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 0; /* what cannot be asked cannot be set either */
    rlim_t want = (rlim_t)need + STDERR_FILENO + 1 + count_inherited(limit.rlim_cur);
    if (limit.rlim_cur >= want)
        return 0;
    struct rlimit raised = {.rlim_cur = want + SPARE, .rlim_max = limit.rlim_max};
    if (raised.rlim_cur > limit.rlim_max)
        raised.rlim_cur = limit.rlim_max > want ? limit.rlim_max : want;
    if (want > raised.rlim_max)
        raised.rlim_max = want; /* root may */
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        return 0;
    return err_set(err, ERR_USAGE,
                   "this needs %lld open files, the limit is %llu (hard %llu); raise it with "
                   "'ulimit -n %lld' in a shell that may%s%s",
                   (long long)want, (unsigned long long)limit.rlim_cur,
                   (unsigned long long)limit.rlim_max, (long long)want,
                   instead == NULL ? "" : ", or ", instead == NULL ? "" : instead);
}
