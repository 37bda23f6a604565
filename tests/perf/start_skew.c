/* start_skew: how far apart two generators send their first requests, and how far apart two idle
 * processes wake up that wait for the same time.
 *
 *     start_skew serve RUNS     an HTTP server; prints its port, then the ns between the first
 * bytes of the two connections of each run, in RUNS runs start_skew floor RUNS     the ns between
 * the bytes of two processes that wait with a timerfd
 *
 * A run is the time until all its connections are closed again.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

enum { SOCKETS_MAX = 64, PAIR = 2, EXIT_USAGE = 2 };
#define FLOOR_IN_NS (50 * NS_PER_MS)

static void print_skew(const int64_t *first_ns)
{
    printf("%lld\n", (long long)llabs(first_ns[1] - first_ns[0]));
    (void)fflush(stdout);
}

/* ---- serve ---- */

struct serving {
    struct pollfd polled[SOCKETS_MAX]; /* the first one listens */
    bool has_sent[SOCKETS_MAX];
    size_t count;
    int64_t first_ns[PAIR];
    size_t nfirst;
};

static int listen_here(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, SOCKETS_MAX) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        return -1;
    printf("%d\n", ntohs(at.sin_port));
    (void)fflush(stdout);
    return fd;
}

static void take_bytes(struct serving *s, size_t i, int64_t now_ns)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    char bytes[4096];
    ssize_t n = read(s->polled[i].fd, bytes, sizeof bytes);
    if (n <= 0 || write(s->polled[i].fd, reply, sizeof reply - 1) < 0) {
        (void)close(s->polled[i].fd);
        s->polled[i].fd = -1;
        return;
    }
    if (!s->has_sent[i] && s->nfirst < PAIR)
        s->first_ns[s->nfirst++] = now_ns;
    s->has_sent[i] = true;
}

static bool is_over(const struct serving *s)
{
    for (size_t i = 1; i < s->count; i++) {
        if (s->polled[i].fd >= 0)
            return false;
    }
    return s->nfirst == PAIR;
}

static void serve_run(struct serving *s)
{
    s->nfirst = 0;
    s->count = 1;
    while (!is_over(s)) {
        (void)poll(s->polled, s->count, -1);
        int64_t now_ns = clock_now_ns();
        for (size_t i = 1; i < s->count; i++) {
            if (s->polled[i].fd >= 0 && s->polled[i].revents != 0)
                take_bytes(s, i, now_ns);
        }
        if (s->polled[0].revents != 0 && s->count < SOCKETS_MAX) {
            int fd = accept(s->polled[0].fd, NULL, NULL);
            s->has_sent[s->count] = false;
            s->polled[s->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
    print_skew(s->first_ns);
}

static int serve(int64_t runs)
{
    struct serving s = {.count = 1};
    s.polled[0] = (struct pollfd){.fd = listen_here(), .events = POLLIN};
    if (s.polled[0].fd < 0)
        return EXIT_USAGE;
    for (int64_t i = 0; i < runs; i++)
        serve_run(&s);
    return 0;
}

/* ---- floor ---- */

/* A process that writes a byte at each time that it is told, until there is none any more. */
_Noreturn static void wait_and_write(int fd)
{
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    int64_t at_ns;
    uint64_t expired;
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    while (read(fd, &at_ns, sizeof at_ns) == (ssize_t)sizeof at_ns) {
        const struct itimerspec at = {
            .it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
        if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) < 0 ||
            read(timer, &expired, sizeof expired) < 0 || write(fd, "x", 1) < 0)
            break;
    }
    _exit(0);
}

static int start_waiter(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        wait_and_write(ends[1]);
    }
    (void)close(ends[1]);
    return pid < 0 ? -1 : ends[0];
}

static int floor_run(struct pollfd *polled)
{
    char byte;
    int64_t first_ns[PAIR];
    size_t got = 0;
    int64_t at_ns = clock_now_ns() + FLOOR_IN_NS;
    for (size_t i = 0; i < PAIR; i++) {
        if (write(polled[i].fd, &at_ns, sizeof at_ns) < 0)
            return -1;
    }
    while (got < PAIR) {
        (void)poll(polled, PAIR, -1);
        int64_t now_ns = clock_now_ns();
        for (size_t i = 0; i < PAIR; i++) {
            if ((polled[i].revents & POLLIN) != 0 && read(polled[i].fd, &byte, 1) == 1)
                first_ns[got++] = now_ns;
        }
    }
    print_skew(first_ns);
    return 0;
}

static int floor_of(int64_t runs)
{
    struct pollfd polled[PAIR];
    for (size_t i = 0; i < PAIR; i++) {
        polled[i] = (struct pollfd){.fd = start_waiter(), .events = POLLIN};
        if (polled[i].fd < 0)
            return EXIT_USAGE;
    }
    for (int64_t i = 0; i < runs; i++) {
        if (floor_run(polled) < 0)
            return EXIT_USAGE;
    }
    return 0;
}

int main(int argc, char **argv)
{
    int64_t runs = argc == 3 ? strtoll(argv[2], NULL, 10) : 0; /* NOLINT: 0 when it is none */
    if (runs > 0 && strcmp(argv[1], "serve") == 0)
        return serve(runs);
    if (runs > 0 && strcmp(argv[1], "floor") == 0)
        return floor_of(runs);
    (void)fprintf(stderr, "usage: start_skew serve|floor RUNS\n");
    return EXIT_USAGE;
}
