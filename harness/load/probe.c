#include "load/probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "http/response.h"

#define RETRY_NS (100 * NS_PER_MS)

struct probe {
    struct probe_spec spec;
    uv_thread_t thread;
    int stop_fd; /* readable: end now */
    int fd;      /* -1: not connected */
    int64_t start_ns, end_ns;
    int64_t next; /* number of the request that is due next */
    struct probe_counts counts;
    struct hist *latency, *unfinished;
    char buffer[16384];
};

/* How one wait, or one request, ended. */
enum outcome { OUTCOME_OK, OUTCOME_STOPPED, OUTCOME_TIMED_OUT, OUTCOME_FAILED };

static int64_t due_ns(const struct probe *p, int64_t k)
{
    return p->start_ns + (int64_t)((double)k * 1e9 / p->spec.rate_rps);
}

/* Until the socket is ready for `events`, the time has come, or the probe is to end. */
static enum outcome wait_until(struct probe *p, int fd, short events, int64_t until_ns)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = p->stop_fd, .events = POLLIN}, {.fd = fd, .events = events}};
        int64_t left_ns = until_ns - clock_now_ns();
        if (left_ns < 0)
            left_ns = 0;
        struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
        int ready = ppoll(fds, 2, &left, NULL); /* a negative fd is passed over */
        if (ready < 0 && errno == EINTR)
            continue;
        if (fds[0].revents != 0)
            return OUTCOME_STOPPED;
        return ready > 0 ? OUTCOME_OK : OUTCOME_TIMED_OUT;
    }
}

static void disconnect(struct probe *p)
{
    if (p->fd >= 0)
        (void)close(p->fd);
    p->fd = -1;
}

static socklen_t address_len(const struct probe *p)
{
    return p->spec.address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                  : sizeof(struct sockaddr_in);
}

static enum outcome connect_until(struct probe *p, int64_t until_ns)
{
    int one = 1;
    int error = 0;
    socklen_t len = sizeof error;
    p->fd = socket(p->spec.address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (p->fd < 0)
        return OUTCOME_FAILED;
    (void)setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(p->fd, (const struct sockaddr *)p->spec.address, address_len(p)) == 0)
        return OUTCOME_OK;
    if (errno != EINPROGRESS)
        return OUTCOME_FAILED;
    enum outcome how = wait_until(p, p->fd, POLLOUT, until_ns);
    if (how != OUTCOME_OK)
        return how;
    (void)getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    return error == 0 ? OUTCOME_OK : OUTCOME_FAILED;
}

/* What `got` bytes (or their end, or their failure) make of the reply; *whole is false while more
 * must come. */
static enum outcome take_bytes(struct probe *p, struct response *reply, ssize_t got, bool *whole)
{
    size_t used = 0;
    *whole = true;
    if (got < 0) {
        *whole = errno != EAGAIN && errno != EINTR;
        return OUTCOME_FAILED;
    }
    enum response_state state =
        got == 0 ? response_eof(reply) : response_feed(reply, p->buffer, (size_t)got, &used);
    if (state == RESPONSE_DONE)
        return reply->status / 100 == 2 ? OUTCOME_OK : OUTCOME_FAILED;
    *whole = state == RESPONSE_BAD || got == 0;
    return OUTCOME_FAILED;
}

static enum outcome read_reply(struct probe *p, int64_t until_ns)
{
    struct response reply;
    enum outcome how = OUTCOME_OK;
    bool whole = false;
    response_init(&reply, RESPONSE_TO_ANY);
    while (!whole) {
        how = wait_until(p, p->fd, POLLIN, until_ns);
        if (how != OUTCOME_OK)
            return how;
        how = take_bytes(p, &reply, recv(p->fd, p->buffer, sizeof p->buffer, 0), &whole);
    }
    if (how == OUTCOME_OK && !reply.keep_alive)
        disconnect(p);
    return how;
}

/* One request and its reply, or why there is none. */
static enum outcome ask(struct probe *p, int64_t until_ns)
{
    if (p->fd < 0) {
        enum outcome how = connect_until(p, until_ns);
        if (how != OUTCOME_OK)
            return how;
    }
    ssize_t sent = send(p->fd, p->spec.request, p->spec.request_len, MSG_NOSIGNAL);
    if (sent != (ssize_t)p->spec.request_len)
        return OUTCOME_FAILED; /* a hundred bytes always fit into an idle socket */
    return read_reply(p, until_ns);
}

static void count(struct probe *p, enum outcome how, int64_t intended_ns)
{
    int64_t age_ns = clock_now_ns() - intended_ns;
    if (how == OUTCOME_OK) {
        p->counts.completed++;
        hist_record(p->latency, age_ns);
        return;
    }
    if (how == OUTCOME_TIMED_OUT)
        p->counts.timed_out++;
    else
        p->counts.failed++;
    hist_record(p->unfinished, age_ns);
}

/* What is open and what was due by now: nobody will answer it. */
static void count_rest(struct probe *p)
{
    p->end_ns = clock_now_ns();
    for (; due_ns(p, p->next) < p->end_ns; p->next++) {
        p->counts.open_at_end++;
        hist_record(p->unfinished, p->end_ns - due_ns(p, p->next));
    }
}

static void run(void *probe)
{
    struct probe *p = probe;
    for (;;) {
        int64_t intended_ns = due_ns(p, p->next);
        if (wait_until(p, -1, 0, intended_ns) == OUTCOME_STOPPED)
            break;
        enum outcome how = ask(p, intended_ns + p->spec.timeout_ns);
        if (how == OUTCOME_STOPPED)
            break;
        count(p, how, intended_ns);
        p->next++;
        if (how == OUTCOME_OK)
            continue;
        disconnect(p);
        if (how == OUTCOME_FAILED &&
            wait_until(p, -1, 0, clock_now_ns() + RETRY_NS) == OUTCOME_STOPPED)
            break;
    }
    count_rest(p);
    disconnect(p);
}

struct probe *probe_start(const struct probe_spec *spec, struct err *err)
{
    struct probe *p = mem_zalloc(sizeof *p);
    p->spec = *spec;
    p->fd = -1;
    p->latency = hist_new_latency();
    p->unfinished = hist_new_latency();
    p->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    p->start_ns = clock_now_ns();
    int error = p->stop_fd < 0 ? -errno : uv_thread_create(&p->thread, run, p);
    if (error < 0) {
        (void)err_set(err, ERR_USAGE, "cannot start the probe: %s", uv_strerror(error));
        if (p->stop_fd >= 0)
            (void)close(p->stop_fd);
        p->stop_fd = -1;
        probe_free(p);
        return NULL;
    }
    return p;
}

void probe_stop(struct probe *p)
{
    if (p->stop_fd < 0)
        return;
    (void)eventfd_write(p->stop_fd, 1);
    (void)uv_thread_join(&p->thread);
    (void)close(p->stop_fd);
    p->stop_fd = -1;
}

void probe_collect(struct probe *p, struct result *r)
{
    r->has_probe = true;
    r->probe_counts = p->counts;
    r->probe_counts.due = p->next;
    r->probe_counts.rate_rps = p->spec.rate_rps;
    r->probe_counts.path = mem_strdup(p->spec.path);
    r->probe = p->latency;
    r->probe_unfinished = p->unfinished;
    p->latency = p->unfinished = NULL;
}

void probe_free(struct probe *p)
{
    if (p == NULL)
        return;
    probe_stop(p);
    hist_free(p->latency);
    hist_free(p->unfinished);
    free(p);
}
