/* fake_redis: a Redis server on the loop of a test, which has no keys and gives the answers of the
 * test.
 *
 * Shape   it answers the greeting of a link as a server does, loads scripts, answers INFO with
 *         `version`, and grants all rights. The test sets the answer to each other script in
 *         `says`; NULL: it does not answer until fake_redis_say. BZPOPMIN blocks for ever.
 * Owner   caller's storage, until the loop has turned after fake_redis_close. Texts are borrowed.
 * Errors  an unknown command fails the test.
 */
#ifndef TESTS_FAKE_REDIS_H
#define TESTS_FAKE_REDIS_H

#include <stddef.h>
#include <uv.h>

#include "targets/queue/bullmq/scripts.h"

#define FAKE_REQUESTS_MAX 64
#define FAKE_WORDS_MAX    200

struct fake_client;

struct fake_redis {
    uv_tcp_t listener;
    char url[60];
    const char *version;                  /* NULL: the newest */
    const char *says[REDIS_SCRIPT_COUNT]; /* in the form of the protocol: ":1\r\n" */
    size_t requests[REDIS_SCRIPT_COUNT];  /* that called the script */
    /* KEYS and ARGV of each request, separated by blanks; cut */
    char words[FAKE_REQUESTS_MAX][FAKE_WORDS_MAX];
    size_t heard;             /* requests that called any script */
    struct fake_client *last; /* that called a script last */
};

/* `f` is zeroed, or has `version` and `says`. */
void fake_redis_open(struct fake_redis *f, uv_loop_t *loop);
/* Sends the text to the client that called a script last. */
void fake_redis_say(struct fake_redis *f, const char *text);
void fake_redis_hang_up(struct fake_redis *f); /* on that client */
/* Stops listening; connections end when the clients close them. */
void fake_redis_close(struct fake_redis *f);

#endif
