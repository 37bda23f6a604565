/* The program faulty_h2: its socket and its counts. */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "faulty_h2.h"

#define THREAD_STACK ((size_t)256 * 1024)

/* --- counts --- */

static void set_count(json_t *json, const char *key, const atomic_long *count)
{
    (void)json_object_set_new(json, key, json_integer(atomic_load(count)));
}

static json_t *row_json(const struct h2_counts *c)
{
    json_t *row = json_object();
    set_count(row, "connections", &c->connections);
    set_count(row, "requests", &c->requests);
    set_count(row, "replies", &c->replies);
    set_count(row, "refused", &c->refused);
    set_count(row, "reset", &c->reset);
    set_count(row, "goaways", &c->goaways);
    set_count(row, "body_bytes", &c->body_bytes);
    return row;
}

/* Rows that nobody asked for are left out. */
char *h2_counts_text(struct h2_faulty *s)
{
    const struct h2_totals *t = &s->totals;
    json_t *json = json_object();
    for (size_t i = 0; i < H2_PATHS_MAX && h2_path_name(i) != NULL; i++) {
        if (atomic_load(&s->counts[i].requests) > 0)
            (void)json_object_set_new(json, h2_path_name(i), row_json(&s->counts[i]));
    }
    set_count(json, "accepted", &t->accepted);
    set_count(json, "foreign", &t->foreign);
    set_count(json, "resets", &t->resets);
    set_count(json, "goaways", &t->goaways);
    set_count(json, "settled", &t->settled);
    set_count(json, "pings", &t->pings);
    set_count(json, "too_many", &t->too_many);
    set_count(json, "most", &t->most);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

/* From now on nothing is answered whole, so the counts stay what they are. */
static void close_counts(struct h2_faulty *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->closed = true;
    (void)pthread_mutex_unlock(&s->lock);
}

/* --- connections --- */

static int accept_one(struct h2_faulty *s, int listener, const pthread_attr_t *attributes)
{
    pthread_t thread;
    int on = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return errno == ECONNABORTED ? 0 : -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    atomic_fetch_add(&s->totals.accepted, 1);
    struct h2_peer *p = mem_zalloc(sizeof *p);
    p->server = s;
    p->fd = fd;
    if (pthread_create(&thread, attributes, h2_peer_run, p) == 0)
        return 0;
    (void)close(fd);
    free(p);
    return -1;
}

/* Until a signal comes. */
static int serve(struct h2_faulty *s, int listener, int signals)
{
    pthread_attr_t attributes;
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    int failed = 0;
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_attr_setstacksize(&attributes, THREAD_STACK);
    while (failed == 0 && fds[0].revents == 0) {
        failed = poll(fds, LEN(fds), -1) < 0 && errno != EINTR ? -1 : 0;
        if (failed == 0 && fds[1].revents != 0)
            failed = accept_one(s, listener, &attributes);
    }
    (void)pthread_attr_destroy(&attributes);
    return failed;
}

/* --- the program --- */

/* The listening socket, its port in *port; -1 with errno. */
static int listen_on(int *port)
{
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)*port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    struct sockaddr *any = (struct sockaddr *)(void *)&address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, any, len) < 0 || listen(fd, SOMAXCONN) < 0 || getsockname(fd, any, &len) < 0)
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

static int stop_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* it does not outlive the test */
    return signalfd(-1, &set, SFD_CLOEXEC);
}

struct options {
    int64_t port;
};

/* clang-format off */
static const struct opt option_rows[] = {
    {.name = "port", .type = OPT_COUNT, .at = offsetof(struct options, port), .max = 65535,
     .arg = "N", .def = "0", .help = "The port to listen on; 0 takes a free one."},
    {.type = OPT_END},
};
/* clang-format on */

int main(int argc, char **argv)
{
    static struct h2_faulty server = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct options options = {0};
    struct err err = {0};
    struct opt_given given;
    const struct opt_group groups[] = {{"Server", option_rows, &options}, {0}};
    log_set_program("faulty_h2");
    if (opt_parse(groups, argc, argv, &given, &err) < 0) {
        log_error("%s", err.text);
        return 2;
    }
    int port = (int)options.port;
    int signals = stop_signals();
    int listener = listen_on(&port);
    if (signals < 0 || listener < 0) {
        log_error("cannot listen on port %d: errno %d", (int)options.port, errno);
        return 2;
    }
    (void)printf("{\"ready\":true,\"port\":%d}\n", port);
    (void)fflush(stdout);
    int failed = serve(&server, listener, signals);
    close_counts(&server);
    char *text = h2_counts_text(&server);
    (void)printf("%s\n", text);
    free(text);
    return failed < 0 ? 1 : 0;
}
