/* signals: Ctrl-C, SIGTERM and SIGHUP: held back while something must not be cut short, and taken
 * for one where several come at once.
 *
 * Shape   held ones wait until they are taken; a trial lets them through while it watches for them.
 *         The first one ends what is measured, and signals_note remembers when that was. One that
 *         follows at once is the same: timeout(1) signals its command and then the group of it.
 *         No person presses Ctrl-C twice that quickly, and a later one ends the program.
 * Units   nanoseconds of clock_now_ns.
 * Owner   caller's storage; signals_release once. What was noted is the process's, as its handlers
 *         are.
 * Errors  none. Threads that are started meanwhile hold them back, too.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define SIGNALS_ONE_NS INT64_C(300000000) /* those that come within it are one */

struct signals {
    sigset_t held, before;
};

void signals_hold(struct signals *s);
/* Takes one that waits: its number, or 0 when there is none. The first is noted as having come now.
 */
int signals_take(const struct signals *s);
/* From now on they have their effect again. What waits is dropped if the first was noted. */
void signals_release(const struct signals *s);
/* The first one came at that time. From now on one has no effect for SIGNALS_ONE_NS, and its
 * default effect after that. */
void signals_note(int64_t first_ns);
/* True when this process ignores the signal, as it does SIGHUP under nohup. */
bool signals_ignored(int number);

#endif
