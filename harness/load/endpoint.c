#include "load/endpoint_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#define AGAIN_MS 10 /* before another try at a full listen queue */

bool endpoint_is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* Waits for a connect that has begun. Returns 0 or the errno; EINTR: a signal is pending. */
static int finish_connect(int fd, int64_t timeout_ns)
{
    int64_t end_ns = clock_now_ns() + timeout_ns;
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    int ready = 0;
    while (ready == 0) {
        int64_t left_ms = (end_ns - clock_now_ns()) / NS_PER_MS;
        if (endpoint_is_interrupted())
            return EINTR;
        if (left_ms < 0)
            return ETIMEDOUT;
        ready = poll(&poll_fd, 1, left_ms < ENDPOINT_LOOK_MS ? (int)left_ms : ENDPOINT_LOOK_MS);
        if (ready < 0 && errno == EINTR)
            ready = 0;
    }
    if (ready < 0)
        return errno;
    int error = 0;
    socklen_t len = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? errno : error;
}

int endpoint_connect(const struct sockaddr *address, socklen_t address_len, int64_t timeout_ns,
                     int *out)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int error = 0;
    if (connect(fd, address, address_len) < 0)
        error = errno == EINPROGRESS ? finish_connect(fd, timeout_ns) : errno;
    if (error != 0)
        (void)close(fd);
    else
        *out = fd;
    return error;
}

/* 0, or the errno of a connect to this address. */
static int try_address(const struct sockaddr *address, socklen_t address_len, int64_t timeout_ns)
{
    int fd = -1;
    int error = endpoint_connect(address, address_len, timeout_ns, &fd);
    if (error == 0)
        (void)close(fd);
    return error;
}

/* --- the addresses of a name --- */

static void describe(const struct sockaddr *address, char *text, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
        (void)inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
        (void)snprintf(text, size, "[%s]:%d", host, ntohs(in6->sin6_port));
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        (void)inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        (void)snprintf(text, size, "%s:%d", host, ntohs(in->sin_port));
    }
}

static const char *remedy(int error)
{
    if (error == ECONNREFUSED)
        return "nothing listens there; start the server or correct the port";
    if (error == ETIMEDOUT)
        return "no answer; check the address and any firewall, or allow more with --timeout";
    if (error == EADDRNOTAVAIL)
        return "no local port is free, or the address does not exist here; closed connections keep "
               "their ports for a minute, and net.ipv4.ip_local_port_range says how many there are";
    if (error == EMFILE || error == ENFILE)
        return "raise the limit with `ulimit -n`";
    return "check the address and this machine's route to it";
}

static void add_address(struct endpoint *e, const struct addrinfo *info, const char *text)
{
    size_t len = strlen(e->text);
    memcpy(&e->addresses[e->naddresses++], info->ai_addr, info->ai_addrlen);
    (void)snprintf(e->text + len, sizeof e->text - len, "%s%s", len == 0 ? "" : ", ", text);
}

static bool is_full(const struct endpoint *e, bool all)
{
    return e->naddresses == (all ? LEN(e->addresses) : 1);
}

/* What was tried last, and how that failed. */
struct attempt {
    char text[64];
    int error;
    bool any;
};

static int no_address(const struct url *url, const struct endpoint_choice *choice,
                      const struct attempt *last, struct err *err)
{
    char reason[80];
    const char *text = strerror_r(last->error, reason, sizeof reason);
    if (!last->any)
        return err_set(err, ERR_INVALID, "%s has no IPv%d address; leave out -%d", url->host,
                       choice->family == AF_INET ? 4 : 6, choice->family == AF_INET ? 4 : 6);
    if (last->error == EINTR)
        return err_set(err, ERR_INTERRUPTED, "interrupted while connecting to %s", url->authority);
    if (str_starts(last->text, url->authority)) /* the host is an address */
        return err_set(err, ERR_INVALID, "cannot connect to %s: %s (errno %d): %s", last->text,
                       text, last->error, remedy(last->error));
    return err_set(err, ERR_INVALID, "cannot connect to %s (%s): %s (errno %d): %s", url->authority,
                   last->text, text, last->error, remedy(last->error));
}

static bool is_wanted(const struct addrinfo *info, int family)
{
    bool is_known = info->ai_family == AF_INET || info->ai_family == AF_INET6;
    return is_known && (family == AF_UNSPEC || info->ai_family == family);
}

static int find(const struct addrinfo *list, const struct url *url,
                const struct endpoint_choice *choice, struct endpoint *out, struct err *err)
{
    struct attempt last = {0};
    char reason[80];
    for (const struct addrinfo *info = list;
         info != NULL && last.error != EINTR && !is_full(out, choice->all); info = info->ai_next) {
        if (!is_wanted(info, choice->family))
            continue;
        last.any = true;
        last.error = try_address(info->ai_addr, info->ai_addrlen, choice->timeout_ns);
        describe(info->ai_addr, last.text, sizeof last.text);
        if (last.error == 0)
            add_address(out, info, last.text);
        else if (choice->all && last.error != EINTR)
            log_warn("%s does not accept connections (%s), so it is left out", last.text,
                     strerror_r(last.error, reason, sizeof reason));
    }
    if (out->naddresses > 0 && last.error != EINTR)
        return 0;
    return no_address(url, choice, &last, err);
}

int endpoint_find(const struct url *url, const struct endpoint_choice *choice, struct endpoint *out,
                  struct err *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    char port[8];
    *out = (struct endpoint){0};
    (void)snprintf(port, sizeof port, "%d", url->port);
    int failed = getaddrinfo(url->host, port, &hints, &list);
    if (failed != 0)
        return err_set(err, ERR_INVALID,
                       "the name %s does not resolve (%s); check its spelling or give an address",
                       url->host, gai_strerror(failed));
    int result = find(list, url, choice, out, err);
    freeaddrinfo(list);
    return result;
}

/* --- the socket of a path --- */

int endpoint_check_path(const char *path, struct err *err)
{
    size_t len = strlen(path);
    if (len == 0)
        return err_set(err, ERR_USAGE,
                       "'' is not a path; give the one that the server listens on, such as "
                       "/run/app.sock");
    if (path[0] == '@')
        return err_set(err, ERR_USAGE,
                       "a name with '@' is that of an abstract socket, which is not supported; let "
                       "the server listen on a file, or write ./@NAME for a file of that name");
    if (len > ENDPOINT_PATH_MAX)
        return err_set(err, ERR_USAGE,
                       "a socket's path has at most %zu bytes, and this one has %zu; use a shorter "
                       "one, or start bench in a folder nearer to it",
                       ENDPOINT_PATH_MAX, len);
    return 0;
}

/* A listen queue that is full refuses at once: this waits for room as long as a connect may take.
 */
static int try_path(const struct sockaddr_un *address, int64_t timeout_ns)
{
    int64_t end_ns = clock_now_ns() + timeout_ns;
    for (;;) {
        int error = try_address((const struct sockaddr *)(const void *)address, sizeof *address,
                                timeout_ns);
        if (error != EAGAIN || clock_now_ns() >= end_ns)
            return error;
        if (endpoint_is_interrupted())
            return EINTR;
        (void)poll(NULL, 0, AGAIN_MS);
    }
}

static bool is_other_file(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && !S_ISSOCK(file.st_mode);
}

static const char *path_remedy(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "start the server, or correct the path";
    case ECONNREFUSED:
        return "no server listens there any more; start it again";
    case EACCES:
        return "connecting takes write permission on the socket, and x on its folders";
    case EAGAIN:
        return "its listen queue is full; look whether the server is stuck";
    case EPROTOTYPE:
        return "it is not a stream socket, which HTTP needs";
    case EMFILE:
    case ENFILE:
        return "raise the limit with `ulimit -n`";
    default:
        return "check the path";
    }
}

static int path_failed(const char *path, int error, struct err *err)
{
    char reason[80];
    if (error == EINTR)
        return err_set(err, ERR_INTERRUPTED, "interrupted while connecting to %s", path);
    if (error == ECONNREFUSED && is_other_file(path))
        return err_set(err, ERR_INVALID,
                       "cannot connect to %s: it is not a socket; give the path that the server "
                       "listens on",
                       path);
    return err_set(err, ERR_INVALID, "cannot connect to %s: %s (errno %d): %s", path,
                   strerror_r(error, reason, sizeof reason), error, path_remedy(error));
}

int endpoint_find_path(const char *path, int64_t timeout_ns, struct endpoint *out, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *out = (struct endpoint){0};
    if (endpoint_check_path(path, err) < 0)
        return -1;
    memcpy(address.sun_path, path, strlen(path));
    int error = try_path(&address, timeout_ns);
    if (error != 0)
        return path_failed(path, error, err);
    memcpy(&out->addresses[0], &address, sizeof address);
    out->naddresses = 1;
    memcpy(out->text, path, strlen(path));
    return 0;
}
