/* ping_loop: the least that a closed-loop HTTP client on libuv can do, as the floor that bench is
 * measured against.
 *
 *     ping_loop PORT CONNECTIONS SECONDS
 *
 * Every connection has one request in flight. One read is taken for one whole response, so the
 * server's replies must be small; nothing is parsed, checked or timed. Prints one line of JSON.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/units.h"

struct link {
    uv_tcp_t tcp;
    uv_connect_t connect;
    struct pinger *pinger;
};

struct pinger {
    uv_loop_t loop;
    uv_timer_t timer;
    struct link *links;
    int64_t port, nlinks, duration_ns;
    int64_t requests, lost;
    char request[128];
    unsigned request_len;
    char receive[64 * 1024]; /* shared: no byte is looked at */
};

static void link_lost(struct link *link)
{
    link->pinger->lost++;
    uv_close((uv_handle_t *)&link->tcp, NULL);
}

static void link_ping(struct link *link)
{
    struct pinger *p = link->pinger;
    uv_buf_t bytes = uv_buf_init(p->request, p->request_len);
    if (uv_try_write((uv_stream_t *)&link->tcp, &bytes, 1) != (int)p->request_len)
        link_lost(link);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct link *link = handle->data;
    *buf = uv_buf_init(link->pinger->receive, sizeof(link->pinger->receive));
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    (void)buf;
    struct link *link = stream->data;
    if (nread == 0)
        return;
    if (nread < 0) {
        link_lost(link);
        return;
    }
    link->pinger->requests++;
    link_ping(link);
}

static void on_connect(uv_connect_t *connect, int status)
{
    struct link *link = connect->data;
    if (status < 0 || uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_read) < 0)
        link_lost(link);
    else
        link_ping(link);
}

static void on_end(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static int link_open(struct link *link, struct pinger *p, const struct sockaddr_in *to)
{
    link->pinger = p;
    link->tcp.data = link->connect.data = link;
    int status = uv_tcp_init(&p->loop, &link->tcp);
    if (status == 0)
        status = uv_tcp_nodelay(&link->tcp, 1);
    if (status == 0)
        status =
            uv_tcp_connect(&link->connect, &link->tcp, (const struct sockaddr *)to, on_connect);
    return status;
}

static int ping(struct pinger *p, struct err *err)
{
    struct sockaddr_in to;
    int status = uv_ip4_addr("127.0.0.1", (int)p->port, &to);
    if (status == 0)
        status = uv_timer_init(&p->loop, &p->timer);
    if (status == 0)
        status = uv_timer_start(&p->timer, on_end, (uint64_t)(p->duration_ns / NS_PER_MS), 0);
    for (int64_t i = 0; status == 0 && i < p->nlinks; i++)
        status = link_open(&p->links[i], p, &to);
    if (status < 0)
        return err_set(err, ERR_INVALID, "%s", uv_strerror(status));
    uv_run(&p->loop, UV_RUN_DEFAULT);
    return 0;
}

static void on_walk(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_all(struct pinger *p)
{
    uv_walk(&p->loop, on_walk, NULL);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&p->loop);
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int report(const struct pinger *p, int64_t took_ns, struct err *err)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) < 0)
        return err_set(err, ERR_INVALID, "getrusage: errno %d", errno);
    double took_s = (double)took_ns / (double)NS_PER_S;
    double user_s = seconds_of(used.ru_utime);
    double system_s = seconds_of(used.ru_stime);
    if (p->requests == 0)
        return err_set(err, ERR_INVALID, "nothing answered on port %lld", (long long)p->port);
    printf("{\"requests\":%lld,\"lost\":%lld,\"seconds\":%.3f,\"requests_per_s\":%.1f,"
           "\"cpu_user_s\":%.3f,\"cpu_system_s\":%.3f,\"cpu_per_request_us\":%.3f,"
           "\"rss_peak_bytes\":%lld}\n",
           (long long)p->requests, (long long)p->lost, took_s, (double)p->requests / took_s, user_s,
           system_s, (user_s + system_s) * 1e6 / (double)p->requests,
           (long long)used.ru_maxrss * 1024);
    return 0;
}

static int arguments(struct pinger *p, int argc, char **argv, struct err *err)
{
    if (argc != 4)
        return err_set(err, ERR_USAGE, "usage: ping_loop PORT CONNECTIONS SECONDS");
    if (units_parse_count(argv[1], &p->port, err) < 0 ||
        units_parse_count(argv[2], &p->nlinks, err) < 0 ||
        units_parse_time(argv[3], &p->duration_ns, err) < 0)
        return -1;
    if (p->port < 1 || p->port > 65535 || p->nlinks < 1 || p->nlinks > 100000)
        return err_set(err, ERR_USAGE, "the port or the number of connections is out of range");
    p->request_len =
        (unsigned)snprintf(p->request, sizeof(p->request),
                           "GET / HTTP/1.1\r\nHost: 127.0.0.1:%lld\r\n\r\n", (long long)p->port);
    return 0;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct pinger *p = mem_zalloc(sizeof(*p));
    int status = arguments(p, argc, argv, &err);
    if (status == 0 && uv_loop_init(&p->loop) < 0)
        status = err_set(&err, ERR_INVALID, "no event loop");
    if (status == 0) {
        p->links = mem_array((size_t)p->nlinks, sizeof(*p->links));
        int64_t begin_ns = clock_now_ns();
        status = ping(p, &err);
        if (status == 0)
            status = report(p, clock_now_ns() - begin_ns, &err);
        close_all(p);
    }
    if (status < 0)
        (void)fprintf(stderr, "ping_loop: %s\n", err.text);
    free(p->links);
    free(p);
    return err_exit_code(err.kind);
}
