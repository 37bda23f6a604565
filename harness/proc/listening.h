/* listening: the TCP port on which a program, or one that it started, accepts connections.
 *
 * Shape   finds the sockets that the processes have open among those that listen.
 * Errors  0: none listens. A process that may not be read, or that ends meanwhile, has no sockets.
 * Source  proc(5): /proc/PID/fd, /proc/PID/net/tcp and tcp6, where state 0A listens.
 */
#ifndef PROC_LISTENING_H
#define PROC_LISTENING_H

#include <sys/types.h>

/* Of the process and its descendants; the lowest if there are several, and never the one on which
 * Node's debugger listens. */
int listening_port(pid_t root);

#endif
