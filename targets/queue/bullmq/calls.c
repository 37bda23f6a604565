#include "targets/queue/bullmq/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CALL_BYTES_MOST ((size_t)4 << 20) /* of words: a call stops the server for all others */

struct redis_calls {
    struct redis_calls_spec spec;
    uv_idle_t flush; /* once in the turn that comes next, before the loop waits */
    struct redis_ask *first, **last;
    size_t gathered, under_way;
    struct redis_words words; /* kept for its memory */
};

/* A call under way. */
struct flight {
    struct redis_calls *calls;
    struct redis_ask *first;
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

struct redis_ask *redis_ask_new(void *ctx, size_t len)
{
    struct redis_ask *ask = mem_zalloc(sizeof *ask + len);
    ask->ctx = ctx;
    return ask;
}

void redis_ask_add(struct redis_ask *ask, const char *text, size_t len)
{
    char *at = ask->text + ask->text_len;
    memcpy(at, text, len);
    ask->text_len += len;
    ask->words[ask->word_count] = at;
    ask->lens[ask->word_count++] = len;
}

void redis_ask_add_text(struct redis_ask *ask, const char *text)
{
    redis_ask_add(ask, text, strlen(text));
}

/* ---- calls ---- */

static void answer(struct redis_calls *c, const struct flight *f, const struct link_answer *a)
{
    c->spec.on_answer(c->spec.ctx, f->first, f->count, a);
    for (struct redis_ask *ask = f->first; ask != NULL;) {
        struct redis_ask *next = ask->next;
        free(ask);
        ask = next;
    }
}

static void on_flush(uv_idle_t *flush);
static void send_more(struct redis_calls *c);

static void on_done(void *ctx, const struct link_answer *a)
{
    struct flight *f = ctx;
    struct redis_calls *c = f->calls;
    c->under_way--;
    answer(c, f, a);
    free(f);
    send_more(c);
}

/* Takes the oldest, as many as go into one call, and adds their words. */
static void take_off(struct redis_calls *c, struct flight *f)
{
    size_t bytes = 0;
    struct redis_ask **last = &f->first;
    while (c->first != NULL && f->count < c->spec.asks_most &&
           (f->count == 0 || bytes < CALL_BYTES_MOST)) {
        struct redis_ask *ask = c->first;
        for (size_t i = 0; i < ask->word_count; i++) {
            redis_words_add(&c->words, ask->words[i], ask->lens[i]);
            bytes += ask->lens[i];
        }
        c->first = ask->next;
        ask->next = NULL;
        *last = ask;
        last = &ask->next;
        f->count++;
    }
    if (c->first == NULL)
        c->last = &c->first;
    c->gathered -= f->count;
}

/* How many asks it holds. */
static size_t send_call(struct redis_calls *c)
{
    struct err err;
    struct flight *f = mem_zalloc(sizeof *f);
    f->calls = c;
    c->words.count = 0;
    redis_words_add_text(&c->words, c->spec.key);
    if (c->spec.head != NULL)
        c->spec.head(c->spec.ctx, c->first, &c->words);
    take_off(c, f);
    const struct link_question q = {.argv = c->words.items,
                                    .argvlen = c->words.lens,
                                    .argc = c->words.count,
                                    .done = on_done,
                                    .ctx = f};
    size_t count = f->count;
    c->under_way++;
    if (link_script(c->spec.link, (size_t)c->spec.script, 1, &q, &err) == 0)
        return count;
    c->under_way--;
    answer(c, f, &(struct link_answer){.end = LINK_NOT_SENT, .text = err.text});
    free(f);
    return count;
}

static void send_more(struct redis_calls *c)
{
    if (c->first != NULL && c->under_way < c->spec.flights)
        (void)uv_idle_start(&c->flush, on_flush);
}

/* What an answer brings about is gathered as well and goes in the turn to come: when there is no
 * connection, an answer comes at once. */
static void on_flush(uv_idle_t *flush)
{
    struct redis_calls *c = flush->data;
    size_t left = c->gathered;
    (void)uv_idle_stop(flush);
    while (left > 0 && c->under_way < c->spec.flights) {
        size_t sent = send_call(c); /* what its answer brought about may be in it, too */
        left = sent < left ? left - sent : 0;
    }
    send_more(c);
}

struct redis_calls *redis_calls_new(const struct redis_calls_spec *spec)
{
    struct redis_calls *c = mem_zalloc(sizeof *c);
    c->spec = *spec;
    c->last = &c->first;
    (void)uv_idle_init(spec->loop, &c->flush);
    c->flush.data = c;
    return c;
}

void redis_calls_add(struct redis_calls *c, struct redis_ask *ask)
{
    *c->last = ask;
    c->last = &ask->next;
    c->gathered++;
    send_more(c);
}

bool redis_calls_are_done(const struct redis_calls *c)
{
    return c->first == NULL && c->under_way == 0;
}

static void on_closed(uv_handle_t *handle)
{
    struct redis_calls *c = handle->data;
    free((void *)c->words.items);
    free(c->words.lens);
    free(c);
}

void redis_calls_free(struct redis_calls *c)
{
    if (c == NULL)
        return;
    while (c->first != NULL) {
        struct flight f = {.calls = c};
        take_off(c, &f);
        answer(c, &f, &(struct link_answer){.end = LINK_NOT_SENT, .text = "the broker is closed"});
    }
    uv_close((uv_handle_t *)&c->flush, on_closed);
}
