/* redis_bed: a loop with a private redis-server, and links that note their events and answers.
 *
 * Shape   a test begins with bed_init, or with bed_start when it needs a server, and ends with
 *         bed_fini, which ends the server as well. Without redis-server, bed_start skips the test.
 * Owner   all in caller's storage.
 * Errors  the test fails on everything that it does not expect, and when a wait takes over 30 s.
 */
#ifndef TESTS_REDIS_BED_H
#define TESTS_REDIS_BED_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "support/redis_host.h"
#include "targets/redis/link.h"

struct redis_bed {
    uv_loop_t loop;
    struct redis_host host;
};

/* An answer, with the parts of its reply that a test may need later. */
struct bed_said {
    struct bed_link *link;
    bool came;
    enum link_end end;
    int type;
    long long integer;
    size_t len, elements;
    char text[600]; /* the string or the reason; cut */
};

struct bed_link {
    struct redis_bed *bed;
    struct link *link;
    int ups, downs;
    bool is_up, is_down, is_closed; /* is_down: on_down was called since on_up */
    int64_t down_ns;
    char reason[600];
    /* NULL, or called after the event is noted. */
    void (*when_up)(struct bed_link *l);
    void (*when_down)(struct bed_link *l);
};

/* The set-up of each test: a test that hangs is ended after 60 s, and SIGPIPE is ignored. */
int bed_set_alarm(void **state);

void bed_init(struct redis_bed *bed);
void bed_start(struct redis_bed *bed);
void bed_fini(struct redis_bed *bed);

/* Runs the loop until *what is true. */
void bed_wait(struct redis_bed *bed, const bool *what);

/* `l` is zeroed, or has its callbacks; options->url NULL: the private server. */
void bed_open(struct redis_bed *bed, struct bed_link *l, const struct link_options *options);
void bed_open_up(struct redis_bed *bed, struct bed_link *l, const struct link_options *options);
void bed_close(struct bed_link *l);

/* `ctx` is a struct bed_said with its link. */
void bed_on_done(void *ctx, const struct link_answer *answer);
/* Sends a request; `words` are separated by blanks. bed_request and bed_script wait for the answer.
 */
void bed_begin(struct bed_link *l, const char *words, int64_t limit_ns, struct bed_said *out);
void bed_request(struct bed_link *l, const char *words, struct bed_said *out);
void bed_script(struct bed_link *l, size_t script, size_t keys, const char *words,
                struct bed_said *out);
void bed_must_hold(const char *text, const char *words);

#endif
