/* probed_server: an HTTP server for the tests of the probe, whose stalls are the test's choice.
 *
 * Shape   one thread, any number of connections, on loopback and a port of its own. It answers
 *         each read as one request, in the order of their arrival.
 * Owner   the caller's storage: set the plain fields, then start, then stop.
 * Errors  a call of the system that fails, fails the test.
 */
#ifndef TESTS_PROBED_SERVER_H
#define TESTS_PROBED_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <uv.h>

#define PROBED_CONNECTIONS 512

enum probed_after { PROBED_KEEP, PROBED_FIN, PROBED_RST };

struct probed_server {
    const char *reply;       /* NULL: a 200 */
    enum probed_after after; /* a reply */
    int close_at;            /* closes instead of answering this request; 0: none */
    int holds;               /* answers the oldest request when more than these wait */
    bool resets_all;         /* each connection, as soon as it is accepted */

    atomic_int accepted, received, answered;
    atomic_int lost; /* connections that ended while their request waited */

    struct sockaddr_storage address;
    int listener, wake;
    uv_thread_t thread;
    atomic_bool stop, frozen, is_frozen, mute;
    struct {
        int fd;          /* 0: none */
        int waits_since; /* number of its request that has no reply yet; 0: none */
    } conns[PROBED_CONNECTIONS];
};

void probed_server_start(struct probed_server *s);
void probed_server_stop(struct probed_server *s);
/* Nothing is accepted, read or answered until it thaws. Returns once that is so. */
void probed_server_freeze(struct probed_server *s);
void probed_server_thaw(struct probed_server *s);
/* While it is mute, it accepts and reads, and does not answer: what it reads gets no reply. */
void probed_server_mute(struct probed_server *s, bool mute);
/* Whether a client waits to be accepted. */
bool probed_server_has_client(const struct probed_server *s);
/* Until the counter has reached the value, or the test fails after 60 s. */
void probed_server_wait(const atomic_int *counter, int value);

#endif
