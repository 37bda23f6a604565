/* redis_calls: what is asked of one script of a queue, gathered into few calls.
 *
 * Shape   closed, but for struct redis_ask. What is asked for in one turn of the loop goes out
 *         together before the loop waits again; when `flights` calls are under way, what comes is
 *         gathered until one is answered. So a hundred requests at once cost a few calls, and each
 *         call's fixed cost is shared.
 * Owner   redis_ask_new gives an ask to the caller, redis_calls_add takes it over and frees it
 *         after on_answer. Words are copied. redis_calls_free is for when the link is closed and
 *         all that was under way is answered; what was only gathered is answered by it as not sent.
 *         The memory is given back some turns of the loop later.
 * Errors  every ask is answered once, also when there is no connection: struct link_answer tells.
 */
#ifndef TARGETS_QUEUE_BULLMQ_CALLS_H
#define TARGETS_QUEUE_BULLMQ_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "targets/queue/broker.h"
#include "targets/queue/bullmq/scripts.h"
#include "targets/redis/link.h"

#define REDIS_ASK_WORDS 7

struct redis_ask {
    struct redis_ask *next;
    void *ctx;
    union {
        broker_added_fn added;
        broker_found_fn found;
        broker_taken_fn taken;
        broker_finished_fn finished;
    } done;
    size_t amount;     /* TAKE */
    int64_t lease;     /* FINISH */
    enum job_end end;  /* FINISH */
    size_t word_count; /* its part of the script's ARGV */
    const char *words[REDIS_ASK_WORDS];
    size_t lens[REDIS_ASK_WORDS];
    size_t text_len;
    char text[]; /* of the words */
};

struct redis_words {
    const char **items;
    size_t *lens;
    size_t count, room;
};

void redis_words_add(struct redis_words *w, const char *text, size_t len);
/* The text must live until the call is made. */
void redis_words_add_text(struct redis_words *w, const char *text);

#define REDIS_NUMBER_MAX 24
void redis_number_format(char text[REDIS_NUMBER_MAX], int64_t number);

struct redis_calls_spec {
    uv_loop_t *loop;
    struct link *link;
    enum redis_script script;
    const char *key; /* the script's only one; borrowed */
    size_t flights;
    size_t asks_most; /* in one call */
    void *ctx;
    /* The words of ARGV before those of the asks; NULL: there are none. */
    void (*head)(void *ctx, const struct redis_ask *first, struct redis_words *words);
    /* To a whole call: `count` asks, linked by next. */
    void (*on_answer)(void *ctx, struct redis_ask *first, size_t count,
                      const struct link_answer *answer);
};

struct redis_calls;

/* With room for `len` bytes of words, which are added with redis_ask_add. */
struct redis_ask *redis_ask_new(void *ctx, size_t len);
void redis_ask_add(struct redis_ask *ask, const char *text, size_t len);
void redis_ask_add_text(struct redis_ask *ask, const char *text);

struct redis_calls *redis_calls_new(const struct redis_calls_spec *spec);
void redis_calls_add(struct redis_calls *c, struct redis_ask *ask);
bool redis_calls_are_done(const struct redis_calls *c);
void redis_calls_free(struct redis_calls *c); /* NULL is fine */

#endif
