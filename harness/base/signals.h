/* signals: Ctrl-C, SIGTERM and SIGHUP held back while something must not be cut short.
 *
 * Shape   held ones wait until they are taken; a trial lets them through while it watches for them.
 * Owner   caller's storage; signals_release once.
 * Errors  none. Threads that are started meanwhile hold them back, too.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct signals {
    sigset_t held, before;
};

void signals_hold(struct signals *s);
/* Takes one that waits: its number, or 0 when there is none. */
int signals_take(const struct signals *s);
/* From now on they have their effect again. */
void signals_release(const struct signals *s);
/* True when this process ignores the signal, as it does SIGHUP under nohup. */
bool signals_ignored(int number);

#endif
