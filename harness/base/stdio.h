/* stdio: the three descriptors that every program counts on.
 *
 * Shape   a program started with stdin, stdout or stderr closed (cron, some daemons) would get a
 *         socket as one of them; libuv aborts on that, and a log line would go to a peer.
 * Errors  none: without /dev/null there is nothing that could be done.
 */
#ifndef BASE_STDIO_H
#define BASE_STDIO_H

/* First thing in main: puts /dev/null where one is closed. */
void stdio_reserve(void);

#endif
