/* stdio: the three descriptors that every program counts on.
 *
 * Shape   a program started with stdin, stdout or stderr closed (cron, some daemons) would get a
 *         socket as one of them; libuv aborts on that, and a log line would go to a peer.
 * Errors  stdio_print: kind USAGE, when stdout does not take the whole text (a full disk, a reader
 *         that is gone).
 */
#ifndef BASE_STDIO_H
#define BASE_STDIO_H

#include "base/err.h"

/* First thing in main: puts /dev/null where one is closed; as stdout it cannot be written to, so
 * that a report is not lost in silence. Without /dev/null nothing can be done. */
void stdio_reserve(void);
/* Writes and flushes the text. */
int stdio_print(const char *text, struct err *err);

#endif
