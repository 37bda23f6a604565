/* faulty: a small server that goes wrong on purpose, in one way for each path. Plain or over TLS.
 *
 * Shape   the second witness of the tests: what it received and what it answered whole is counted
 *         for each path, told on GET /counts and in its last line. One thread a connection, so that
 *         every behaviour reads from its first line to its last. A reply is counted before its
 *         last byte leaves: whoever has read it finds it counted.
 *         The server takes requests, the paths answer them, and the wire has the bytes of a peer.
 * Owner   a peer belongs to its thread; the server to main.
 * Errors  a connection that fails ends; nothing else does.
 */
#ifndef E2E_FAULTY_H
#define E2E_FAULTY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FAULTY_REQUEST_MAX ((size_t)2 << 20)
#define FAULTY_PATHS_MAX   64
#define FAULTY_BODY_MAX    1024

/* What follows a reply. */
enum end {
    END_NOT,    /* the connection lives on */
    END_FIN,    /* no more bytes, then all is read until the client closes: never a RST */
    END_RESET,  /* a RST */
    END_SILENT, /* open and silent until the client closes */
    END_UNREAD, /* the same, and what the client sends is left unread */
    END_ABRUPT, /* what the client sends is left unread, and closed over */
    /* As END_FIN, but TLS is not told before (close_notify): */
    END_CUT,     /* there is just no more */
    END_ALERT,   /* a fatal alert */
    END_GARBAGE, /* bytes that are no record */
    END_DAMAGED, /* a record that nobody encrypted */
};

struct counts {
    atomic_long connections, requests, replies;
};

enum shake_fault {
    SHAKE_WELL,
    SHAKE_STALL,  /* half of the record, and then silence */
    SHAKE_CUT,    /* half of it, and then the end */
    SHAKE_GARBLE, /* with another first byte than it should have */
    SHAKE_ALERT,  /* an alert instead */
};

/* How handshakes go wrong. */
struct shaking {
    enum shake_fault fault;
    int64_t at;    /* which record of the server */
    int64_t after; /* so many handshakes that go well */
};

struct tls_context;

struct server {
    struct tls_context *tls; /* NULL: plain */
    struct shaking shaking;
    atomic_long hellos, shaken, resumed,
        faults;                             /* handshakes: begun, done; gone wrong and closed */
    struct counts counts[FAULTY_PATHS_MAX]; /* by row */
    atomic_long accepted;
    atomic_flag froze;
    _Atomic int64_t thaw_ns;         /* nothing is answered before */
    _Atomic int64_t phases_ns;       /* when the first phase began; 0: not yet */
    pthread_mutex_t lock;            /* for what follows */
    bool closed;                     /* nothing is answered any more */
    char last_body[FAULTY_BODY_MAX]; /* of the last request that had one */
};

struct request {
    size_t path; /* its row */
    char method[16], target[256];
    const char *body;
    size_t body_len;
};

struct wire_tls; /* faulty_wire.c */

struct peer {
    struct server *server;
    int fd;
    struct wire_tls *tls; /* NULL: plain */
    long requests;        /* on this connection */
    size_t start, len;    /* of the bytes that are not used up */
    char bytes[FAULTY_REQUEST_MAX + 1];
};

/* The next whole request, used up and counted; its body stays valid until the next call. Of one
 * whose body shall stay unread only the head is read. -1: there is none. */
int peer_read_request(struct peer *p, struct request *r);

/* The handshake of TLS; END_NOT: it is done, or there is none. */
enum end wire_open(struct peer *p);
/* What came; 0 or less: no more comes. */
ssize_t wire_read(struct peer *p, char *bytes, size_t size);
int wire_write(struct peer *p, const char *bytes, size_t len);
/* Waits until more has come, ms at most; -1: for ever. */
bool wire_wait(struct peer *p, int ms);
/* New keys, also for what the client sends; TLS 1.2 has no such thing. */
void wire_rekey(struct peer *p);
bool wire_new_key(struct peer *p); /* of this side alone; false when nobody reads any more */
/* Ends it in this way, and closes. */
void wire_finish(struct peer *p, enum end end);

/* The row of a target. */
size_t path_find(const char *target);
enum end path_end(size_t path);
enum end path_answer(struct peer *p, const struct request *r);
/* The counts as JSON; the caller frees. */
char *paths_counts(struct server *s);
/* From now on nothing is answered whole, so the counts stay what they are. */
void paths_close(struct server *s);

#endif
