/* faulty_h2: a small HTTP/2 server that goes wrong on purpose, in one way for each path.
 *
 * Shape   the second witness of the tests, as faulty.h is for HTTP/1.1: what it received and what
 * it answered is counted for each path, told on GET /counts and in its last line. It speaks HTTP/2
 * by prior knowledge, without TLS, one thread a connection. Frames are read and written by hand, so
 * that any can be wrong; only HPACK is nghttp2's. The path of a connection's first request decides
 * how the server greets: its SETTINGS wait for it. What is counted leaves afterwards: whoever has
 * read it finds it counted. Owner   a peer belongs to its thread; the server to main. Errors  a
 * connection that fails ends; nothing else does.
 */
#ifndef E2E_FAULTY_H2_H
#define E2E_FAULTY_H2_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nghttp2/nghttp2.h>

#include "base/buf.h"

#define H2_PATHS_MAX    80
#define H2_STREAMS_MAX  256
#define H2_FRAME_MAX    16384 /* bytes of a frame that a client may send */
#define H2_BLOCK_MAX    65536 /* and of a head */
#define H2_SETTINGS_MAX 64

/* What becomes of a connection. */
enum h2_after {
    H2_GO_ON,
    H2_FIN,   /* no more bytes, then all is read until the client closes: never a RST */
    H2_ABORT, /* a RST */
    H2_MUTE,  /* nothing is said any more, not even that a PING came */
};

struct h2_counts {
    atomic_long connections, requests, replies;
    atomic_long refused, reset; /* streams, with REFUSED_STREAM and with another code */
    atomic_long goaways;        /* sent */
    atomic_long body_bytes;     /* of requests */
};

struct h2_totals {
    atomic_long accepted;
    atomic_long foreign;         /* connections that do not begin as HTTP/2 does */
    atomic_long resets, goaways; /* received */
    atomic_long settled, pings;  /* acknowledged by clients */
    atomic_long too_many;        /* streams beyond the limit that the client had acknowledged */
    atomic_long most;            /* streams of one connection at a time */
};

struct h2_faulty {
    struct h2_counts counts[H2_PATHS_MAX]; /* by row */
    struct h2_totals totals;
    pthread_mutex_t lock;
    bool closed; /* nothing is answered any more; under the lock */
};

struct h2_setting {
    uint16_t id; /* 0: none */
    uint32_t value;
};

/* A request that has no reply yet. */
struct h2_request_in {
    uint32_t id;
    size_t path; /* its row */
    bool is_head, is_whole;
    char target[256];
};

struct h2_peer {
    struct h2_faulty *server;
    int fd;
    nghttp2_hd_inflater *inflater;
    size_t path; /* of the first request */
    bool is_greeted;
    long requests;
    struct h2_request_in open[H2_STREAMS_MAX];
    size_t nopen;
    int unacknowledged;                          /* SETTINGS of the client, until it is greeted */
    struct h2_setting settings[H2_SETTINGS_MAX]; /* sent, not acknowledged; the oldest first */
    size_t nsettings;
    uint32_t limit;  /* of streams, acknowledged */
    int awaited;     /* answers to PING */
    bool is_leaving; /* it said so, with GOAWAY */
    enum h2_after after;
    struct buf out;   /* frames, for the next send */
    struct buf block; /* of a head in several frames */
    uint8_t payload[H2_FRAME_MAX];
};

/* --- faulty_h2_conn.c --- */

void *h2_peer_run(void *peer); /* which it frees */
/* Sends and empties p->out; a failure, -1, ends the connection. */
int h2_peer_send(struct h2_peer *p);
/* Counts so many whole replies, then sends. */
void h2_peer_send_replies(struct h2_peer *p, size_t path, int count);
/* The request is open no more; those behind it move. */
void h2_peer_forget(struct h2_peer *p, uint32_t id);
/* Adds SETTINGS to p->out, unless too many are not acknowledged. */
void h2_peer_set(struct h2_peer *p, uint16_t id, uint32_t value);

/* --- faulty_h2_paths.c --- */

size_t h2_path_find(const char *target); /* its row */
const char *h2_path_name(size_t path);   /* NULL: that of what no row has */
/* Adds what the server begins with to p->out. */
void h2_path_greet(struct h2_peer *p, const struct h2_request_in *r);
/* A request whose head is here, a piece of its body, and a whole request. */
void h2_path_head(struct h2_peer *p, const struct h2_request_in *r);
void h2_path_data(struct h2_peer *p, const struct h2_request_in *r, uint32_t len);
void h2_path_whole(struct h2_peer *p, struct h2_request_in *r);
/* Whether something is to be done when no more can be read at once, and doing it. */
bool h2_path_is_busy(const struct h2_peer *p);
void h2_path_idle(struct h2_peer *p);

/* --- faulty_h2_server.c --- */

char *h2_counts_text(struct h2_faulty *s); /* JSON; the caller frees */

#endif
