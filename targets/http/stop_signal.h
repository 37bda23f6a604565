/* stop_signal: SIGTERM, SIGINT and SIGHUP as steps that even a blocked loop notices.
 *
 * Shape   the first signal asks for a gentle stop and starts the grace time; the second, or the end
 *         of that time, asks for an end at once: it also sets the flag that work_run looks at,
 *         since a loop that does the work itself would hear of nothing else. One per process.
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
