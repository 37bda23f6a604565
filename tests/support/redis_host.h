/* redis_host: a private redis-server on the loop of a test.
 *
 * Shape   it ends with redis_host_fini. Where redis-server is missing, redis_host_need skips the
 *         test; it comes before all that is to be given back.
 * Owner   caller's storage.
 * Errors  what the test did not ask for fails it; so does anything that takes over 30 s.
 */
#ifndef TESTS_REDIS_HOST_H
#define TESTS_REDIS_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "proc/redis_server.h"

struct redis_host {
    uv_loop_t *loop;
    char *folder; /* NULL: there is no server */
    struct redis_server *server;
    bool is_ready, is_gone;
    pid_t pid;
    int port;
    char url[200], password[100];
};

void redis_host_need(void);
void redis_host_start(struct redis_host *h, uv_loop_t *loop);
/* SIGKILL, and until it is buried. */
void redis_host_kill(struct redis_host *h);
/* One more, in the same folder, with what the one before stored: another port and password. */
void redis_host_start_again(struct redis_host *h);
/* The same, and then it gets the port and the password that the one before had. */
void redis_host_come_back(struct redis_host *h);
void redis_host_fini(struct redis_host *h); /* zeroed is fine */

/* One command, on a connection of its own, as redisCommand takes it. The number, or the count of
 * elements, that it gives; text is read as a number, and nil is -1. */
int64_t redis_host_ask(const struct redis_host *h, const char *format, ...);
/* Its text, cut. */
void redis_host_text(const struct redis_host *h, char *out, size_t size, const char *format, ...);
/* The number behind that text in what INFO says of a section; the text must be there. */
int64_t redis_host_info(const struct redis_host *h, const char *section, const char *text);

#endif
