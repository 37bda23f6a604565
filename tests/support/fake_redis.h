/* fake_redis: a Redis server on the loop of a test that knows no keys, and says what it is told to.
 *
 * Shape   it greets a link as a server does, loads scripts, and tells INFO that it is of this
 *         version and that the user has all rights. What it says to the call of another script and
 *         to BZPOPMIN is the test's; NULL is nothing at all: the caller waits until fake_redis_say.
 * Owner   caller's storage, until the loop has turned after fake_redis_close. Texts are borrowed.
 * Errors  a command that it does not know fails the test.
 */
#ifndef TESTS_FAKE_REDIS_H
#define TESTS_FAKE_REDIS_H

#include <stddef.h>
#include <uv.h>

#include "targets/queue/bullmq/scripts.h"

#define FAKE_CALLS_MAX 64
#define FAKE_WORDS_MAX 200

struct fake_client;

struct fake_redis {
    uv_tcp_t listener;
    char url[60];
    const char *version;                        /* NULL: a new one */
    const char *says[REDIS_SCRIPT_COUNT];       /* as it is sent: ":1\r\n" */
    size_t calls[REDIS_SCRIPT_COUNT];           /* that came */
    char words[FAKE_CALLS_MAX][FAKE_WORDS_MAX]; /* of each call: KEYS and ARGV, by blanks; cut */
    size_t heard;                               /* calls of any script */
    struct fake_client *last;                   /* who called a script last */
};

/* Zeroed, but for what it says. */
void fake_redis_open(struct fake_redis *f, uv_loop_t *loop);
/* To who called a script last. */
void fake_redis_say(struct fake_redis *f, const char *text);
void fake_redis_hang_up(struct fake_redis *f); /* on it */
/* Its connections end when the others hang up. */
void fake_redis_close(struct fake_redis *f);

#endif
