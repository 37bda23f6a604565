/* stop_signal: SIGTERM, SIGINT and SIGHUP as steps of a stop, which even a blocked loop notices.
 *
 * Shape   the first signal is STOP_GENTLE and starts the grace time. The second signal, or the end
 *         of that time, is STOP_NOW. It also sets the flag that ends work_run, because a loop that
 *         does the work itself notices nothing else. One per process.
 * Units   ns.
 * Errors  stop_signal_open: kind USAGE.
 */
#ifndef TARGETS_HTTP_STOP_SIGNAL_H
#define TARGETS_HTTP_STOP_SIGNAL_H

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

enum stop_step { STOP_NONE, STOP_GENTLE, STOP_NOW };

/* `wake` is sent at each step; it and `stop` must live until stop_signal_close. */
int stop_signal_open(uv_async_t *wake, atomic_bool *stop, int64_t grace_ns, struct err *err);
enum stop_step stop_signal_step(void);
/* Further signals are ignored: the process is about to end. */
void stop_signal_close(void);

#endif
