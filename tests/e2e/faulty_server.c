/* faulty_server: listening, requests and counts; what it answers is in faulty_paths.c. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "faulty.h"
#include "tls/identity.h"
#include "tls/server.h"

#define THREAD_STACK ((size_t)256 * 1024)

/* ---- reading ---- */

/* More bytes behind those that are there. */
static int read_more(struct peer *p)
{
    memmove(p->bytes, p->bytes + p->start, p->len);
    p->start = 0;
    ssize_t n = p->len < FAULTY_REQUEST_MAX
                    ? wire_read(p, p->bytes + p->len, FAULTY_REQUEST_MAX - p->len)
                    : 0;
    if (n <= 0)
        return -1;
    p->len += (size_t)n;
    p->bytes[p->len] = '\0';
    return 0;
}

/* The length of the head at the start of the bytes; 0: it is not whole. */
static size_t head_len(const struct peer *p)
{
    const char *head = p->bytes + p->start;
    const char *end = memmem(head, p->len, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - head) + 4;
}

static size_t content_length(const char *head, size_t len)
{
    static const char name[] = "\r\nContent-Length:";
    for (size_t i = 0; i + sizeof name <= len; i++) {
        if (strncasecmp(head + i, name, sizeof name - 1) == 0)
            return strtoul(head + i + sizeof name - 1, NULL, 10);
    }
    return 0;
}

static void keep_body(struct server *s, const struct request *r)
{
    size_t len = r->body_len < FAULTY_BODY_MAX - 1 ? r->body_len : FAULTY_BODY_MAX - 1;
    if (len == 0)
        return;
    (void)pthread_mutex_lock(&s->lock);
    memcpy(s->last_body, r->body, len);
    s->last_body[len] = '\0';
    (void)pthread_mutex_unlock(&s->lock);
}

static void count_request(struct peer *p, const struct request *r)
{
    struct counts *counts = &p->server->counts[r->path];
    if (p->requests++ == 0)
        atomic_fetch_add(&counts->connections, 1);
    atomic_fetch_add(&counts->requests, 1);
    keep_body(p->server, r);
}

int peer_read_request(struct peer *p, struct request *r)
{
    size_t head = 0;
    for (head = head_len(p); head == 0; head = head_len(p)) {
        if (read_more(p) < 0)
            return -1;
    }
    *r = (struct request){0};
    if (sscanf(p->bytes + p->start, "%15s %255s", r->method, r->target) != 2)
        return -1;
    r->path = path_find(r->target);
    if (path_end(r->path) != END_UNREAD && path_end(r->path) != END_ABRUPT)
        r->body_len = content_length(p->bytes + p->start, head);
    while (p->len < head + r->body_len) {
        if (read_more(p) < 0)
            return -1;
    }
    r->body = p->bytes + p->start + head;
    p->start += head + r->body_len;
    p->len -= head + r->body_len;
    count_request(p, r);
    return 0;
}

/* ---- connections ---- */

static void *serve_connection(void *arg)
{
    struct peer *p = arg;
    struct request r;
    enum end end = wire_open(p);
    while (end == END_NOT)
        end = peer_read_request(p, &r) < 0 ? END_FIN : path_answer(p, &r);
    wire_finish(p, end);
    free(p);
    return NULL;
}

static int accept_one(struct server *s, int listener, const pthread_attr_t *attributes)
{
    pthread_t thread;
    int on = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return errno == ECONNABORTED ? 0 : -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    atomic_fetch_add(&s->accepted, 1);
    struct peer *p = mem_zalloc(sizeof *p);
    p->server = s;
    p->fd = fd;
    if (pthread_create(&thread, attributes, serve_connection, p) == 0)
        return 0;
    (void)close(fd);
    free(p);
    return -1;
}

/* ---- the program ---- */

struct options {
    const char *host, *socket;
    int64_t port;
    bool deaf, tls;
    const char *cert_out, *cert, *key, *client_ca, *fault;
    int64_t fault_at, fault_after;
};

static const char *const faults[] = {"none", "stall", "cut", "garble", "alert", NULL};

#define AT(field) offsetof(struct options, field)
/* clang-format off */
static const struct opt rows[] = {
    {.name = "host", .type = OPT_TEXT, .at = AT(host), .arg = "ADDRESS", .def = "127.0.0.1",
     .help = "The address to listen on: 127.0.0.1 or ::1."},
    {.name = "port", .type = OPT_COUNT, .at = AT(port), .max = 65535, .arg = "N", .def = "0",
     .help = "The port to listen on; 0 takes a free one."},
    {.name = "socket", .type = OPT_TEXT, .at = AT(socket), .arg = "PATH",
     .help = "The unix socket to listen on, instead of a port; it stays behind."},
    {.name = "deaf", .type = OPT_FLAG, .at = AT(deaf),
     .help = "Accept no connection: after the first one even connecting gets no answer."},
    {.name = "tls", .type = OPT_FLAG, .at = AT(tls),
     .help = "TLS, with a certificate for this machine that is made for the run."},
    {.name = "tls-cert-out", .type = OPT_TEXT, .at = AT(cert_out), .arg = "FILE",
     .help = "Write the certificate that was made there, before the ready line."},
    {.name = "tls-cert", .type = OPT_TEXT, .at = AT(cert), .arg = "FILE",
     .help = "A certificate to use instead of one that is made."},
    {.name = "tls-key", .type = OPT_TEXT, .at = AT(key), .arg = "FILE",
     .help = "The key of --tls-cert."},
    {.name = "tls-client-ca", .type = OPT_TEXT, .at = AT(client_ca), .arg = "FILE",
     .help = "Clients need a certificate of these authorities."},
    {.name = "tls-fault", .type = OPT_CHOICE, .at = AT(fault), .choices = faults, .arg = "FAULT", .def = "none",
     .help = "How handshakes go wrong: none, stall, cut, garble, alert."},
    {.name = "tls-fault-at", .type = OPT_COUNT, .at = AT(fault_at), .min = 1, .arg = "N", .def = "1",
     .help = "At which record that the server writes."},
    {.name = "tls-fault-after", .type = OPT_COUNT, .at = AT(fault_after), .arg = "N", .def = "0",
     .help = "So many handshakes before go well."},
    {.type = OPT_END},
};
/* clang-format on */

/* ---- TLS ---- */

static struct tls_identity *find_identity(const struct options *options, struct err *err)
{
    if (options->cert != NULL)
        return tls_identity_load(options->cert, options->key, err);
    return tls_identity_make_local(err);
}

static int write_certificate(const struct tls_identity *identity, const char *path, struct err *err)
{
    char *pem = tls_identity_pem(identity);
    FILE *file = fopen(path, "we");
    bool is_written = file != NULL && fputs(pem, file) >= 0;
    bool is_closed = file != NULL && fclose(file) == 0;
    free(pem);
    return is_written && is_closed ? 0 : err_set(err, ERR_USAGE, "cannot write %s", path);
}

static int make_tls(struct server *s, const struct options *options, struct err *err)
{
    struct tls_identity *identity = find_identity(options, err);
    struct tls_server_options tls = {.identity = identity};
    if (identity == NULL)
        return -1;
    if (options->client_ca != NULL)
        str_list_add(&tls.client_ca_files, options->client_ca);
    s->tls = tls_server_new(&tls, err);
    int failed = s->tls == NULL ? -1 : 0;
    if (failed == 0 && options->cert_out != NULL)
        failed = write_certificate(identity, options->cert_out, err);
    str_list_fini(&tls.client_ca_files);
    tls_identity_free(identity);
    while (strcmp(faults[s->shaking.fault], options->fault) != 0)
        s->shaking.fault++;
    s->shaking.at = options->fault_at;
    s->shaking.after = options->fault_after;
    return failed;
}

/* ---- listening ---- */

static int queue_len(const struct options *options)
{
    return options->deaf ? 0 : SOMAXCONN;
}

/* The listening socket of a path; -1 with errno. */
static int listen_on_path(const struct options *options)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", options->socket);
    if (fd < 0 || bind(fd, (const struct sockaddr *)(const void *)&address, sizeof address) < 0 ||
        listen(fd, queue_len(options)) < 0)
        return -1;
    return fd;
}

/* The listening socket, its port in *port; -1 with errno. */
static int listen_on(const struct options *options, int *port)
{
    int on = 1;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = v4.sin_port};
    struct sockaddr *address = (struct sockaddr *)(void *)&v6;
    socklen_t len = sizeof v6;
    if (inet_pton(AF_INET, options->host, &v4.sin_addr) == 1) {
        address = (struct sockaddr *)(void *)&v4;
        len = sizeof v4;
    } else if (inet_pton(AF_INET6, options->host, &v6.sin6_addr) != 1) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, address, len) < 0 || listen(fd, queue_len(options)) < 0 ||
        getsockname(fd, address, &len) < 0)
        return -1;
    /* The port is at the same place in both. */
    *port = ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
    return fd;
}

/* Until a signal comes. */
static int serve(struct server *s, int listener, int signals, const struct options *options)
{
    pthread_attr_t attributes;
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
                           {.fd = options->deaf ? -1 : listener, .events = POLLIN}};
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

int main(int argc, char **argv)
{
    static struct server server = {.froze = ATOMIC_FLAG_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct options options = {0};
    struct err err = {0};
    struct opt_given given;
    const struct opt_group groups[] = {{"Server", rows, &options}, {0}};
    int port = 0;
    log_set_program("faulty_server");
    /* Threads may be in a handshake when main ends. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    if (opt_parse(groups, argc, argv, &given, &err) < 0 ||
        (options.tls && make_tls(&server, &options, &err) < 0)) {
        log_error("%s", err.text);
        return 2;
    }
    int signals = stop_signals();
    int listener = options.socket != NULL ? listen_on_path(&options) : listen_on(&options, &port);
    if (signals < 0 || listener < 0) {
        log_error("cannot listen on %s port %d: errno %d", options.host, (int)options.port, errno);
        return 2;
    }
    (void)printf("{\"ready\":true,\"port\":%d}\n", port);
    (void)fflush(stdout);
    int failed = serve(&server, listener, signals, &options);
    paths_close(&server);
    char *text = paths_counts(&server);
    (void)printf("%s\n", text);
    free(text);
    return failed < 0 ? 1 : 0;
}
