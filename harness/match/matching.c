#include "match/matching.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "match/digest.h"
#include "match/status_set.h"

#define VALUE_MAX MATCHING_BODY_MAX

static void on_line(void *matching, const char *name, size_t name_len, const char *value,
                    size_t value_len)
{
    matching_header(matching, name, name_len, value, value_len);
}

struct matching *matching_new(struct pattern_room *room)
{
    if (room == NULL)
        return NULL;
    struct matching *m = mem_zalloc(sizeof *m);
    m->room = room;
    buf_init(&m->body, MATCHING_BODY_MAX);
    head_line_init(&m->line, on_line, m);
    return m;
}

void matching_free(struct matching *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->nchecks; i++)
        digest_free(m->checks[i].digest);
    for (size_t i = 0; i < m->nvalues; i++)
        buf_fini(&m->values[i].text);
    free(m->checks);
    free(m->values);
    buf_fini(&m->body);
    head_line_fini(&m->line);
    free(m);
}

/* Room for the largest rule so far. */
static void make_room(struct matching *m, const struct rule *rule)
{
    if (rule->nchecks > m->nchecks) {
        m->checks = mem_grow(m->checks, rule->nchecks, sizeof *m->checks);
        while (m->nchecks < rule->nchecks)
            m->checks[m->nchecks++] = (struct matching_check){0};
    }
    if (rule->ncaptures > m->nvalues) {
        m->values = mem_grow(m->values, rule->ncaptures, sizeof *m->values);
        while (m->nvalues < rule->ncaptures)
            buf_init(&m->values[m->nvalues++].text, VALUE_MAX);
    }
}

static void begin_check(struct matching_check *check, const struct rule_check *of)
{
    *check = (struct matching_check){.digest = check->digest};
    if (of->told->kind != BODY_SHA256)
        return;
    if (check->digest == NULL)
        check->digest = digest_new();
    digest_begin(check->digest);
}

void matching_begin(struct matching *m, const struct rule *rule)
{
    m->rule = rule;
    if (rule == NULL)
        return;
    make_room(m, rule);
    m->body_bytes = 0;
    if (rule->keeps_body)
        buf_clear(&m->body);
    if (rule->wants_headers)
        head_line_begin(&m->line);
    for (size_t i = 0; i < rule->nchecks; i++)
        begin_check(&m->checks[i], &rule->checks[i]);
    for (size_t i = 0; i < rule->ncaptures; i++)
        m->values[i].is_found = false;
}

static void on_piece(void *matching, enum response_part part, const char *bytes, size_t len)
{
    struct matching *m = matching;
    head_line_piece(&m->line, part, bytes, len);
}

void matching_reply(struct matching *m, const struct rule *rule, struct response *reply)
{
    matching_begin(m, rule);
    if (rule == NULL)
        return;
    reply->ctx = m;
    reply->body = rule->wants_body ? matching_body : NULL;
    reply->header = rule->wants_headers ? on_piece : NULL;
}

/* --- as it comes --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void keep_value(struct matching_value *value, const char *from, size_t len)
{
    buf_clear(&value->text);
    buf_add(&value->text, from, len);
    value->is_found = !value->text.overflow;
}

static void keep_trimmed(struct matching_value *value, const char *from, size_t len)
{
    while (len > 0 && is_blank(from[len - 1]))
        len--;
    for (; len > 0 && is_blank(*from); len--)
        from++;
    keep_value(value, from, len);
}

/* Of lines with the same name the first counts. */
void matching_header(struct matching *m, const char *name, size_t name_len, const char *value,
                     size_t value_len)
{
    for (size_t i = 0; i < m->rule->ncaptures; i++) {
        const struct rule_capture *capture = &m->rule->captures[i];
        if (capture->told->from == CAPTURE_HEADER && !m->values[i].is_found &&
            capture->name_len == name_len && strncasecmp(capture->told->what, name, name_len) == 0)
            keep_trimmed(&m->values[i], value, value_len);
    }
}

static void compare(struct matching_check *check, const struct body_check *told, const char *bytes,
                    size_t len)
{
    bool fits = len <= told->len - check->matched;
    if (check->differs || !fits || memcmp(told->text + check->matched, bytes, len) != 0)
        check->differs = true;
    else
        check->matched += len;
}

void matching_body(void *matching, const char *bytes, size_t len)
{
    struct matching *m = matching;
    const struct rule *rule = m->rule;
    m->body_bytes += len;
    if (rule->keeps_body)
        buf_add(&m->body, bytes, len);
    for (size_t i = 0; i < rule->nchecks; i++) {
        const struct rule_check *of = &rule->checks[i];
        if (of->told->kind == BODY_EQUAL)
            compare(&m->checks[i], of->told, bytes, len);
        else if (of->told->kind == BODY_CONTAINS)
            needle_feed(&of->needle, &m->checks[i].seek, bytes, len);
        else if (of->told->kind == BODY_SHA256)
            digest_add(m->checks[i].digest, bytes, len);
    }
}

/* --- at its end --- */

/* Not all of the body was kept, and all of it is needed. */
static bool is_cut(const struct matching *m)
{
    return m->rule->keeps_body && m->body.overflow;
}

static enum matching_verdict verdict_of(bool is_right)
{
    return is_right ? MATCHING_RIGHT : MATCHING_WRONG;
}

static enum matching_verdict search(const struct matching *m, const struct pattern *pattern,
                                    struct pattern_part *part)
{
    static const enum matching_verdict verdicts[] = {[PATTERN_FOUND] = MATCHING_RIGHT,
                                                     [PATTERN_ABSENT] = MATCHING_WRONG,
                                                     [PATTERN_GAVE_UP] = MATCHING_GAVE_UP};
    return verdicts[pattern_find(pattern, m->room, m->body.data, m->body.len, part)];
}

static bool is_digest(const struct matching_check *check, const struct body_check *told)
{
    char text[DIGEST_TEXT];
    digest_end(check->digest, text);
    return strcmp(text, told->text) == 0;
}

static enum matching_verdict end_check(const struct matching *m, size_t i)
{
    const struct rule_check *of = &m->rule->checks[i];
    const struct matching_check *check = &m->checks[i];
    switch (of->told->kind) {
    case BODY_EQUAL:
        return verdict_of(!check->differs && check->matched == of->told->len);
    case BODY_CONTAINS:
        return verdict_of(needle_is_found(&of->needle, &check->seek));
    case BODY_REGEX:
        return search(m, of->pattern, NULL);
    case BODY_SIZE:
        return verdict_of(m->body_bytes == (uint64_t)of->told->size);
    default:
        return verdict_of(is_digest(check, of->told));
    }
}

/* What a capture does not find is missed by the request that needs it; the reply is right. */
static enum matching_verdict end_capture(struct matching *m, size_t i)
{
    const struct rule_capture *capture = &m->rule->captures[i];
    struct matching_value *value = &m->values[i];
    struct pattern_part part = {0};
    if (capture->told->from == CAPTURE_HEADER || is_cut(m))
        return MATCHING_RIGHT; /* what came of the head is there */
    if (capture->told->from == CAPTURE_POINTER) {
        value->is_found = pointer_find(&capture->pointer, m->body.data, m->body.len, &value->text);
        return MATCHING_RIGHT;
    }
    if (search(m, capture->pattern, &part) == MATCHING_GAVE_UP)
        return MATCHING_GAVE_UP;
    if (part.at != NULL)
        keep_value(value, part.at, part.len);
    return MATCHING_RIGHT;
}

static enum matching_verdict end_body(struct matching *m)
{
    for (size_t i = 0; i < m->rule->nchecks; i++) {
        enum matching_verdict verdict = end_check(m, i);
        if (verdict != MATCHING_RIGHT)
            return verdict;
    }
    return MATCHING_RIGHT;
}

/* A status is right if it is in the set; without one all are, and the body of a 2xx is looked at.
 */
static enum matching_verdict end_reply(struct matching *m, int status)
{
    const struct rule *rule = m->rule;
    if (!status_set_has(rule->expect, status))
        return verdict_of(rule->expect->nstatuses == 0);
    if (is_cut(m))
        return MATCHING_TOO_LONG;
    return end_body(m);
}

enum matching_verdict matching_end(struct matching *m, int status)
{
    if (m->rule == NULL)
        return MATCHING_RIGHT;
    if (m->rule->wants_headers)
        head_line_end(&m->line);
    enum matching_verdict verdict = end_reply(m, status);
    for (size_t i = 0; i < m->rule->ncaptures; i++) {
        if (end_capture(m, i) == MATCHING_GAVE_UP)
            verdict = MATCHING_GAVE_UP;
    }
    return verdict;
}
