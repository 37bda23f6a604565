/* ready: waits until a program listens on a port of this machine.
 *
 * Shape   tries 127.0.0.1 and ::1, or the one address that it is given, every few milliseconds on
 *         the loop, until one connects or the time is up. With a process as `root`, a port on which
 * it listens, or one that it started, is tried as well: it may not care for the one that it was
 * given. When the target dies, its owner cancels. Units   nanoseconds. Owner   the ready frees
 * itself after `done` or ready_cancel: the pointer is dead from then on. Errors  done with host
 * NULL: no program listened in time.
 */
#ifndef PROC_READY_H
#define PROC_READY_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

struct ready;

/* host: the address that worked, "127.0.0.1", "::1" or that of the spec; not the callee's. */
typedef void (*ready_done_fn)(void *ctx, const char *host, int port);

struct ready_spec {
    const char *host; /* a numeric address of this machine, kept; NULL: those of loopback */
    int port;
    pid_t root; /* 0: only this port */
    int64_t timeout_ns;
};

struct ready *ready_start(uv_loop_t *loop, const struct ready_spec *spec, ready_done_fn done,
                          void *ctx);
void ready_cancel(struct ready *r); /* done is not called */

#endif
