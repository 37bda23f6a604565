/* self: what this process itself has used.
 *
 * Units   CPU and wait in seconds since the process (or thread) started, memory in bytes.
 * Errors  a figure that the kernel does not give is NAN or MISSING (model/result.h).
 */
#ifndef PROC_SELF_H
#define PROC_SELF_H

#include <stdint.h>

void proc_self_cpu(double *out_user_s, double *out_system_s);
int64_t proc_self_rss_peak_bytes(void);
/* Of the calling thread, user and system together. */
double proc_self_thread_cpu_s(void);
/* Ready to run without a core, summed over the threads that live now. */
double proc_self_run_wait_s(void);

#endif
