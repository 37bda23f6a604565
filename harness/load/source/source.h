/* source: what connections send, and which reply to it is right.
 *
 * Shape   one text, the same for each request, or a list of entries (load/source/list.h). The text
 *         is copied as often as a pipeline is deep, so that any number of requests is one write and
 *         none is made on the request path. What is sent of a list depends on the visitor that a
 *         connection is (load/source/visitor.h). An entry that is NULL stands for the text.
 *         The body of a reply is compared piece by piece, as it comes, and not kept. What a
 *         comparison has seen so far is a source_check; there is one for each reply that may be
 *         under way, so one for a connection of HTTP/1.1.
 *         These are the only kinds: no request is taken through a pointer to a function.
 * Units   bytes.
 * Owner   what is told is borrowed. source_init allocates the copies, source_fini frees them; one
 *         thread uses a source. A check is a part of the connection, and borrows the source.
 * Errors  none: a body that differs is for the caller to count.
 */
#ifndef LOAD_SOURCE_SOURCE_H
#define LOAD_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "http/response.h"
#include "load/source/list.h"

struct source_text {
    const char *request; /* the bytes of one request */
    size_t request_len;
    bool is_one_shot; /* it says Connection: close, so each has its own connection */
    enum response_to to;
    const char *expected_body; /* of a 2xx; NULL: bodies are not compared */
    size_t expected_len;
};

struct source {
    struct source_text text;
    char *copies;                   /* of the request, one behind the other */
    const struct source_list *list; /* is sent in place of the text; NULL: the text is sent */
};

struct source_check {
    const struct source_text *text;
    const struct source_entry *entry; /* NULL: the text's */
    size_t matched; /* bytes of the body so far, as long as they are right */
    bool differs;
};

/* At most `most` requests are written at a time. */
void source_init(struct source *s, const struct source_text *text, size_t most);
void source_init_list(struct source *s, const struct source_list *list);
void source_fini(struct source *s);

/* How many bytes n requests have; of the text. */
static inline size_t source_bytes(const struct source *s, uint32_t n)
{
    return n * s->text.request_len;
}

/* The next n requests, which stay where they are; of the text. */
static inline uv_buf_t source_take(const struct source *s, uint32_t n)
{
    return (uv_buf_t){.base = s->copies, .len = source_bytes(s, n)};
}

static inline enum response_to source_reply_to(const struct source *s,
                                               const struct source_entry *entry)
{
    return entry == NULL ? s->text.to : entry->to;
}

/* Each such request ends its connection. */
static inline bool source_is_one_shot(const struct source *s, const struct source_entry *entry)
{
    return entry == NULL ? s->text.is_one_shot : entry->is_one_shot;
}

/* Whether the body of the reply is looked at. */
static inline bool source_wants_body(const struct source *s, const struct source_entry *entry)
{
    return entry == NULL && s->text.expected_body != NULL;
}

/* Begins with the next reply. */
static inline void source_begin(const struct source *s, const struct source_entry *entry,
                                struct source_check *check)
{
    *check = (struct source_check){.text = &s->text, .entry = entry};
}

/* The next piece of its body; its ctx is the check. */
void source_compare(void *check, const char *bytes, size_t len);

/* Has the body of the next reply compared, if one is expected. */
static inline void source_expect(const struct source *s, const struct source_entry *entry,
                                 struct source_check *check, struct response *reply)
{
    if (!source_wants_body(s, entry))
        return;
    source_begin(s, entry, check);
    reply->body = source_compare;
    reply->ctx = check;
}

/* Whether a whole reply is another than what is expected. */
static inline bool source_differs(const struct source *s, const struct source_entry *entry,
                                  const struct source_check *check, int status)
{
    return source_wants_body(s, entry) && status / 100 == 2 &&
           (check->differs || check->matched != s->text.expected_len);
}

#endif
