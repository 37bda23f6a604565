#include "selftest/machine_floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"

#define IDLE_NS     (20 * NS_PER_MS)
#define IDLE_ROUNDS 50

struct bed {
    _Atomic int64_t sent_ns;        /* the byte that is under way */
    struct hist *one_way;           /* the thread's; read when it has ended */
    int listener, near, far, timer; /* -1: not open */
    uv_thread_t thread;
    bool has_thread;
};

static int fail(const char *what, int error, struct err *err)
{
    char reason[80];
    return err_set(err, ERR_INVALID, "cannot measure this machine: %s: %s", what,
                   strerror_r(error, reason, sizeof reason));
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Both ends of a TCP connection over loopback. */
static int connect_pair(struct bed *b, struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int on = 1;
    b->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    b->near = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (b->listener < 0 || b->near < 0)
        return fail("a socket", errno, err);
    if (bind(b->listener, (struct sockaddr *)&address, len) < 0 || listen(b->listener, 1) < 0 ||
        getsockname(b->listener, (struct sockaddr *)&address, &len) < 0 ||
        connect(b->near, (struct sockaddr *)&address, len) < 0)
        return fail("a connection over loopback", errno, err);
    b->far = accept4(b->listener, NULL, NULL, SOCK_CLOEXEC);
    if (b->far < 0)
        return fail("a connection over loopback", errno, err);
    (void)setsockopt(b->near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(b->far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

/* Sends each byte back, until the other end closes. */
static void echo(void *ctx)
{
    struct bed *b = ctx;
    char byte = 0;
    while (read(b->far, &byte, 1) == 1) {
        hist_record(b->one_way, clock_now_ns() - b->sent_ns);
        if (write(b->far, &byte, 1) != 1)
            return;
    }
}

static int open_bed(struct bed *b, struct err *err)
{
    if (connect_pair(b, err) < 0)
        return -1;
    b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (b->timer < 0)
        return fail("a timer", errno, err);
    int error = uv_thread_create(&b->thread, echo, b);
    if (error < 0)
        return fail("a thread", -error, err);
    b->has_thread = true;
    return 0;
}

static void close_bed(struct bed *b)
{
    if (b->near >= 0)
        (void)shutdown(b->near, SHUT_RDWR); /* ends the thread */
    if (b->has_thread)
        (void)uv_thread_join(&b->thread);
    close_fd(&b->listener);
    close_fd(&b->near);
    close_fd(&b->far);
    close_fd(&b->timer);
}

static int sleep_until(const struct bed *b, int64_t at_ns, struct err *err)
{
    uint64_t rung = 0;
    struct itimerspec at = {.it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
    if (timerfd_settime(b->timer, TFD_TIMER_ABSTIME, &at, NULL) < 0 ||
        read(b->timer, &rung, sizeof rung) != (ssize_t)sizeof rung)
        return fail("a timer", errno, err);
    return 0;
}

static int go_round(struct bed *b, int64_t at_ns, struct machine_floor *out, struct err *err)
{
    char byte = 'x';
    if (sleep_until(b, at_ns, err) < 0)
        return -1;
    int64_t woke_ns = clock_now_ns();
    b->sent_ns = woke_ns;
    if (write(b->near, &byte, 1) != 1 || read(b->near, &byte, 1) != 1)
        return fail("a connection over loopback", errno, err);
    hist_record(out->wake, woke_ns - at_ns);
    hist_record(out->round_trip, clock_now_ns() - woke_ns);
    return 0;
}

/* What each byte took one way; NULL: it cannot be measured. */
static struct hist *go_rounds(int rounds, int64_t gap_ns, struct machine_floor *out,
                              struct err *err)
{
    struct bed b = {
        .one_way = hist_new_latency(), .listener = -1, .near = -1, .far = -1, .timer = -1};
    int failed = open_bed(&b, err);
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    for (int i = 0; i < rounds && failed == 0; i++)
        failed = go_round(&b, clock_now_ns() + gap_ns, out, err);
    (void)prctl(PR_SET_TIMERSLACK, 0UL); /* that of the start again */
    close_bed(&b);
    if (failed == 0)
        return b.one_way;
    hist_free(b.one_way);
    return NULL;
}

int64_t machine_floor_idle_ns(const struct machine_floor *f)
{
    return hist_percentile_ns(f->idle_wake, 0.5) + 2 * hist_percentile_ns(f->to_idle, 0.5);
}

int machine_floor_measure(int rounds, int64_t gap_ns, struct machine_floor *out, struct err *err)
{
    struct machine_floor f = {.wake = hist_new_latency(), .round_trip = hist_new_latency()};
    struct machine_floor idle = {.wake = hist_new_latency(), .round_trip = hist_new_latency()};
    struct hist *unused = go_rounds(rounds, gap_ns, &f, err);
    if (unused != NULL)
        f.to_idle = go_rounds(IDLE_ROUNDS, IDLE_NS, &idle, err);
    int failed = f.to_idle == NULL ? -1 : 0;
    f.idle_wake = hist_copy(idle.wake);
    hist_free(unused);
    machine_floor_fini(&idle);
    if (failed == 0)
        *out = f;
    else
        machine_floor_fini(&f);
    return failed;
}

void machine_floor_fini(struct machine_floor *f)
{
    hist_free(f->wake);
    hist_free(f->round_trip);
    hist_free(f->idle_wake);
    hist_free(f->to_idle);
    *f = (struct machine_floor){0};
}
