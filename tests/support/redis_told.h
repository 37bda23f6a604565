/* redis_told: a server of proc/redis_server from its start to its end, and all that it reported.
 *
 * Owner   told_begin and told_make_folder give a folder, which told_drop_folder removes.
 * Errors  fail the test. Without redis-server told_begin skips it. An alarm bounds all waiting.
 */
#ifndef TESTS_REDIS_TOLD_H
#define TESTS_REDIS_TOLD_H

#include <stdbool.h>

#include "base/clock.h"
#include "proc/redis_server.h"
#include "support/bounded.h"

#define TIMEOUT_NS (20 * NS_PER_S)
#define GRACE_NS   (10 * NS_PER_S)
#define URL_START  "redis://default:"

/* What a server reported, from its start to its end. */
struct told {
    struct redis_server *server;
    void (*when_ready)(struct told *t);
    char *folder; /* the test's */
    pid_t pid;
    int readies, exits, port;
    char url[200], password[100];
    char text[1200];
};

bool told_have_redis(void);
struct told told_begin(void); /* for a real server */
char *told_make_folder(void);
void told_drop_folder(char *path);

/* A server in t->folder, until what when_ready begins has ended it. */
void told_serve(struct told *t, void (*when_ready)(struct told *t));
void told_run(struct told *t, const struct redis_server_spec *spec); /* with t->when_ready */
void told_stop(struct told *t);
void told_on_ready(void *ctx, const char *url, int port);
void told_on_exit(void *ctx, const char *text);

/* Says it to the server's port; `want` is all that comes back. */
void told_ask(const struct told *t, const char *request, const char *want);
void told_ask_with_password(const struct told *t, const char *request, const char *want);

/* Gives the old one, for restore_path. A test has one thread. */
char *change_path(const char *path);
void restore_path(char *old);

#endif
