/* redis_batch: gathers the requests for one script of a queue into few batches.
 *
 * Shape   closed, except for struct redis_request. A batch is one call of the script. The requests
 *         of one turn of the loop are sent together before the loop waits again. While
 *         `under_way_most` batches are under way, new requests are gathered until one of them is
 *         answered. So a hundred requests at once are a few batches and share their fixed cost.
 * Owner   redis_request_new gives a request to the caller; redis_batcher_add takes it over and
 *         frees it after on_answer. Words are copied. Call redis_batcher_free only when the link is
 *         closed and every batch is answered; it answers the gathered requests as not sent, and
 *         frees the memory some turns of the loop later.
 * Errors  every request is answered once, also without a connection; struct link_answer has the
 *         reason.
 */
#ifndef TARGETS_QUEUE_BULLMQ_BATCH_H
#define TARGETS_QUEUE_BULLMQ_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "targets/queue/broker.h"
#include "targets/queue/bullmq/scripts.h"
#include "targets/redis/link.h"

#define REDIS_REQUEST_WORDS 7

struct redis_request {
    struct redis_request *next;
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
    const char *words[REDIS_REQUEST_WORDS];
    size_t lens[REDIS_REQUEST_WORDS];
    size_t text_len;
    char text[]; /* the bytes of the words */
};

/* A request with room for `len` bytes of words, which redis_request_add copies into it. */
struct redis_request *redis_request_new(void *ctx, size_t len);
void redis_request_add(struct redis_request *request, const char *text, size_t len);
void redis_request_add_text(struct redis_request *request, const char *text);

/* KEYS and ARGV of a batch. */
struct redis_words {
    const char **items;
    size_t *lens;
    size_t count, room;
};

/* The text must live until the batch is sent. */
void redis_words_add(struct redis_words *w, const char *text, size_t len);
void redis_words_add_text(struct redis_words *w, const char *text);

#define REDIS_NUMBER_MAX 24
void redis_number_format(char text[REDIS_NUMBER_MAX], int64_t number);

struct redis_batcher_spec {
    uv_loop_t *loop;
    struct link *link;
    enum redis_script script;
    const char *key;       /* the only one of the script; borrowed */
    size_t under_way_most; /* batches */
    size_t requests_most;  /* in a batch */
    void *ctx;
    /* Adds the words of ARGV that precede those of the requests; NULL: there are none. */
    void (*head)(void *ctx, const struct redis_request *first, struct redis_words *words);
    /* The answer to a batch of `count` requests, which are linked by next. */
    void (*on_answer)(void *ctx, struct redis_request *first, size_t count,
                      const struct link_answer *answer);
};

struct redis_batcher;

struct redis_batcher *redis_batcher_new(const struct redis_batcher_spec *spec);
void redis_batcher_add(struct redis_batcher *b, struct redis_request *request);
bool redis_batcher_is_done(const struct redis_batcher *b); /* nothing is gathered or under way */
void redis_batcher_free(struct redis_batcher *b);          /* NULL is fine */

#endif
