/* pauses: connections that wait before they send again, and when each goes on.
 *
 * Shape   a heap by time, and one timer of the thread's loop. A connection waits for the think time
 *         of the request before, or because it has nothing that it could send.
 * Units   nanoseconds of clock_now_ns; the timer counts whole milliseconds, and is not early.
 * Owner   the worker's. pauses_init before the thread runs, pauses_close on its loop, pauses_fini
 *         when the loop has closed its handle. Conns are borrowed.
 * Errors  none.
 */
#ifndef LOAD_PAUSES_H
#define LOAD_PAUSES_H

#include <stdint.h>
#include <uv.h>

struct conn;

struct pause {
    int64_t end_ns;
    struct conn *conn;
};

/* Those that are held wait for the window, and are not in the heap. */
enum pause_kind { PAUSE_THINK, PAUSE_UNBOUND, PAUSE_HELD };

struct pauses {
    struct pause *heap; /* the first is the next to end */
    size_t count;
    size_t thinking;    /* how many of them think */
    int64_t thought_ns; /* when the last one had thought */
    uv_timer_t timer;
    /* `c` goes on; after all that do at that time, on_woken. */
    void (*on_over)(struct conn *c, int64_t now_ns);
    void (*on_woken)(void *ctx, int64_t now_ns);
    void *ctx;
};

/* At most `most` conns; the caller has set the callbacks. */
void pauses_init(struct pauses *p, uv_loop_t *loop, size_t most);
void pauses_close(struct pauses *p);
void pauses_fini(struct pauses *p);

/* Only for a conn of a list that is not paused. */
void pauses_add(struct pauses *p, struct conn *c, enum pause_kind kind, int64_t end_ns);

#endif
