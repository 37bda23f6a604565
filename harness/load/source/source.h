/* source: what connections send, and which reply to it is right.
 *
 * Shape   one text, the same for each request, or a list of entries (load/source/list.h). The text
 *         is copied as often as a pipeline is deep, so that any number of requests is one write and
 *         none is made on the request path. What is sent of a list depends on the visitor that a
 *         connection is (load/source/visitor.h). An entry that is NULL stands for the text.
 *         These are the only kinds: no request is taken through a pointer to a function.
 * Units   bytes.
 * Owner   what is told is borrowed. source_init allocates the copies, source_fini frees them; one
 *         thread uses a source.
 * Errors  none.
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
    const struct rule *rule; /* of its replies; NULL: any is right */
};

struct source {
    struct source_text text;
    char *copies;                   /* of the request, one behind the other */
    const struct source_list *list; /* is sent in place of the text; NULL: the text is sent */
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

/* What its reply must be; NULL: any is right. */
static inline const struct rule *source_rule(const struct source *s,
                                             const struct source_entry *entry)
{
    return entry == NULL ? s->text.rule : entry->rule;
}

/* Some of the replies have to be matched. */
static inline bool source_has_rules(const struct source *s)
{
    return s->list == NULL ? s->text.rule != NULL : s->list->has_rules;
}

#endif
