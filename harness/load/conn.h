/* conn: one keep-alive connection, from connect to connect.
 *
 * Shape   in a closed loop: connect, fill the pipeline, and send one request for each whole reply.
 *         In an open loop it has room, and is told what to send when. A lost connection is counted
 *         by what ended it and opened again: at once if it gave a reply (in an open loop, if it is
 *         needed), after a back-off if the connect failed or no reply came.
 *         The conns of one thread share an env. Its callbacks are for what a conn does not decide
 *         itself; in a closed loop none is on the request path.
 * Units   nanoseconds of clock_now_ns, read once in a callback and passed down.
 * Owner   the caller owns the env, the conns and the slots; conn_init borrows env and slots until
 *         the loop has closed the conn.
 * Errors  conn_env_init: kind USAGE. Else nothing here prints or exits: every loss is a counter in
 *         the env's tally.
 * Source  the request path makes two system calls: read and write (load/stream.h).
 */
#ifndef LOAD_CONN_H
#define LOAD_CONN_H

#include <uv.h>

#include "base/rng.h"
#include "http/response.h"
#include "load/deadlines.h"
#include "load/pauses.h"
#include "load/protocol.h"
#include "load/source/source.h"
#include "load/source/visitor.h"
#include "load/spec.h"
#include "load/stream.h"
#include "load/tally.h"
#include "match/watch.h"

struct conn;
struct conn_http2; /* conn_http2.c */
struct http2_env;  /* load/conn_http2.h */
struct open_loop;

/* What the conns of one thread share. */
struct conn_env {
    uv_loop_t *loop;
    const struct load_spec *spec;
    const struct protocol *protocol;
    struct stream_env *streams; /* one for each origin */
    struct http2_env *http2;    /* NULL: HTTP/1.1 */
    struct source *sources;     /* one for each list of the spec, or one */
    size_t nsources;
    struct pattern_room *room; /* of all watches; NULL: there are none */
    struct values values;      /* of the placeholders of lists */
    struct pauses pauses;      /* of conns of a list */
    struct rng rng;            /* of the back-off */

    struct tally tally;
    struct deadlines deadlines;
    int64_t quota;             /* requests left to send; INT64_MAX without -a */
    int64_t pending;           /* requests open in all conns */
    int64_t window_ns;         /* requests sent before it do not count */
    int64_t after_ns;          /* when it is over: where it began; INT64_MAX before */
    int64_t last_reply_ns;     /* or the start */
    int64_t connect_failed_ns; /* when the last one did; 0: none */
    bool ending;               /* nothing more is sent, and no conn is opened again */
    int opening; /* conns that are, or whose last attempt failed, until its back-off ends */
    int thread;  /* its number */
    int64_t turn_ns, turn_every_ns; /* when the next connection may be opened; 0: whenever */
    struct bailout *bailout;        /* all threads'; NULL: faults do not end the run */
    struct open_loop *open_loop; /* NULL: a closed loop, where a reply makes the next request due */

    /* `c` is closed, and is to connect again at c->retry_ns. */
    void (*on_retry_later)(void *ctx, struct conn *c);
    /* Every request of the quota was sent, and none is in flight. */
    void (*on_quota_done)(void *ctx, int64_t now_ns);
    /* The faults have reached their limit; a conn is in the middle of something. */
    void (*on_bailout)(void *ctx, int64_t now_ns);
    void *ctx;
    /* Of an open loop: `c` has room for a request; `c` is closed, and is not opened again unless it
     * is needed. */
    void (*on_room)(void *open_loop, struct conn *c, int64_t now_ns);
    void (*on_shut)(void *open_loop, struct conn *c, int64_t now_ns);
};

/* A request that waits for its reply, or a connect that is under way. */
struct slot {
    struct deadline deadline; /* first, so that a deadline leads to its slot */
    struct conn *conn;
    int64_t due_ns;                   /* in a closed loop when it was sent */
    int64_t first_byte_ns;            /* 0 unless the reply comes in pieces */
    const struct source_entry *entry; /* what was sent; NULL: the one text */
    size_t len;                       /* of an entry: bytes as it was sent; HTTP/1.1 */
};

enum conn_state {
    CONN_IDLE, /* not connected, and not to be */
    CONN_CONNECTING,
    CONN_OPEN,
    CONN_CLOSING,
    CONN_WAITING, /* for the end of its back-off, or for its turn to connect */
};

struct conn {
    struct stream stream; /* first, so that a stream leads to its conn */
    struct conn_env *env;
    const struct source *source; /* what it sends: one of the env's */
    struct visitor *visitor;     /* of a list; NULL: it sends one text */
    uint32_t number;             /* from 0, over all threads */
    struct slot *slots;          /* HTTP/1.1: a ring of the pipeline's size */
    struct conn_http2 *http2;    /* the requests of HTTP/2, and their session */
    struct response reply;
    struct watch *watch; /* of HTTP/1.1; NULL: nothing is expected of any reply */
    uint64_t reply_bytes;
    struct slot opening; /* its deadline is that of a connect */
    uint32_t head, open; /* oldest open request; how many are open */
    uint32_t most;       /* that may be open now */
    enum conn_state state;
    bool reopen, back_off; /* what follows the close */
    bool is_broken;        /* a write failed: nothing more is sent */
    bool is_opening;       /* it is one of env->opening */
    bool is_listed;        /* by the open loop, as one with room */
    bool has_turn;         /* to connect, at retry_ns */
    bool is_paused;        /* it sends nothing now */
    enum pause_kind pause; /* then */
    uint32_t unwritten;    /* how many open requests that write had not sent */
    int write_error;       /* its errno */
    int64_t may_send;      /* so many more on this connection */
    int64_t granted;       /* what that was when it was connected */
    int64_t left;          /* of its amount when it was connected */
    int64_t completed;     /* in the window; for the fairness figures */
    uint64_t replies;      /* on this connection since its connect */
    int64_t connect_ns;
    int64_t retry_ns;        /* end of the back-off, or its turn */
    int64_t last_backoff_ns; /* 0 after a reply */
    struct conn *next_waiting;
};

/* The caller has filled in the loop, the spec, the thread's number and the callbacks. After a
 * failure conn_env_fini follows too. */
int conn_env_init(struct conn_env *env, struct err *err);
void conn_env_fini(struct conn_env *env);
/* At the end of the window: counts the requests that are open. Returns how many of them were sent
 * before it. */
int64_t conn_env_count_open(struct conn_env *env, int64_t now_ns);

void conn_init(struct conn *c, struct conn_env *env, uint32_t number, struct slot *slots);
void conn_fini(struct conn *c);
/* From here on it sends so many requests; 0: no limit. */
void conn_begin_amount(struct conn *c, int64_t amount);
void conn_connect(struct conn *c, int64_t now_ns); /* one that is idle or waiting */
/* Its back-off is over: it connects again, in an open loop if it is needed. Or its turn has come.
 */
void conn_retry(struct conn *c, int64_t now_ns);
/* An open loop: a request that was due at due_ns; the conn must have room for it. */
void conn_send(struct conn *c, int64_t due_ns);
bool conn_has_room(const struct conn *c);
/* This request, or the connect, ran out of time. */
void conn_expire(struct slot *s, int64_t now_ns);
/* Closes for good. The caller has counted what is open. */
void conn_shut(struct conn *c);

#endif
