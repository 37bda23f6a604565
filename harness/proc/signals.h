/* signals: Ctrl-C, SIGTERM and SIGHUP held back while something must not be cut short.
 *
 * Shape   held ones wait until they are taken; a trial lets them through while it watches for them.
 * Owner   caller's storage; signals_release once.
 * Errors  none. Threads that are started meanwhile hold them back, too.
 */
#ifndef PROC_SIGNALS_H
#define PROC_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct signals {
    sigset_t held, before;
};

void signals_hold(struct signals *s);
/* The number of one that waits, which is then done with; 0 when none does. */
int signals_take(const struct signals *s);
/* From now on they have their effect again. */
void signals_release(const struct signals *s);
/* Started by nohup, bench is not ended by the end of its terminal. */
bool signals_ignored(int number);

#endif
