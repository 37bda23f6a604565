/* conn_internal: what the files of a connection share. conn.c reads and keeps the list,
 * conn_write.c writes, conn_end.c waits and closes; conn_tls.c is beneath all three.
 *
 * Units   bytes and ms, in the names.
 */
#ifndef TARGETS_HTTP_CONN_INTERNAL_H
#define TARGETS_HTTP_CONN_INTERNAL_H

#include "targets/http/conn.h"
#include "targets/http/reader.h"
#include "tls/tls.h"

enum conn_state {
    CONN_OPEN,
    CONN_LAST,   /* takes no more requests; ends when all replies are written */
    CONN_LINGER, /* has shut down its side, and waits for the client to close */
    CONN_CLOSING
};

struct conn {
    uv_tcp_t tcp;
    uv_timer_t deadline; /* runs while we wait for the client */
    int open_handles;
    enum conn_state state;
    struct conn_list *list;
    struct conn *prev, *next;
    struct conn_tls *tls; /* NULL: plain HTTP */

    struct reader reader;
    struct buf rest;    /* read from the socket, not parsed yet */
    size_t rest_taken;  /* the part of it that was parsed */
    bool is_reading;    /* from the socket */
    bool is_taking;     /* requests are being taken: this must not be entered again */
    bool receiving;     /* a request has begun and is not whole yet */
    bool owes_continue; /* its client waits for 100 Continue */
    bool said_end;      /* the client has sent close_notify, behind what is in `rest` */
    bool ended;         /* its end of file, or close_notify, is reached */

    struct request *first, *last; /* not yet written */
    struct request *unconfirmed;  /* written after the client's end of file */
    size_t owed;                  /* requests whose reply the socket has not wholly taken */
    size_t owed_bytes;            /* held for them */
    size_t writing;               /* replies that wait for room in the socket */
    /* Decides what comes next, after a reply was taken whole or waits for room. */
    void (*settle)(struct conn *c);

    bool overdue;          /* the deadline has passed once */
    size_t unread_bytes;   /* when the deadline was set, if replies wait for room */
    int64_t confirming_ms; /* time spent, and the pause before the next look */
    int64_t pause_ms;
    uv_shutdown_t shutdown;
};

/* ---- conn_tls.c: the lowest, for a connection that has `tls` ---- */

void conn_tls_open(struct conn *c); /* gives it one */
/* As tls_feed and tls_next. `plain` is good until the next call. A connection that has failed, or
 * is being closed, reads no more. */
void conn_tls_feed(struct conn *c, const char *bytes, size_t len);
enum tls_event conn_tls_next(struct conn *c, const char **plain, size_t *len);
/* The reply becomes what goes over the wire. False: the connection cannot go on. */
bool conn_tls_seal(struct conn *c, struct buf *reply);
void conn_tls_write(struct conn *c, const char *bytes, size_t len);
void conn_tls_end(struct conn *c);   /* tells the client that nothing more is written */
void conn_tls_close(struct conn *c); /* the same, before the handles are closed */
void conn_tls_free(struct conn *c);

/* ---- conn_end.c ---- */

void conn_close(struct conn *c);
void conn_await_idle(struct conn *c);
/* The deadline runs while the client owes us bytes, or has bytes to read. */
void conn_set_deadline(struct conn *c);
/* Takes no more requests: the connection ends when all replies are written. */
void conn_take_no_more(struct conn *c);
/* After the last reply: ends the connection without losing what the client has not read yet. */
void conn_linger(struct conn *c);

/* ---- conn_write.c ---- */

/* Writes the replies of the answered requests, up to the first that is not answered. */
void conn_write_replies(struct conn *c);

#endif
