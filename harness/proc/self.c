#include "proc/self.h"

#include <fcntl.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/result.h"

void proc_self_cpu(double *out_user_s, double *out_system_s)
{
    struct rusage usage;
    *out_user_s = NAN;
    *out_system_s = NAN;
    if (getrusage(RUSAGE_SELF, &usage) < 0)
        return;
    *out_user_s = clock_timeval_s(&usage.ru_utime);
    *out_system_s = clock_timeval_s(&usage.ru_stime);
}

int64_t proc_self_rss_peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) < 0 ? MISSING : (int64_t)usage.ru_maxrss * 1024;
}

void proc_self_rss_peak_reset(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return; /* a kernel without it: the peak stays */
    ssize_t written = write(fd, "5", 1);
    (void)written;
    (void)close(fd);
}
