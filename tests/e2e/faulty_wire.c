/* The bytes of a connection: a socket, with TLS over it or not, and handshakes that go wrong. */
#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "faulty.h"
#include "tls/tls.h"

#define RAW_BYTES   16384
#define RECORD_HEAD ((size_t)5)

struct wire_tls {
    struct tls tls;
    struct buf out;
    char raw[RAW_BYTES];
    bool is_faulty, is_struck; /* its handshake shall go wrong; has done so */
    int64_t records;           /* of the handshake, written by this side */
};

/* With the head of a record, and nothing in it that a key would open. */
static const char damaged[] = "\x17\x03\x03\x00\x20"
                              "0123456789abcdef0123456789abcdef";
static const char garbage[] = "EHLO there\r\n220 what is this\r\n";
static const char alert[] = "\x15\x03\x03\x00\x02\x02\x50"; /* fatal: internal error */

static int write_raw(struct peer *p, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(p->fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Writes what TLS has added. */
static int flush(struct wire_tls *t, struct peer *p)
{
    int failed = write_raw(p, t->out.data, t->out.len);
    buf_clear(&t->out);
    return failed;
}

static int feed(struct wire_tls *t, struct peer *p)
{
    ssize_t n = recv(p->fd, t->raw, sizeof t->raw, 0);
    if (n <= 0)
        return -1;
    tls_feed(&t->tls, t->raw, (size_t)n);
    return 0;
}

/* ---- handshakes ---- */

static size_t record_len(const char *record)
{
    return RECORD_HEAD + ((size_t)(unsigned char)record[3] << 8 | (unsigned char)record[4]);
}

/* Where in `out` the record begins that goes wrong; its end: nowhere. */
static size_t find_fault(struct wire_tls *t, int64_t at)
{
    size_t i = 0;
    while (i < t->out.len && ++t->records != at)
        i += record_len(t->out.data + i);
    return i;
}

static enum end strike(struct wire_tls *t, struct peer *p)
{
    const struct shaking *shaking = &p->server->shaking;
    size_t at = find_fault(t, shaking->at);
    if (at == t->out.len)
        return END_NOT;
    t->is_struck = true;
    if (shaking->fault == SHAKE_GARBLE) {
        t->out.data[at + RECORD_HEAD] ^= 0x40;
        return END_NOT;
    }
    bool is_alert = shaking->fault == SHAKE_ALERT;
    t->out.len = at + (is_alert ? 0 : record_len(t->out.data + at) / 2);
    if (is_alert)
        buf_add(&t->out, alert, sizeof alert - 1);
    (void)flush(t, p);
    return shaking->fault == SHAKE_STALL ? END_SILENT : END_CUT;
}

static enum end shake(struct wire_tls *t, struct peer *p)
{
    enum tls_event event = TLS_MORE;
    while (event != TLS_OPENED) {
        size_t got = 0;
        event = tls_next(&t->tls, p->bytes, FAULTY_REQUEST_MAX, &got);
        enum end end = t->is_faulty ? strike(t, p) : END_NOT;
        if (end != END_NOT)
            return end;
        if (flush(t, p) < 0 || event == TLS_FAILED || (event == TLS_MORE && feed(t, p) < 0))
            return END_CUT;
    }
    return END_NOT;
}

static void count_handshake(struct server *s, const struct tls *tls)
{
    struct tls_facts facts;
    tls_describe(tls, &facts);
    atomic_fetch_add(&s->shaken, 1);
    atomic_fetch_add(&s->resumed, facts.resumed);
}

/* One that only tries the port sends nothing. */
enum end wire_open(struct peer *p)
{
    struct server *s = p->server;
    if (s->tls == NULL)
        return END_NOT;
    struct wire_tls *t = mem_zalloc(sizeof *t);
    p->tls = t;
    buf_init(&t->out, TLS_OUT_BYTES);
    tls_open(&t->tls, s->tls, &t->out);
    if (feed(t, p) < 0)
        return END_CUT;
    bool is_late = atomic_fetch_add(&s->hellos, 1) >= s->shaking.after;
    t->is_faulty = s->shaking.fault != SHAKE_WELL && is_late;
    enum end end = shake(t, p);
    if (end == END_NOT)
        count_handshake(s, &t->tls);
    return end;
}

/* ---- data ---- */

ssize_t wire_read(struct peer *p, char *bytes, size_t size)
{
    struct wire_tls *t = p->tls;
    if (t == NULL)
        return recv(p->fd, bytes, size, 0);
    for (;;) {
        size_t got = 0;
        enum tls_event event = tls_next(&t->tls, bytes, size, &got);
        if (flush(t, p) < 0 || event == TLS_CLOSED || event == TLS_FAILED)
            return -1;
        if (event == TLS_DATA)
            return (ssize_t)got;
        if (event == TLS_MORE && feed(t, p) < 0)
            return -1;
    }
}

int wire_write(struct peer *p, const char *bytes, size_t len)
{
    struct wire_tls *t = p->tls;
    if (t == NULL)
        return write_raw(p, bytes, len);
    while (len > 0) {
        size_t took = tls_write(&t->tls, bytes, len);
        if (flush(t, p) < 0 || took == 0)
            return -1;
        bytes += took;
        len -= took;
    }
    return 0;
}

bool wire_wait(struct peer *p, int ms)
{
    struct pollfd more = {.fd = p->fd, .events = POLLIN};
    return (p->tls != NULL && p->tls->tls.in_len > 0) || poll(&more, 1, ms) > 0;
}

void wire_rekey(struct peer *p)
{
    struct wire_tls *t = p->tls;
    if (t == NULL || SSL_key_update(t->tls.ssl, SSL_KEY_UPDATE_REQUESTED) != 1)
        return;
    (void)SSL_do_handshake(t->tls.ssl);
    (void)flush(t, p);
}

bool wire_new_key(struct peer *p)
{
    struct wire_tls *t = p->tls;
    if (t == NULL || SSL_key_update(t->tls.ssl, SSL_KEY_UPDATE_NOT_REQUESTED) != 1)
        return false;
    (void)SSL_do_handshake(t->tls.ssl);
    return flush(t, p) == 0;
}

/* ---- the end ---- */

/* OpenSSL sends an alert when it gets what nobody encrypted. */
static void send_alert(struct wire_tls *t, struct peer *p)
{
    size_t got = 0;
    tls_feed(&t->tls, damaged, sizeof damaged - 1);
    (void)tls_next(&t->tls, p->bytes, FAULTY_REQUEST_MAX, &got);
}

static void end_tls(struct wire_tls *t, struct peer *p, enum end end)
{
    if (end == END_FIN || end == END_ABRUPT)
        tls_end(&t->tls);
    else if (end == END_ALERT)
        send_alert(t, p);
    else if (end == END_GARBAGE)
        buf_add(&t->out, garbage, sizeof garbage - 1);
    else if (end == END_DAMAGED)
        buf_add(&t->out, damaged, sizeof damaged - 1);
    (void)flush(t, p);
}

static void free_tls(struct wire_tls *t, struct server *s)
{
    atomic_fetch_add(&s->faults, t->is_struck);
    tls_close(&t->tls);
    buf_fini(&t->out);
    free(t);
}

void wire_finish(struct peer *p, enum end end)
{
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    struct pollfd closed = {.fd = p->fd, .events = POLLRDHUP};
    bool is_fin = end == END_FIN || end >= END_CUT;
    if (p->tls != NULL)
        end_tls(p->tls, p, end);
    if (end == END_RESET)
        (void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (is_fin)
        (void)shutdown(p->fd, SHUT_WR);
    if (end == END_UNREAD)
        (void)poll(&closed, 1, -1);
    while ((is_fin || end == END_SILENT) && recv(p->fd, p->bytes, sizeof p->bytes, 0) > 0)
        continue;
    (void)close(p->fd);
    if (p->tls != NULL)
        free_tls(p->tls, p->server);
}
