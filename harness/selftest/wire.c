#include "selftest/wire.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <math.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"

#define PORTS 65536
#define HEAD_BYTES                                                                                 \
    128 /* what is read of a packet: the heads of IP and TCP with all their options */
#define QUEUE_BYTES (8 << 20)
#define LOOK_NS     (50 * NS_PER_MS) /* how often the thread sees that it is to end */

struct wire {
    int fd, port;
    int64_t *open_ns;    /* when the request came that a client's port waits for; 0: none */
    struct wire_log log; /* the thread's; read when it has ended */
    atomic_bool stop;
    uv_thread_t thread;
};

static unsigned pair_at(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static void add_request(struct wire_log *log, int64_t at_ns)
{
    log->requests_ns = mem_one_more(log->requests_ns, log->count, sizeof *log->requests_ns);
    log->requests_ns[log->count++] = at_ns;
}

struct segment {
    unsigned from, to; /* ports */
    bool has_payload;
};

/* RFC 791, 3.1, and RFC 9293, 3.1. */
static bool read_segment(const uint8_t *packet, size_t len, struct segment *out)
{
    if (len < 20 || packet[0] >> 4 != 4 || packet[9] != IPPROTO_TCP)
        return false;
    size_t ip_bytes = (size_t)(packet[0] & 15) * 4;
    if (ip_bytes < 20 || len < ip_bytes + 20)
        return false;
    const uint8_t *tcp = packet + ip_bytes;
    size_t heads = ip_bytes + (size_t)(tcp[12] >> 4) * 4;
    *out = (struct segment){pair_at(tcp), pair_at(tcp + 2), pair_at(packet + 2) > heads};
    return true;
}

void wire_packet(struct wire_log *log, int64_t *open_ns, int port, const uint8_t *packet,
                 size_t len, int64_t at_ns)
{
    struct segment s;
    if (!read_segment(packet, len, &s) || !s.has_payload)
        return;
    if (s.to == (unsigned)port && open_ns[s.from] == 0) {
        add_request(log, at_ns);
        open_ns[s.from] = at_ns;
    } else if (s.from == (unsigned)port && open_ns[s.to] != 0) {
        log->spans_ns += (double)(at_ns - open_ns[s.to]);
        log->nspans++;
        open_ns[s.to] = 0;
    }
}

/* The kernel's stamp of a packet; 0 without one. */
static int64_t stamp_of(struct msghdr *message)
{
    struct timespec at = {0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&at, CMSG_DATA(c), sizeof at);
    }
    return (int64_t)at.tv_sec * NS_PER_S + at.tv_nsec;
}

static void receive(void *ctx)
{
    struct wire *w = ctx;
    uint8_t packet[HEAD_BYTES];
    union {
        struct cmsghdr head; /* for its alignment */
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    for (;;) {
        /* At the end what has come is read, and no more is waited for. */
        bool is_ending = atomic_load(&w->stop);
        struct iovec part = {packet, sizeof packet};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof control};
        ssize_t n = recvmsg(w->fd, &message, is_ending ? MSG_DONTWAIT : 0);
        if (n < 0 && is_ending)
            return;
        int64_t at_ns = n < 0 ? 0 : stamp_of(&message);
        if (at_ns != 0)
            wire_packet(&w->log, w->open_ns, w->port, packet, (size_t)n, at_ns);
    }
}

/* With this protocol the socket gets what arrives, and not what is sent as well, which on the
 * loopback interface would be each packet twice. */
static int open_socket(void)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(ETH_P_IP),
                                  .sll_ifindex = (int)if_nametoindex("lo")};
    struct timeval look = {.tv_usec = LOOK_NS / NS_PER_US};
    int on = 1;
    int bytes = QUEUE_BYTES;
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* nothing comes before bind */
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    if (address.sll_ifindex != 0 &&
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look) == 0 &&
        bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

struct wire *wire_start(int port)
{
    int fd = open_socket();
    if (fd < 0)
        return NULL;
    struct wire *w = mem_zalloc(sizeof *w);
    w->fd = fd;
    w->port = port;
    w->open_ns = mem_array(PORTS, sizeof *w->open_ns);
    if (uv_thread_create(&w->thread, receive, w) == 0)
        return w;
    (void)close(fd);
    free(w->open_ns);
    free(w);
    return NULL;
}

static int64_t missed_by(int fd)
{
    struct tpacket_stats stats = {0};
    socklen_t len = sizeof stats;
    return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) == 0 ? stats.tp_drops : 0;
}

void wire_stop(struct wire *w, struct wire_log *out)
{
    *out = (struct wire_log){0};
    if (w == NULL)
        return;
    atomic_store(&w->stop, true);
    (void)uv_thread_join(&w->thread);
    *out = w->log;
    out->missed = missed_by(w->fd);
    (void)close(w->fd);
    free(w->open_ns);
    free(w);
}

void wire_log_fini(struct wire_log *log)
{
    free(log->requests_ns);
    *log = (struct wire_log){0};
}

double wire_mean_span_ns(const struct wire_log *log)
{
    return log->nspans == 0 || log->missed > 0 ? NAN : log->spans_ns / (double)log->nspans;
}
