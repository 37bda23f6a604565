#include "proc/self.h"

#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/result.h"
#include "proc/threads.h"

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

void proc_self_cpu(double *out_user_s, double *out_system_s)
{
    struct rusage usage;
    *out_user_s = NAN;
    *out_system_s = NAN;
    if (getrusage(RUSAGE_SELF, &usage) < 0)
        return;
    *out_user_s = seconds(&usage.ru_utime);
    *out_system_s = seconds(&usage.ru_stime);
}

int64_t proc_self_rss_peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) < 0 ? MISSING : (int64_t)usage.ru_maxrss * 1024;
}

double proc_self_thread_cpu_s(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) < 0
               ? NAN
               : seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
}

double proc_self_run_wait_s(void)
{
    struct threads threads = {0};
    threads_sample(&threads, getpid(), THREADS_BRIEF);
    double wait_s = threads.count == 0 ? NAN : (double)threads.sum.run_wait_ns / (double)NS_PER_S;
    threads_fini(&threads);
    return wait_s;
}
