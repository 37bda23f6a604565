#include "targets/queue/bullmq/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BATCH_BYTES_MOST ((size_t)4 << 20) /* of words: others wait while a script runs */

struct redis_batcher {
    struct redis_batcher_spec spec;
    uv_idle_t flush; /* runs once, in the next turn, before the loop waits */
    struct redis_request *first, **last;
    size_t gathered, under_way;
    struct redis_words words; /* of one batch; their memory is used again */
};

struct batch {
    struct redis_batcher *batcher;
    struct redis_request *first;
    size_t count;
};

/* ---- words ---- */

void redis_words_add(struct redis_words *w, const char *text, size_t len)
{
    if (w->count == w->room) {
        w->room = w->room == 0 ? 64 : 2 * w->room;
        w->items = mem_grow((void *)w->items, w->room, sizeof *w->items);
        w->lens = mem_grow(w->lens, w->room, sizeof *w->lens);
    }
    w->items[w->count] = text;
    w->lens[w->count++] = len;
}

void redis_words_add_text(struct redis_words *w, const char *text)
{
    redis_words_add(w, text, strlen(text));
}

void redis_number_format(char text[REDIS_NUMBER_MAX], int64_t number)
{
    (void)snprintf(text, REDIS_NUMBER_MAX, "%lld", (long long)number);
}

struct redis_request *redis_request_new(void *ctx, size_t len)
{
    struct redis_request *request = mem_zalloc(sizeof *request + len);
    request->ctx = ctx;
    return request;
}

void redis_request_add(struct redis_request *request, const char *text, size_t len)
{
    char *at = request->text + request->text_len;
    memcpy(at, text, len);
    request->text_len += len;
    request->words[request->word_count] = at;
    request->lens[request->word_count++] = len;
}

void redis_request_add_text(struct redis_request *request, const char *text)
{
    redis_request_add(request, text, strlen(text));
}

/* ---- batches ---- */

static void answer_batch(const struct batch *batch, const struct link_answer *answer)
{
    const struct redis_batcher_spec *spec = &batch->batcher->spec;
    spec->on_answer(spec->ctx, batch->first, batch->count, answer);
    for (struct redis_request *request = batch->first; request != NULL;) {
        struct redis_request *next = request->next;
        free(request);
        request = next;
    }
}

static void on_flush(uv_idle_t *flush);
static void send_more(struct redis_batcher *b);

static void on_done(void *ctx, const struct link_answer *answer)
{
    struct batch *batch = ctx;
    struct redis_batcher *b = batch->batcher;
    b->under_way--;
    answer_batch(batch, answer);
    free(batch);
    send_more(b);
}

/* Moves the oldest requests into the batch, as many as it may have, and adds their words. */
static void fill_batch(struct redis_batcher *b, struct batch *batch)
{
    size_t bytes = 0;
    struct redis_request **last = &batch->first;
    while (b->first != NULL && batch->count < b->spec.requests_most &&
           (batch->count == 0 || bytes < BATCH_BYTES_MOST)) {
        struct redis_request *request = b->first;
        for (size_t i = 0; i < request->word_count; i++) {
            redis_words_add(&b->words, request->words[i], request->lens[i]);
            bytes += request->lens[i];
        }
        b->first = request->next;
        request->next = NULL;
        *last = request;
        last = &request->next;
        batch->count++;
    }
    if (b->first == NULL)
        b->last = &b->first;
    b->gathered -= batch->count;
}

/* Returns how many requests were in it. */
static size_t send_batch(struct redis_batcher *b)
{
    struct err err;
    struct batch *batch = mem_zalloc(sizeof *batch);
    batch->batcher = b;
    b->words.count = 0;
    redis_words_add_text(&b->words, b->spec.key);
    if (b->spec.head != NULL)
        b->spec.head(b->spec.ctx, b->first, &b->words);
    fill_batch(b, batch);
    const struct link_request r = {.argv = b->words.items,
                                   .argvlen = b->words.lens,
                                   .argc = b->words.count,
                                   .done = on_done,
                                   .ctx = batch};
    size_t count = batch->count;
    b->under_way++;
    if (link_send_script(b->spec.link, (size_t)b->spec.script, 1, &r, &err) == 0)
        return count;
    b->under_way--;
    answer_batch(batch, &(struct link_answer){.end = LINK_NOT_SENT, .text = err.text});
    free(batch);
    return count;
}

static void send_more(struct redis_batcher *b)
{
    if (b->first != NULL && b->under_way < b->spec.under_way_most)
        (void)uv_idle_start(&b->flush, on_flush);
}

/* Without a connection a batch is answered at once, and its callbacks may add requests. These wait
 * for the next turn; a loop that sent them as well might never end. */
static void on_flush(uv_idle_t *flush)
{
    struct redis_batcher *b = flush->data;
    size_t left = b->gathered;
    (void)uv_idle_stop(flush);
    while (left > 0 && b->under_way < b->spec.under_way_most) {
        size_t sent = send_batch(b); /* the last one may have room for some of them, too */
        left = sent < left ? left - sent : 0;
    }
    send_more(b);
}

struct redis_batcher *redis_batcher_new(const struct redis_batcher_spec *spec)
{
    struct redis_batcher *b = mem_zalloc(sizeof *b);
    b->spec = *spec;
    b->last = &b->first;
    (void)uv_idle_init(spec->loop, &b->flush);
    b->flush.data = b;
    return b;
}

void redis_batcher_add(struct redis_batcher *b, struct redis_request *request)
{
    *b->last = request;
    b->last = &request->next;
    b->gathered++;
    send_more(b);
}

bool redis_batcher_is_done(const struct redis_batcher *b)
{
    return b->first == NULL && b->under_way == 0;
}

static void on_closed(uv_handle_t *handle)
{
    struct redis_batcher *b = handle->data;
    free((void *)b->words.items);
    free(b->words.lens);
    free(b);
}

void redis_batcher_free(struct redis_batcher *b)
{
    if (b == NULL)
        return;
    while (b->first != NULL) {
        struct batch batch = {.batcher = b};
        fill_batch(b, &batch);
        answer_batch(&batch,
                     &(struct link_answer){.end = LINK_NOT_SENT, .text = "the broker is closed"});
    }
    uv_close((uv_handle_t *)&b->flush, on_closed);
}
