#include "load/thread_use.h"

#include <fcntl.h>
#include <math.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/procfs.h"

double thread_use_cpu_s(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_THREAD, &usage);
    return clock_timeval_s(&usage.ru_utime) + clock_timeval_s(&usage.ru_stime);
}

struct thread_use thread_use_now(void)
{
    struct procfs_schedstat own;
    struct thread_use now = {.cpu_s = thread_use_cpu_s(), .run_wait_s = NAN};
    if (procfs_schedstat_read(AT_FDCWD, "/proc/thread-self/schedstat", &own) == 0)
        now.run_wait_s = (double)own.run_wait_ns / (double)NS_PER_S;
    return now;
}

struct thread_use thread_use_since(const struct thread_use *then)
{
    struct thread_use now = thread_use_now();
    return (struct thread_use){now.cpu_s - then->cpu_s, now.run_wait_s - then->run_wait_s};
}
