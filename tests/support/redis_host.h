/* redis_host: a private redis-server on the loop of a test.
 *
 * Shape   redis_host_fini ends the server. redis_host_need skips the test when redis-server is
 *         missing; call it before anything that would have to be freed.
 * Owner   caller's storage.
 * Errors  the test fails on everything that it does not expect, and when a wait takes over 30 s.
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
    struct folder *own; /* NULL: there is no server */
    const char *folder;
    struct redis_server *server;
    bool is_ready, is_gone;
    pid_t pid;
    int port;
    char url[200], password[100];
};

void redis_host_need(void);
void redis_host_start(struct redis_host *h, uv_loop_t *loop);
/* SIGKILL; waits until the process is gone. */
void redis_host_kill(struct redis_host *h);
/* Starts another server in the same folder, with what the last one stored; port and password are
 * new.
 */
void redis_host_start_again(struct redis_host *h);
/* The same, but with the port and the password of the last one. */
void redis_host_come_back(struct redis_host *h);
void redis_host_fini(struct redis_host *h); /* zeroed is fine */

/* Runs one command, in the form of redisCommand, on a connection of its own. Returns the number or
 * the count of elements of the reply; text is read as a number, and nil is -1. */
int64_t redis_host_command(const struct redis_host *h, const char *format, ...);
/* Gives the text of the reply, cut. */
void redis_host_text(const struct redis_host *h, char *out, size_t size, const char *format, ...);
/* The number after `text` in a section of INFO; the text must be there. */
int64_t redis_host_info(const struct redis_host *h, const char *section, const char *text);

#endif
