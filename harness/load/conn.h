/* conn: one keep-alive connection in a closed loop, from connect to connect.
 *
 * Shape   connect, fill the pipeline, and send one request for each whole reply. A connection
 *         that is lost is counted by what ended it and opened again: at once after it gave a reply,
 *         after a back-off when the connect failed or it gave none.
 * Units   nanoseconds of clock_now_ns, read once a callback and handed down.
 * Owner   the worker owns conns and slots; conn_init borrows them for the worker's life.
 * Errors  nothing here prints or exits: every loss is a counter in the worker's tally.
 * Source  the request path makes two system calls: read and write.
 */
#ifndef LOAD_CONN_H
#define LOAD_CONN_H

#include <uv.h>

#include "http/response.h"
#include "load/deadlines.h"

struct worker;
struct conn;

/* A request that waits for its reply; or, in slot 0, a connect that waits. */
struct slot {
    struct deadline deadline; /* first, so that a deadline leads to its slot */
    struct conn *conn;
    int64_t first_byte_ns; /* 0 until a reply comes in pieces */
};

enum conn_state {
    CONN_IDLE, /* not connected and not asked to be */
    CONN_CONNECTING,
    CONN_OPEN,
    CONN_CLOSING,
    CONN_WAITING, /* for the end of its back-off */
};

struct conn {
    uv_tcp_t tcp;
    struct worker *worker;
    struct slot *slots; /* ring of the pipeline's size */
    struct response reply;
    uint64_t reply_bytes;
    uint32_t head, open; /* oldest open request; how many are open */
    enum conn_state state;
    bool reopen, back_off; /* what follows the close */
    bool mismatch;
    size_t matched;    /* bytes of the body that are as expected so far */
    int64_t completed; /* in the window; for the fairness figures */
    uint64_t replies;  /* on this connection since its connect */
    int64_t connect_ns;
    int64_t retry_ns;        /* end of the back-off */
    int64_t last_backoff_ns; /* 0 after a reply */
    struct conn *next_waiting;
    uv_connect_t connecting;
    uv_write_t writing;
};

void conn_init(struct conn *c, struct worker *w, struct slot *slots);
void conn_connect(struct conn *c, int64_t now_ns);
/* The oldest request, or the connect, ran out of time. */
void conn_expire(struct conn *c, int64_t now_ns);
/* Sends what the pipeline has room for; used when the window gives more to send. */
void conn_fill(struct conn *c, int64_t now_ns);
/* Closes for good. What is open must have been counted. */
void conn_shut(struct conn *c);

#endif
