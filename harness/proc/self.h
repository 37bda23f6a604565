/* self: what this process itself has used.
 *
 * Units   CPU in seconds since the process started, memory in bytes.
 * Errors  a figure that the kernel does not give is NAN or MISSING (model/result.h).
 */
#ifndef PROC_SELF_H
#define PROC_SELF_H

#include <stdint.h>

void proc_self_cpu(double *out_user_s, double *out_system_s);
int64_t proc_self_rss_peak_bytes(void);
/* Begins a new peak, where the kernel can (proc(5), clear_refs). */
void proc_self_rss_peak_reset(void);

#endif
