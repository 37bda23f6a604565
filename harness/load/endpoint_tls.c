#include "load/endpoint_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/response.h"
#include "tls/tls.h"

/* A server of TLS 1.3 refuses a client, or its certificate, only after the handshake. One that does
 * not refuse sends a ticket then, as almost all do, or nothing. */
#define REFUSAL_NS NS_PER_S

struct attempt {
    int fd;
    int64_t end_ns;
    struct tls tls;
    struct buf out;
    bool is_open;
    bool is_asking; /* the proxy for a tunnel */
    int refusal;    /* the status of a proxy that gives no tunnel */
};

static socklen_t address_size(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_UNIX    ? sizeof(struct sockaddr_un)
           : address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                            : sizeof(struct sockaddr_in);
}

/* 0, or an errno. */
static int wait_for(const struct attempt *a, short events)
{
    struct pollfd poll_fd = {.fd = a->fd, .events = events};
    for (;;) {
        int64_t left_ms = (a->end_ns - clock_now_ns()) / NS_PER_MS;
        if (endpoint_is_interrupted())
            return EINTR;
        if (left_ms < 0)
            return ETIMEDOUT;
        int ready = poll(&poll_fd, 1, left_ms < ENDPOINT_LOOK_MS ? (int)left_ms : ENDPOINT_LOOK_MS);
        if (ready > 0)
            return 0;
        if (ready < 0 && errno != EINTR)
            return errno;
    }
}

static int write_out(struct attempt *a)
{
    size_t done = 0;
    while (done < a->out.len) {
        ssize_t wrote = send(a->fd, a->out.data + done, a->out.len - done, MSG_NOSIGNAL);
        if (wrote > 0)
            done += (size_t)wrote;
        else if (errno != EAGAIN && errno != EINTR)
            break; /* what the server has sent says more */
        int error = wrote < 0 ? wait_for(a, POLLOUT) : 0;
        if (error != 0)
            return error;
    }
    buf_clear(&a->out);
    return 0;
}

/* What the bytes that were fed lead to. */
static enum tls_event pump(struct attempt *a)
{
    char plain[TLS_PLAIN_BYTES];
    size_t got = 0;
    enum tls_event event = TLS_MORE;
    do {
        event = tls_next(&a->tls, plain, sizeof plain, &got);
        a->is_open = a->is_open || event == TLS_OPENED;
    } while (event == TLS_OPENED || event == TLS_DATA);
    return event;
}

/* Reads once. */
static int step(struct attempt *a, enum tls_event *event)
{
    char bytes[TLS_PLAIN_BYTES];
    int error = wait_for(a, POLLIN);
    if (error != 0)
        return error;
    ssize_t len = recv(a->fd, bytes, sizeof bytes, 0);
    if (len < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    if (len == 0) {
        *event = tls_eof(&a->tls);
        return 0;
    }
    tls_feed(&a->tls, bytes, (size_t)len);
    *event = pump(a);
    return 0;
}

/* TLS 1.2 settles that in the handshake. */
static bool may_be_refused(const struct attempt *a, const struct endpoint_tls *with)
{
    struct tls_facts facts;
    tls_describe(&a->tls, &facts);
    return (a->tls.lacks_certificate || with->has_certificate) &&
           strcmp(facts.version, "TLSv1.3") == 0;
}

static int shake(struct attempt *a, const struct endpoint_tls *with, enum tls_event *event)
{
    int error = write_out(a);
    while (error == 0 && *event == TLS_MORE && !a->is_open) {
        error = step(a, event);
        int unsent = write_out(a);
        error = error != 0 ? error : unsent;
    }
    if (error != 0 || *event != TLS_MORE || !may_be_refused(a, with))
        return error;
    a->end_ns = clock_now_ns() + REFUSAL_NS;
    error = step(a, event);
    return error == ETIMEDOUT ? 0 : error; /* it says nothing, so it does not mind */
}

/* Reads once. */
static int read_reply(const struct attempt *a, struct response *reply, enum response_state *state)
{
    char bytes[TLS_PLAIN_BYTES];
    size_t used = 0;
    int error = wait_for(a, POLLIN);
    if (error != 0)
        return error;
    ssize_t len = recv(a->fd, bytes, sizeof bytes, 0);
    if (len < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    if (len == 0)
        return ECONNRESET;
    *state = response_feed(reply, bytes, (size_t)len, &used);
    return *state == RESPONSE_BAD ? EPROTO : 0;
}

/* Bytes behind the proxy's reply would be nobody's: no server speaks first. */
static int open_tunnel(struct attempt *a, const char *request)
{
    struct response reply;
    enum response_state state = RESPONSE_MORE;
    response_init(&reply, RESPONSE_TO_HEAD);
    buf_puts(&a->out, request);
    a->is_asking = true;
    int error = write_out(a);
    while (error == 0 && state == RESPONSE_MORE)
        error = read_reply(a, &reply, &state);
    if (error == 0 && reply.status / 100 != 2) {
        a->refusal = reply.status;
        return ECONNREFUSED;
    }
    a->is_asking = error != 0;
    return error;
}

static bool has_chosen(const struct attempt *a, const char *alpn)
{
    struct tls_facts facts;
    if (alpn == NULL)
        return true;
    tls_describe(&a->tls, &facts);
    return strcmp(facts.alpn, alpn) == 0;
}

static int tell(struct attempt *a, const struct endpoint *endpoint, int error, struct err *err)
{
    char reason[512];
    if (error == EINTR)
        return err_set(err, ERR_INTERRUPTED, "interrupted while connecting to %s", endpoint->text);
    if (a->refusal != 0)
        return err_set(err, ERR_INVALID,
                       "the proxy %s gives no tunnel: it answers CONNECT with status %d; %s",
                       endpoint->text, a->refusal,
                       a->refusal == 407 ? "write its user and password as "
                                           "--proxy http://USER:PASSWORD@HOST:PORT"
                                         : "look whether it may connect to that host and port");
    if (error != 0 && a->is_asking)
        return err_set(err, ERR_INVALID,
                       "the proxy %s gives no tunnel: %s (errno %d); look at its log",
                       endpoint->text, strerror_r(error, reason, sizeof reason), error);
    if (error == ETIMEDOUT)
        return err_set(err, ERR_INVALID,
                       "cannot open TLS to %s: it accepts %s; look whether the server is stuck, or "
                       "allow more with --timeout",
                       endpoint->text,
                       a->fd < 0 ? "one connection, but not the next"
                                 : "connections, and does not answer the handshake");
    if (error != 0)
        return err_set(err, ERR_INVALID,
                       "cannot open TLS to %s: %s (errno %d); check that the server has TLS there",
                       endpoint->text, strerror_r(error, reason, sizeof reason), error);
    tls_explain(&a->tls, reason, sizeof reason);
    return err_set(err, ERR_INVALID, "cannot open TLS to %s: %s", endpoint->text, reason);
}

int endpoint_try_tls(const struct endpoint *endpoint, const struct endpoint_tls *with,
                     struct err *err)
{
    const struct sockaddr_storage *address = &endpoint->addresses[0];
    struct attempt a = {.fd = -1, .end_ns = clock_now_ns() + with->timeout_ns};
    enum tls_event event = TLS_MORE;
    int result = 0;
    int error = endpoint_connect((const struct sockaddr *)address, address_size(address),
                                 with->timeout_ns, &a.fd);
    if (error != 0)
        return tell(&a, endpoint, error, err);
    buf_init(&a.out, TLS_OUT_BYTES);
    error = with->tunnel == NULL ? 0 : open_tunnel(&a, with->tunnel);
    if (error == 0) {
        tls_open(&a.tls, with->context, &a.out);
        event = pump(&a);
        error = shake(&a, with, &event);
    }
    bool failed = error != 0 || event == TLS_FAILED || !a.is_open;
    if (!failed && !has_chosen(&a, with->alpn)) {
        a.tls.trouble = TLS_TROUBLE_ALPN;
        failed = true;
    }
    if (failed) {
        result = tell(&a, endpoint, error, err);
    } else {
        tls_end(&a.tls);
        (void)write_out(&a);
    }
    tls_close(&a.tls);
    buf_fini(&a.out);
    (void)close(a.fd);
    return result;
}
