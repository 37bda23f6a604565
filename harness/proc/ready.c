#include "proc/ready.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/listening.h"

#define RETRY_MS   5
#define CONNECT_MS 2 /* the kernel answers at once for an address of its own */
#define LOOK_EVERY 8 /* tries: reading /proc takes more than a connect does */

struct ready {
    uv_timer_t timer;
    const char *host; /* NULL: those of loopback */
    uint16_t port;
    pid_t root;
    unsigned tries;
    int64_t deadline_ns;
    ready_done_fn done;
    void *ctx;
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t address_fill(union address *a, const char *host, uint16_t port)
{
    *a = (union address){.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
    if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1)
        return sizeof a->v4;
    *a = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)}};
    (void)inet_pton(AF_INET6, host, &a->v6.sin6_addr);
    return sizeof a->v6;
}

/* A socket that connects to an unused port of the ephemeral range can get that same port as its
 * own, and is then connected to itself. */
static bool connected_to_itself(int fd, uint16_t port)
{
    union address own = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t len = sizeof own;
    if (getsockname(fd, &own.any, &len) < 0)
        return true;
    return ntohs(own.any.sa_family == AF_INET ? own.v4.sin_port : own.v6.sin6_port) == port;
}

static bool listens(const char *host, uint16_t port)
{
    union address address;
    int error = 0;
    socklen_t error_len = sizeof error;
    socklen_t len = address_fill(&address, host, port);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool works = connect(fd, &address.any, len) == 0;
    if (!works && errno == EINPROGRESS) {
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        works = poll(&p, 1, CONNECT_MS) == 1 &&
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_len) == 0 && error == 0;
    }
    works = works && !connected_to_itself(fd, port);
    (void)close(fd);
    return works;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void finish(struct ready *r, const char *host, int port)
{
    uv_close((uv_handle_t *)&r->timer, on_closed);
    r->done(r->ctx, host, port);
}

static const char *host_that_listens(const struct ready *r, int port)
{
    static const char *const hosts[] = {"127.0.0.1", "::1"};
    if (r->host != NULL)
        return listens(r->host, (uint16_t)port) ? r->host : NULL;
    for (size_t i = 0; i < LEN(hosts); i++) {
        if (listens(hosts[i], (uint16_t)port))
            return hosts[i];
    }
    return NULL;
}

static void on_timer(uv_timer_t *timer)
{
    struct ready *r = timer->data;
    int port = r->port;
    const char *host = host_that_listens(r, port);
    if (host == NULL && r->root > 0 && r->tries++ % LOOK_EVERY == 0) {
        port = listening_port(r->root);
        host = port == 0 ? NULL : host_that_listens(r, port);
    }
    if (host != NULL || clock_now_ns() >= r->deadline_ns)
        finish(r, host, port);
}

struct ready *ready_start(uv_loop_t *loop, const struct ready_spec *spec, ready_done_fn done,
                          void *ctx)
{
    struct ready *r = mem_zalloc(sizeof *r);
    r->host = spec->host;
    r->port = (uint16_t)spec->port;
    r->root = spec->root;
    r->deadline_ns = clock_now_ns() + spec->timeout_ns;
    r->done = done;
    r->ctx = ctx;
    r->timer.data = r;
    (void)uv_timer_init(loop, &r->timer);
    (void)uv_timer_start(&r->timer, on_timer, 0, RETRY_MS);
    return r;
}

void ready_cancel(struct ready *r)
{
    uv_close((uv_handle_t *)&r->timer, on_closed);
}
