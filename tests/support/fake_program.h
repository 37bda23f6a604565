/* fake_program: a program that answers every request with one JSON text, on the test's own loop.
 *
 * Shape   bench's view of a gateway or a worker: it listens on a loopback port of its own.
 * Owner   the caller's storage, zeroed to begin with, from fake_start to fake_stop.
 */
#ifndef TESTS_FAKE_PROGRAM_H
#define TESTS_FAKE_PROGRAM_H

#include <sys/socket.h>
#include <uv.h>

struct fake {
    uv_tcp_t listener;
    int port;
    struct sockaddr_storage address;
    char *body; /* of the next reply; NULL: closes without one */
    void (*on_asked)(struct fake *f);
    void *ctx;
    int asked;
};

void fake_start(struct fake *f, uv_loop_t *loop);
void fake_say(struct fake *f, char *body); /* takes the text over */
void fake_stop(struct fake *f);

/* What the gateway of a queue says; workers is a list of JSON objects without its brackets. */
char *fake_queue_text(int64_t accepted, int64_t waiting, int64_t active, int64_t completed,
                      const char *workers);

#endif
