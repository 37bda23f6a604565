#include "support/probed_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

#define PATIENCE_NS (60 * NS_PER_S)

static void end_conn(struct probed_server *s, int i, enum probed_after how)
{
    struct linger now = {.l_onoff = 1};
    if (how == PROBED_RST)
        (void)setsockopt(s->conns[i].fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)close(s->conns[i].fd);
    s->conns[i].fd = 0;
    s->conns[i].waits_since = 0;
}

static void accept_one(struct probed_server *s)
{
    int fd = accept(s->listener, NULL, NULL);
    int i = 0;
    while (i < PROBED_CONNECTIONS - 1 && s->conns[i].fd != 0)
        i++;
    assert_int_equal(s->conns[i].fd, 0);
    s->conns[i].fd = fd;
    if (s->resets_all)
        end_conn(s, i, PROBED_RST);
    atomic_fetch_add(&s->accepted, 1);
}

static void read_one(struct probed_server *s, int i)
{
    char buffer[4096];
    if (recv(s->conns[i].fd, buffer, sizeof buffer, 0) <= 0) {
        atomic_fetch_add(&s->lost, s->conns[i].waits_since != 0);
        end_conn(s, i, PROBED_FIN);
        return;
    }
    int number = atomic_fetch_add(&s->received, 1) + 1;
    if (number == s->close_at)
        end_conn(s, i, PROBED_FIN);
    else
        s->conns[i].waits_since = number;
}

/* The conn whose request has waited longest, or -1; *waiting is how many wait. */
static int oldest(const struct probed_server *s, int *waiting)
{
    int found = -1;
    *waiting = 0;
    for (int i = 0; i < PROBED_CONNECTIONS; i++) {
        int since = s->conns[i].waits_since;
        *waiting += since != 0;
        if (since != 0 && (found < 0 || since < s->conns[found].waits_since))
            found = i;
    }
    return found;
}

static void answer(struct probed_server *s)
{
    int waiting = 0;
    for (int i = oldest(s, &waiting); waiting > s->holds; i = oldest(s, &waiting)) {
        s->conns[i].waits_since = 0;
        (void)send(s->conns[i].fd, s->reply, strlen(s->reply), MSG_NOSIGNAL);
        if (s->after != PROBED_KEEP)
            end_conn(s, i, s->after);
        atomic_fetch_add(&s->answered, 1);
    }
}

static void turn(struct probed_server *s)
{
    struct pollfd fds[2 + PROBED_CONNECTIONS] = {{.fd = s->wake, .events = POLLIN},
                                                 {.fd = s->listener, .events = POLLIN}};
    bool frozen = atomic_load(&s->frozen);
    eventfd_t wakes = 0;
    for (int i = 0; i < PROBED_CONNECTIONS; i++)
        fds[2 + i] =
            (struct pollfd){.fd = s->conns[i].fd == 0 ? -1 : s->conns[i].fd, .events = POLLIN};
    atomic_store(&s->is_frozen, frozen);
    (void)poll(fds, frozen ? 1 : 2 + PROBED_CONNECTIONS, -1);
    if (fds[0].revents != 0)
        (void)eventfd_read(s->wake, &wakes);
    if (frozen)
        return;
    for (int i = 0; i < PROBED_CONNECTIONS; i++) {
        if (fds[2 + i].revents != 0)
            read_one(s, i);
    }
    if (!atomic_load(&s->mute))
        answer(s);
    if (fds[1].revents != 0)
        accept_one(s);
}

static void run(void *ctx)
{
    struct probed_server *s = ctx;
    while (!atomic_load(&s->stop))
        turn(s);
    for (int i = 0; i < PROBED_CONNECTIONS; i++) {
        if (s->conns[i].fd != 0)
            (void)close(s->conns[i].fd);
    }
}

void probed_server_start(struct probed_server *s)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&s->address;
    socklen_t len = sizeof *in;
    if (s->reply == NULL)
        s->reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n";
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(s->wake >= 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)in, len), 0);
    assert_int_equal(listen(s->listener, PROBED_CONNECTIONS), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)in, &len), 0);
    assert_int_equal(uv_thread_create(&s->thread, run, s), 0);
}

static void set(struct probed_server *s, atomic_bool *flag, bool value)
{
    atomic_store(flag, value);
    (void)eventfd_write(s->wake, 1);
}

void probed_server_stop(struct probed_server *s)
{
    set(s, &s->stop, true);
    (void)uv_thread_join(&s->thread);
    (void)close(s->listener);
    (void)close(s->wake);
}

void probed_server_freeze(struct probed_server *s)
{
    int64_t end_ns = clock_now_ns() + PATIENCE_NS;
    set(s, &s->frozen, true);
    while (!atomic_load(&s->is_frozen) && clock_now_ns() < end_ns)
        (void)poll(NULL, 0, 1);
    assert_true(atomic_load(&s->is_frozen));
}

void probed_server_thaw(struct probed_server *s)
{
    set(s, &s->frozen, false);
}

void probed_server_mute(struct probed_server *s, bool mute)
{
    set(s, &s->mute, mute);
}

bool probed_server_has_client(const struct probed_server *s)
{
    struct pollfd poll_fd = {.fd = s->listener, .events = POLLIN};
    return poll(&poll_fd, 1, 0) == 1;
}

void probed_server_wait(const atomic_int *counter, int value)
{
    int64_t end_ns = clock_now_ns() + PATIENCE_NS;
    while (atomic_load(counter) < value && clock_now_ns() < end_ns)
        (void)poll(NULL, 0, 1);
    assert_true(atomic_load(counter) >= value);
}
